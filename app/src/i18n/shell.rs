//! Texts of header and navigation.

texts! {
    /// Header and navigation.
    pub struct Shell {
        product: "APIRequestWeb 用户控制台", "APIRequestWeb Console";
        product_short: "APIRequestWeb", "APIRequestWeb";
        subtitle: "管理您的异步任务", "Manage your async tasks";
        welcome: "欢迎, {username}", "Welcome, {username}";
        skip: "跳到主要内容", "Skip to the content";
        navigation: "主导航", "Main navigation";
        open_navigation: "打开导航", "Open navigation";
        group_tasks: "任务", "Tasks";
        group_account: "账户", "Account";
        group_administration: "管理", "Administration";
        tasks: "异步任务列表", "Asynchronous tasks";
        new_task: "创建任务", "Create task";
        group_api: "接口", "API";
        apis: "API 接口", "APIs";
        logs: "API 请求记录", "API request logs";
        admin_custom_apis: "自定义接口", "Custom APIs";
        profile: "个人中心", "Personal centre";
        available: "可用点数", "Available";
        held: "冻结 {n}", "{n} held";
        held_none: "无冻结点数", "Nothing held";
        balance_title: "可用 {available} 点，冻结 {held} 点", "{available} points available, {held} held";
        account_menu: "账户菜单", "Account menu";
        log_out: "退出登录", "Log out";
        language: "语言", "Language";
        switch_language: "English", "中文";
        theme: "主题", "Theme";
        theme_light: "浅色", "Light";
        theme_dark: "深色", "Dark";
        theme_auto: "跟随系统", "System";
        live: "实时连接", "Live connection";
        live_open: "实时更新已连接", "Live updates are on";
        live_connecting: "正在连接实时更新", "Connecting to live updates";
        live_lost: "实时更新已断开，正在重连", "Live updates are interrupted, reconnecting";
        live_short_open: "实时", "Live";
        live_short_connecting: "连接中", "Connecting";
        live_short_lost: "已断开", "Offline";
        role_admin: "管理员", "Administrator";
        role_user: "用户", "User";
        crash: "页面遇到错误，请重新加载。", "This page hit an error. Please reload.";
        not_found_title: "页面不存在", "Page not found";
        not_found_text: "您访问的地址不存在，可能已被移动或删除。", "There is nothing at this address. It may have moved or been removed.";
        not_found_back: "返回任务列表", "Back to the tasks";
        tasks_ended: "{n} 个任务已完成：{ok} 成功，{bad} 失败", "{n} tasks ended: {ok} succeeded, {bad} failed";
        task_succeeded: "任务 #{id} 已成功", "Task {id} succeeded";
        task_failed: "任务 #{id} 已失败", "Task {id} failed";
        webhook_disabled: "Webhook“{name}”已被自动停用", "The webhook “{name}” was switched off";
        low_balance: "可用点数仅剩 {available}，低于提醒值 {threshold}。", "Only {available} points are available, less than your threshold of {threshold}.";
        go_to_recharge: "去充值", "Recharge";
        dashboard: "用户仪表盘", "Dashboard";
        recharge: "点数充值", "Recharge points";
        ledger: "点数流水", "Points ledger";
        admin_overview: "运行概览", "Overview";
        admin_users: "用户管理", "Users";
        admin_tasks: "全部任务", "All tasks";
        admin_recharge: "充值管理", "Recharges";
        admin_codes: "兑换码", "Redemption codes";
        admin_announcements: "公告管理", "Announcements";
        admin_settings: "系统设置", "System settings";
        admin_audit: "审计日志", "Audit log";
        features: "功能管理", "Features";
        rules: "规则管理", "Rules";
        channels: "渠道管理", "Channels";
        admin_deliveries: "Webhook 推送", "Webhook deliveries";
        notices: "公告", "Announcements";
        dismiss_notice: "关闭公告“{title}”", "Put “{title}” away";
    }
}
