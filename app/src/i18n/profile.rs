//! Texts of the personal centre.

texts! {
    /// The personal centre.
    pub struct Profile {
        title: "个人中心", "Personal centre";
        lead: "管理 API 密钥、登录会话与密码。", "Manage API keys, sessions and your password.";
        tab_keys: "API 密钥", "API keys";
        tab_sessions: "登录会话", "Sessions";
        tab_password: "修改密码", "Password";

        keys_title: "API 密钥", "API keys";
        keys_lead: "密钥用于脚本与程序调用接口。请像密码一样保管，泄露后立即吊销。", "Keys let scripts and programs call the API. Treat them like passwords and revoke one that leaked.";
        new_key: "新建密钥", "New key";
        key_name: "名称", "Name";
        key_name_help: "便于日后辨认，例如“订单同步脚本”。", "To recognise it later, for example “order sync script”.";
        key_scopes: "权限范围", "Scopes";
        key_scopes_help: "至少选择一项；按需授权。", "Choose at least one, and no more than it needs.";
        scope_tasks_read: "读取任务：查看功能、任务与点数", "Read tasks: look at features, tasks and points";
        scope_tasks_write: "操作任务：提交、编辑、取消、重试、删除", "Write tasks: submit, edit, cancel, retry, delete";
        scope_account: "账户：管理密钥与会话", "Account: manage keys and sessions";
        scope_admin: "管理：执行管理员操作", "Admin: everything an administrator may do";
        key_expiry: "有效期", "Expiry";
        expiry_never: "永不过期", "Never";
        expiry_7: "7 天", "7 days";
        expiry_30: "30 天", "30 days";
        expiry_90: "90 天", "90 days";
        expiry_365: "1 年", "1 year";
        key_addresses: "允许的地址", "Allowed addresses";
        key_addresses_help: "每行一个 IP 或网段，例如 203.0.113.7 或 10.0.0.0/8；留空表示不限。", "One IP or network per line, for example 203.0.113.7 or 10.0.0.0/8. Empty means any.";
        key_allow_query: "允许通过 ?api_key= 传递", "Allow ?api_key= in the address";
        key_allow_query_help: "地址可能出现在浏览器历史与代理日志中，建议使用请求头。", "Addresses end up in histories and proxy logs. A header is better.";
        create_key: "创建密钥", "Create key";
        secret_title: "密钥已创建", "Key created";
        secret_once: "请立即复制并妥善保存，关闭后将无法再次查看完整密钥。", "Copy it now and keep it safe. It cannot be shown again after you close this.";
        secret_label: "密钥", "Key";
        secret_done: "我已保存", "I have saved it";
        key_prefix: "密钥", "Key";
        key_last_used: "最近使用", "Last used";
        key_never_used: "从未使用", "Never used";
        key_expires: "过期时间", "Expires";
        key_active: "有效", "Active";
        key_expired: "已过期", "Expired";
        key_revoked: "已吊销", "Revoked";
        key_any_address: "不限", "Any";
        key_revoke: "吊销", "Revoke";
        key_revoke_title: "吊销密钥", "Revoke key";
        key_revoke_text: "吊销后使用“{name}”的程序将立即无法访问，且不可恢复。", "Programs that use “{name}” lose access at once. This cannot be undone.";
        key_revoked_done: "密钥已吊销", "Key revoked";
        keys_empty: "还没有 API 密钥", "No API keys yet";
        keys_empty_text: "创建一个密钥，即可从命令行或程序提交任务。", "Create one to submit tasks from a shell or a program.";

        sessions_title: "登录会话", "Sessions";
        sessions_lead: "这些浏览器已登录您的账号。发现陌生会话请立即吊销并修改密码。", "These browsers are logged in to your account. Revoke any you do not know and change your password.";
        session_browser: "浏览器", "Browser";
        session_address: "地址", "Address";
        session_created: "登录时间", "Logged in";
        session_last_used: "最近活动", "Last active";
        session_expires: "到期时间", "Expires";
        session_current: "当前会话", "This session";
        session_revoke: "吊销", "Revoke";
        session_revoke_title: "吊销会话", "Revoke session";
        session_revoke_text: "该浏览器将立即退出登录。", "That browser is logged out at once.";
        session_revoked_done: "会话已吊销", "Session revoked";
        revoke_others: "吊销其他所有会话", "Revoke all others";
        revoke_others_text: "除当前浏览器外，其他所有会话都将退出登录。", "Every browser except this one is logged out.";
        revoke_others_done: "已吊销 {n} 个会话", "{n} sessions revoked";
        unknown_browser: "未知客户端", "Unknown client";

        password_title: "修改密码", "Change password";
        password_lead: "修改后，其他浏览器上的会话将全部退出登录。", "Changing it logs out every other browser.";
        password_old: "当前密码", "Present password";
        password_new: "新密码", "New password";
        password_repeat: "再次输入新密码", "New password again";
        password_old_wrong: "当前密码不正确。", "The present password is wrong.";
        password_mismatch: "两次输入的新密码不一致。", "The two new passwords differ.";
        password_change: "修改密码", "Change password";
        password_changed: "密码已修改，其他会话已退出登录", "Password changed; other sessions are logged out";
    }
}
