//! Texts of webhooks and their deliveries.

use model::webhooks::{DeliveryStatus, DisabledReason, WebhookEvent, WebhookKind};

texts! {
    /// Webhooks and their deliveries.
    pub struct Webhooks {
        lead: "事件发生时，将消息推送到您的程序或聊天机器人。", "When something happens, your program or a chat robot is told.";
        add: "新增 Webhook 配置", "New webhook";
        empty: "暂无 Webhook 配置", "No webhooks yet";
        empty_text: "新增一个配置，任务完成后即可自动收到推送。", "Add one, and you are told when a task ends.";
        name: "名称", "Name";
        name_help: "便于辨认，例如“生产环境回调”。", "To recognise it, for example “production callback”.";
        kind: "类型", "Kind";
        url: "URL", "URL";
        url_help: "公网可访问的 http 或 https 地址。", "A public http or https address.";
        signing_secret: "加签密钥", "Signing secret";
        signing_secret_help: "机器人安全设置中的“加签 / 签名校验”密钥；未启用则留空。", "The secret of the robot's security settings; leave it empty if signing is off there.";
        signing_secret_kept: "留空则保持不变。", "Empty leaves it as it is.";
        signing_secret_remove: "移除已保存的加签密钥", "Remove the stored signing secret";
        events: "事件", "Events";
        events_help: "至少选择一项。", "Choose at least one.";
        all_tasks: "接收所有任务的事件", "Every task's events";
        all_tasks_help: "关闭时，仅推送创建或编辑时选择了此渠道的任务。", "Switched off, only tasks that chose it are pushed.";
        scope: "推送范围", "Pushed tasks";
        scope_all: "所有任务", "Every task";
        scope_chosen: "仅选择了它的任务", "Tasks that chose it";
        language: "消息语言", "Language of messages";
        headers: "自定义请求头", "Custom headers";
        headers_help: "每行一个，例如 X-Token: abc。保存后不再显示值；保留 •••••• 即不改变。", "One per line, for example X-Token: abc. Values are not shown again; leaving •••••• keeps one.";
        headers_bad: "每行应为“名称: 值”。", "Each line must be “Name: value”.";
        state: "状态", "Status";
        created: "Webhook 配置已创建", "Webhook created";
        saved: "Webhook 配置已保存", "Webhook saved";
        secret_title: "签名密钥", "Signing secret";
        secret_once: "请立即复制并妥善保存，关闭后将无法再次查看。", "Copy it now and keep it safe. It cannot be shown again after you close this.";
        secret_done: "我已保存", "I have saved it";
        test: "发送测试", "Send test";
        test_good: "测试消息已送达", "The test message was delivered";
        test_bad: "测试消息未送达：{why}", "The test message was not delivered: {why}";
        rotate: "轮换密钥", "Rotate secret";
        rotate_text: "将生成新密钥。24 小时内消息同时带有新旧两个签名，请在此期间更新接收方。", "A new secret is made. For 24 hours messages carry both signatures; change the receiver meanwhile.";
        rotating: "旧密钥在此之前仍有效：", "The old secret works until ";
        enable: "启用", "Switch on";
        disable: "停用", "Switch off";
        enabled_done: "已启用", "Switched on";
        disabled_done: "已停用，等待中的推送已放弃", "Switched off; what waited is given up";
        delete_title: "删除 Webhook 配置", "Delete webhook";
        delete_text: "“{name}”将被删除，等待中的推送会被放弃，选择了它的任务不再推送。", "“{name}” is deleted, what waits for it is given up, and tasks that chose it are no longer pushed.";
        failing: "自此推送一直失败：", "Failing since ";
        failing_note: "连续失败 5 天后将自动停用。", "After five days of failures it is switched off.";
        tab_deliveries: "推送记录", "Deliveries";
        tab_settings: "配置", "Settings";
        tab_verify: "验签示例", "Verify";
        verify_text: "消息遵循 Standard Webhooks 规范：对“webhook-id.webhook-timestamp.原始请求体”计算 HMAC-SHA256。请使用官方库验证。", "Messages follow Standard Webhooks: an HMAC-SHA256 of “webhook-id.webhook-timestamp.raw body”. Verify them with an official library.";
        delivery: "推送详情", "Delivery";
        delivery_event: "事件", "Event";
        delivery_task: "任务", "Task";
        delivery_attempts: "尝试", "Attempts";
        delivery_code: "状态码", "Status code";
        delivery_time: "时间", "Time";
        delivery_next: "下次尝试", "Next attempt";
        delivery_message: "消息 ID", "Message id";
        delivery_error: "错误信息", "Error";
        delivery_body: "请求体", "Body";
        delivery_response: "响应", "Response";
        delivery_none: "暂无推送记录", "No deliveries yet";
        delivery_none_text: "发送一条测试消息，即可在此看到请求与响应。", "Send a test message to see the request and the answer here.";
        delivery_user: "用户", "User";
        delivery_receiver: "接收方", "Receiver";
        delivery_deleted: "已删除", "deleted";
        resend: "重新推送", "Send again";
        resent: "已重新加入推送", "It is being sent again";
        attempt: "第 {n} 次", "Attempt {n}";
        took: "耗时 {t}", "took {t}";
        answer_empty: "（空）", "(empty)";
        admin_lead: "所有用户的推送记录与状态。", "Everybody's deliveries.";
        filter_user: "用户 ID", "User number";
        message_zh: "中文", "Chinese";
        message_en: "英文", "English";
    }
}

/// What people read for a kind.
pub(super) fn kind(kind: WebhookKind) -> (&'static str, &'static str) {
    match kind {
        WebhookKind::Standard => ("标准 Webhook", "Standard webhook"),
        WebhookKind::Wecom => ("企业微信", "WeCom"),
        WebhookKind::Dingtalk => ("钉钉", "DingTalk"),
        WebhookKind::Feishu => ("飞书", "Feishu"),
        WebhookKind::Bark => ("Bark 推送", "Bark"),
    }
}

/// What people read for an event.
pub(super) fn event(event: WebhookEvent) -> (&'static str, &'static str) {
    match event {
        WebhookEvent::TaskSucceeded => ("任务成功", "Task succeeded"),
        WebhookEvent::TaskFailed => ("任务失败", "Task failed"),
        WebhookEvent::TaskCancelled => ("任务取消", "Task cancelled"),
        WebhookEvent::BalanceLow => ("点数不足", "Points running low"),
        WebhookEvent::WebhookDisabled => ("其他 Webhook 被停用", "Another webhook switched off"),
        WebhookEvent::Test => ("测试消息", "Test message"),
    }
}

/// What people read for the state of a delivery.
pub(super) fn delivery(status: DeliveryStatus) -> (&'static str, &'static str) {
    match status {
        DeliveryStatus::Pending => ("等待中", "Pending"),
        DeliveryStatus::Sending => ("推送中", "Sending"),
        DeliveryStatus::Delivered => ("已送达", "Delivered"),
        DeliveryStatus::Failed => ("已失败", "Failed"),
    }
}

/// Why a webhook was switched off.
pub(super) fn reason(reason: DisabledReason) -> (&'static str, &'static str) {
    match reason {
        DisabledReason::Gone => ("接收方返回 410，表示该地址已不存在。", "The receiver answered 410: it is gone."),
        DisabledReason::Failing => ("连续 5 天推送失败。", "Nothing was delivered for five days."),
    }
}
