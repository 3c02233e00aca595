//! Texts of the administration of users and of all tasks.

texts! {
    /// Users and invitations.
    pub struct Users {
        lead: "创建账号、调整权限与限额、重置密码、停用账号。", "Make accounts, set roles and limits, reset passwords, keep people out.";
        tab_users: "用户", "Users";
        tab_invitations: "邀请码", "Invitations";
        new: "新建用户", "New user";
        search: "搜索用户名或编号", "Search by name or number";
        any_role: "全部角色", "Any role";
        any_state: "全部状态", "Any state";
        role: "角色", "Role";
        role_user: "普通用户", "User";
        role_admin: "管理员", "Administrator";
        state: "状态", "State";
        enabled: "正常", "Enabled";
        disabled: "已停用", "Disabled";
        balance: "可用点数", "Available";
        held: "冻结点数", "Held";
        tasks: "任务数", "Tasks";
        limits: "限额", "Limits";
        no_limits: "系统默认", "The system's";
        parallel_short: "并发 {n}", "{n} parallel";
        rate_short: "{n} 次/分", "{n} per min";
        password: "初始密码", "Password";
        password_help: "留空则自动生成一次性显示的密码。", "Leave it empty to have one made and shown once.";
        created: "用户已创建", "User created";
        temporary_title: "临时密码", "Temporary password";
        temporary_for: "用户 {name} 的密码：", "The password of {name}:";

        id: "编号", "Number";
        account: "账户", "Account";
        see_tasks: "查看任务", "Tasks";
        see_audit: "变更记录", "Changes";
        disable: "停用", "Disable";
        disable_title: "停用用户", "Disable user";
        disable_text: "{name} 将立即退出登录，密钥被拒绝；已提交的任务会继续执行。", "{name} is logged out at once and the keys are refused. Tasks that were submitted go on.";
        enable: "启用", "Enable";
        enabled_done: "用户已启用", "User enabled";
        disabled_done: "用户已停用", "User disabled";
        promote: "设为管理员", "Make administrator";
        promote_title: "设为管理员", "Make administrator";
        promote_text: "{name} 将可以管理全部用户、任务与设置。", "{name} will manage all users, tasks and settings.";
        demote: "设为普通用户", "Make user";
        demote_title: "取消管理员", "Make user";
        demote_text: "{name} 将失去管理权限。", "{name} will no longer be an administrator.";
        role_done: "角色已修改", "Role changed";
        reset: "重置密码", "Reset password";
        reset_title: "重置密码", "Reset password";
        reset_text: "将为 {name} 生成临时密码，并结束其全部会话。", "A temporary password is made for {name}, and all sessions end.";
        own_limits: "单独限额", "Own limits";
        own_limits_lead: "留空使用系统设置。修改立即生效。", "Empty means the system's. Changes count at once.";
        max_parallel: "最大并发任务数", "Parallel tasks at most";
        max_parallel_help: "每个节点同时执行的任务数，1 至 10,000。", "Attempts in flight on each node, 1 to 10,000.";
        requests: "每分钟请求数", "Requests a minute";
        requests_help: "该用户全部密钥与会话合计，1 至 1,000,000。", "Over all keys and sessions of the user, 1 to 1,000,000.";
        limits_saved: "限额已保存", "Limits saved";
        sessions: "登录会话", "Sessions";
        sessions_empty: "没有登录会话", "No sessions";
        end_sessions: "结束全部会话", "End all sessions";
        end_sessions_text: "{name} 将在所有浏览器上退出登录。", "{name} is logged out everywhere.";
        sessions_ended: "已结束 {n} 个会话", "{n} sessions ended";
        keys: "API 密钥", "API keys";
        keys_empty: "没有 API 密钥", "No API keys";
        reset_totp: "重置两步验证", "Reset two-step verification";
        reset_totp_text: "{name} 之后仅凭密码即可登录。", "{name} then logs in with the password alone.";
        totp_reset: "两步验证已重置", "Two-step verification reset";
        revoke_keys: "吊销全部密钥", "Revoke all keys";
        revoke_keys_text: "使用 {name} 密钥的程序将立即无法访问，且不可恢复。", "Programs that use keys of {name} lose access at once. This cannot be undone.";
        keys_revoked: "已吊销 {n} 个密钥", "{n} keys revoked";

        invitations_lead: "“邀请注册”开启时，持有邀请码的人可以自行注册。", "While registration is by invitation, whoever has a code can register.";
        invite: "新建邀请码", "New invitation";
        note: "备注", "Note";
        note_help: "便于日后辨认，例如“设计组”。", "To recognise it later, for example “the design team”.";
        max_uses: "可用次数", "Uses";
        expiry: "有效期", "Expiry";
        code: "邀请码", "Code";
        code_title: "邀请码已创建", "Invitation created";
        link: "注册链接", "Link for registering";
        uses: "已用 / 可用", "Used";
        by: "创建人", "Made by";
        revoke: "撤销", "Withdraw";
        revoke_title: "撤销邀请码", "Withdraw invitation";
        revoke_text: "邀请码 {code}… 将立即失效。", "The code {code}… stops working at once.";
        revoked: "邀请码已撤销", "Invitation withdrawn";
        used_up: "已用完", "Used up";
        invitations_empty: "还没有邀请码", "No invitations yet";
        invitations_empty_text: "创建一个邀请码，发给需要注册的人。", "Make one and send it to who should register.";
    }
}

texts! {
    /// Tasks of all users.
    pub struct AllTasks {
        lead: "所有用户的任务。可重新排队、置为失败并退还冻结的点数、或取消。", "Everybody's tasks. Put them back into the queue, fail them with held points given back, or cancel them.";
        detail: "任务（管理）", "Task (administration)";
        user: "用户", "User";
        user_help: "用户名或编号", "User name or number";
        channel: "渠道", "Channel";
        any_channel: "全部渠道", "Any channel";
        requeue: "重新排队", "Requeue";
        fail: "置为失败", "Fail";
        cancel: "取消任务", "Cancel";
        ask_requeue: "将把 {n} 个任务重新排队：已结束的按当前价格重新冻结点数；等待中或执行中的放弃当前调用并重新提交上游。", "{n} tasks go back into the queue: ended ones with points held anew at the present price, living ones with their present call given up and made again.";
        ask_fail: "将把 {n} 个任务置为失败，冻结的点数退还给用户；已扣除的点数不退，可在充值管理中补回。", "{n} tasks end as failed, and held points go back to their owners; what was taken stays taken, and can be given back by a recharge.";
        ask_cancel: "将取消 {n} 个任务，冻结的点数退还给用户。", "{n} tasks are cancelled, and held points go back to their owners.";
        reason: "原因", "Reason";
        reason_help: "写入任务的错误信息与审计日志，用户可见。", "Stands in the task's error and in the audit log; the owner sees it.";
        done_requeue: "已重新排队 {n} 个任务", "{n} tasks are in the queue again";
        done_fail: "已置为失败 {n} 个任务", "{n} tasks failed";
        done_cancel: "已取消 {n} 个任务", "{n} tasks cancelled";
        refused: "{n} 个任务未处理", "{n} tasks were left alone";
        empty: "还没有任务", "No tasks yet";
        empty_text: "用户提交的任务会显示在这里。", "What users submit shows up here.";
        owner: "所属用户", "Owner";
        selected_actions: "对所选任务的操作", "What to do with the selected tasks";
    }
}
