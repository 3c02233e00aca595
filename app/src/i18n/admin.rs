//! Texts of the administration: overview, audit log, announcements.

texts! {
    /// What the pages of the administration share.
    pub struct Admin {
        from: "开始时间", "From";
        until: "结束时间", "Until";
        export: "导出 CSV", "Export CSV";
        apply: "筛选", "Filter";
        clear: "清除筛选", "Clear filters";
        no_match: "没有符合条件的记录", "Nothing matches";
        no_match_text: "试试放宽筛选条件，或清除全部筛选。", "Try fewer filters, or clear them all.";
        copy_now: "请立即复制并妥善保存，关闭后将无法再次查看。", "Copy it now and keep it safe. It cannot be shown again after you close this.";
        done: "我已保存", "I have saved it";
        local_time: "按浏览器所在时区填写。", "In the time zone of your browser.";
        system: "系统", "System";
    }
}

texts! {
    /// The overview.
    pub struct Overview {
        lead: "队列、渠道与节点的实时状态，每 5 秒刷新。", "Queue, channels and nodes as they are now, refreshed every 5 seconds.";
        queued: "排队中", "Queued";
        oldest: "最久已等 {t}", "The oldest has waited {t}";
        queue_empty: "无等待任务", "Nothing waits";
        running: "执行中", "Running";
        lost: "{n} 个租约已过期", "{n} leases have run out";
        leases_good: "租约正常", "Leases are fine";
        waiting: "等待上游", "Waiting for upstream";
        waiting_hint: "已被上游受理", "Accepted upstream";
        retry_wait: "等待重试", "Waiting to retry";
        retry_hint: "到时自动重试", "Tried again when due";
        submitted_rate: "提交速率", "Submitted";
        attempts_rate: "调用速率", "Attempts";
        per_minute: "每分钟", "per minute";
        no_rate: "启动后 20 秒内可见", "Known 20 seconds after the start";
        at_least: "{n}+", "{n}+";
        history: "近 10 分钟", "The last 10 minutes";
        history_empty: "正在收集数据，稍候片刻。", "Collecting; come back in a moment.";
        history_label: "近 10 分钟每 10 秒的提交数与调用数", "Tasks submitted and attempts ended in each 10 seconds of the last 10 minutes";
        peak: "峰值 {n} / 10 秒", "Peak {n} in 10 s";
        submitted: "提交", "Submitted";
        attempts: "调用", "Attempts";
        channels: "渠道", "Channels";
        channels_hint: "执行数为当前节点的并发调用。", "Running counts the calls of the node that answers.";
        channels_empty: "还没有渠道", "No channels yet";
        channel_off: "已自动停用", "Out of use";
        channel: "渠道", "Channel";
        platform: "平台", "Platform";
        load: "执行 / 上限", "Running / limit";
        accepted: "等待上游", "Waiting for upstream";
        nodes: "节点", "Nodes";
        nodes_empty: "当前没有节点持有租约。", "No node holds a lease now.";
        node: "节点", "Node";
        this_node: "当前节点", "This node";
        leases: "租约", "Leases";
        database: "数据库", "Database";
        database_total: "合计 {size}", "{size} in all";
        facts: "系统", "System";
        version: "版本", "Version";
        started: "启动时间", "Started";
        runs_tasks: "执行任务", "Runs tasks";
        users: "用户", "Users";
        users_enabled: "{n} 个，其中 {m} 个可登录", "{n}, of which {m} may log in";
        all_tasks: "任务总数", "Tasks in all";
        succeeded: "成功", "Succeeded";
        failed: "失败", "Failed";
        cancelled: "已取消", "Cancelled";
        living: "未结束", "Not ended";
        pages: "管理入口", "Where to go";
    }
}

texts! {
    /// The audit log.
    pub struct Audit {
        lead: "管理员的每一次变更：谁、何时、从哪里、改了什么。只增不改。", "Every change of an administrator: who, when, from where, and what it was before. Entries are only ever added.";
        time: "时间", "Time";
        actor: "操作人", "Who";
        actor_help: "用户名或编号", "Name or number";
        address: "来源地址", "From";
        action: "操作", "Action";
        any_action: "全部操作", "Any action";
        target: "对象", "Target";
        target_help: "例如 user:12", "For example user:12";
        changes: "变更内容", "Changes";
        no_changes: "无字段变更", "No fields";
        changed_fields: "{n} 个字段", "{n} fields";
        one_field: "1 个字段", "1 field";
        empty: "还没有管理操作", "Nothing was changed yet";
        empty_text: "管理员的操作会记录在这里。", "What administrators do shows up here.";
        thing_user: "用户", "Users";
        thing_task: "任务", "Tasks";
        thing_settings: "系统设置", "Settings";
        thing_announcement: "公告", "Announcements";
        thing_invitation: "邀请", "Invitations";
        thing_feature: "功能", "Features";
        thing_rule: "规则", "Rules";
        thing_channel: "渠道", "Channels";
        thing_catalog: "目录文件", "Catalog file";
        thing_points: "点数", "Points";
    }
}

texts! {
    /// Announcements: their administration, and what everybody sees of them.
    pub struct Announcements {
        lead: "在所有用户的控制台顶部显示通知。", "Shown at the top of everybody's console.";
        new: "发布公告", "New announcement";
        edit: "编辑公告", "Edit announcement";
        title: "标题", "Title";
        title_help: "一行，最多 120 个字符。", "One line, at most 120 characters.";
        body: "正文", "Text";
        body_help: "纯文本，保留换行。", "Plain text; line breaks are kept.";
        level: "级别", "Level";
        level_info: "信息", "Info";
        level_success: "好消息", "Good news";
        level_warning: "提醒", "Warning";
        level_critical: "严重", "Critical";
        starts: "开始显示", "Shown from";
        starts_help: "留空表示立即。", "Empty means at once.";
        ends: "结束显示", "Shown until";
        ends_help: "留空表示一直显示。", "Empty means without end.";
        dismissible: "允许用户关闭", "People may put it away";
        dismissible_help: "关闭后不再对该用户显示；修改标题或正文会重新显示。", "It is not shown to them again, unless its text changes.";
        publish: "发布", "Publish";
        published: "公告已发布", "Announcement published";
        saved: "公告已保存", "Announcement saved";
        deleted: "公告已删除", "Announcement deleted";
        delete_title: "删除公告", "Delete announcement";
        delete_text: "将删除公告“{title}”，所有用户都不再看到它。", "“{title}” will be gone for everybody.";
        empty: "还没有公告", "No announcements yet";
        empty_text: "发布一条公告，它会显示在所有用户的控制台顶部。", "Publish one, and it shows up at the top of everybody's console.";
        state: "状态", "State";
        showing: "显示中", "Showing";
        planned: "未开始", "Not yet";
        over: "已结束", "Over";
        dismissals: "关闭人数", "Put away by";
        period: "显示时间", "Shown";
    }
}
