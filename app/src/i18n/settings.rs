//! Texts of the system settings and of registration.

texts! {
    /// System settings.
    pub struct Settings {
        lead: "保存后立即生效，其他节点在 2 秒内生效，无需重启。", "In force as soon as they are saved, and within 2 seconds on other nodes. No restart.";
        save: "保存设置", "Save settings";
        saved: "设置已保存", "Settings saved";
        changed_elsewhere: "其他管理员刚刚修改了设置，请重新加载后再改。", "Another administrator has changed the settings meanwhile. Load them again before you change them.";
        unsaved: "有未保存的修改", "There are changes that are not saved";
        as_configured: "跟随配置文件（{value}）", "As configured ({value})";
        default_is: "留空则跟随配置文件：{value}", "Empty means as configured: {value}";
        on: "开启", "On";
        off: "关闭", "Off";
        unlimited: "不限", "no limit";

        group_site: "站点", "Site";
        site_name: "站点名称", "Site name";
        site_name_help: "显示在页头与网页标题中；留空使用产品名。", "Shown in the header and in page titles. Empty means the product's name.";
        recharge_content: "充值说明", "Recharge instructions";
        recharge_content_help: "显示在“点数充值”页面，支持 Markdown。", "Shown on the recharge page, as Markdown.";

        low_balance_default: "新用户的余额提醒阈值", "Low-balance notice of new users";
        low_balance_default_help: "可用点数低于此值时提醒用户；留空或 0 表示不提醒，用户可自行修改。", "They are told when fewer points are left. Empty or 0 means never; everybody can change their own.";

        group_registration: "注册", "Registration";
        registration: "谁可以注册", "Who may register";
        registration_help: "邀请码在“用户管理 → 邀请码”中创建。", "Invitations are made at Users → Invitations.";
        registration_closed: "关闭：仅管理员创建账号", "Closed: administrators make accounts";
        registration_invitation: "凭邀请码注册", "By invitation";
        registration_open: "开放注册", "Open to everybody";

        group_access: "接口访问", "Access";
        api_key_in_query: "允许 ?api_key= 参数", "Allow ?api_key= in the address";
        api_key_in_query_help: "关闭后只接受请求头中的密钥；每个密钥也可单独关闭。", "When off, only keys in headers are accepted. Each key can refuse it too.";
        request_limit_per_minute: "每分钟请求数", "Requests a minute";
        request_limit_per_minute_help: "每个密钥或用户会话的上限；0 表示不限。", "For each key, or for a user's sessions. 0 means no limit.";
        max_parallel_per_user: "单用户最大并发任务数", "Parallel tasks of one user";
        max_parallel_per_user_help: "每个节点同时执行的任务数；0 表示不限。", "Attempts in flight on a node. 0 means no limit.";

        group_tasks: "任务重试", "Retries";
        default_interval_seconds: "默认重试间隔（秒）", "Seconds between attempts";
        default_interval_seconds_help: "任务、功能与规则都未设置时使用。", "Where neither task nor feature nor rule says otherwise.";
        min_interval_seconds: "最小重试间隔（秒）", "The smallest interval, in seconds";
        min_interval_seconds_help: "任务不能设置更小的间隔。", "No task may ask for less.";

        group_retention: "数据保留", "Retention";
        task_retention_days: "已结束任务保留天数", "Days that ended tasks are kept";
        attempt_retention_days: "尝试记录保留天数", "Days that attempts are kept";
        webhook_retention_days: "Webhook 推送记录保留天数", "Days that deliveries to webhooks are kept";
        webhook_retention_help: "自推送结束起计算。", "Counted from the end of a delivery.";
        request_log_days: "请求记录保留天数", "Days that request logs are kept";
        request_log_megabytes: "请求记录最大占用（MB）", "Megabytes that request logs may take";
        request_log_body_bytes: "请求记录正文上限（字节）", "Bytes of a body that are kept";
        request_log_help: "默认 30 天、4096 MB、每个正文 16384 字节；0 表示不限，正文为 0 时不保存。", "By default 30 days, 4,096 MB, 16,384 bytes. 0 means no limit, or no bodies.";
        retention_help: "留空表示永久保留；点数流水不受影响。", "Empty means for ever. Movements of points stay.";

        group_outbound: "出站访问", "Outbound connections";
        outbound_allow: "允许访问的内网地址", "Special networks that may be reached";
        outbound_allow_help: "每行一个，例如 10.0.0.0/8:* 或 127.0.0.1/32:8080；公网地址无需填写。", "One per line, such as 10.0.0.0/8:* or 127.0.0.1/32:8080. The public internet needs no entry.";
        outbound_configured: "配置文件已允许：{value}", "Allowed by the configuration already: {value}";
    }
}

texts! {
    /// The registration page.
    pub struct Registration {
        lead: "创建账号后即可使用控制台。", "Make an account and use the console at once.";
        code: "邀请码", "Invitation code";
        code_help: "由管理员提供。", "The administrator gives you one.";
        submit: "注册并登录", "Register and log in";
        have_account: "已有账号？", "Already have an account?";
        code_wrong: "邀请码无效、已用完或已过期。", "This invitation code is not valid, or no longer.";
    }
}
