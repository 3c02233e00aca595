//! Texts of dashboard, ledger, recharges and redemption codes.

use model::ledger::EntryKind;
use model::recharge::{CodeState, RechargeType};

texts! {
    /// The dashboard.
    pub struct Dashboard {
        lead: "点数、任务与充值的概况，随任务实时更新。", "Points, tasks and recharges at a glance, kept up to date.";
        range: "时间范围", "Range";
        today: "今天", "Today";
        week: "近 7 天", "7 days";
        days: "近 30 天", "30 days";
        month: "本月", "This month";
        custom: "自定义", "Custom";
        first_day: "开始日期", "First day";
        last_day: "结束日期", "Last day";
        apply: "应用", "Apply";
        span: "{first} 至 {last}（{tz}）", "{first} to {last} ({tz})";
        available: "当前可用点数", "Available points";
        consumed: "区间消耗点数", "Points consumed";
        earned: "区间获取点数", "Points earned";
        net: "净变化", "Net change";
        held: "另有 {n} 点冻结中", "{n} more are held";
        net_hint: "获取 − 消耗 − 反向充值", "Earned − consumed − taken back";
        task_total: "任务总数", "Tasks";
        success_rate: "成功率", "Success rate";
        failure_rate: "失败率", "Failure rate";
        success: "成功任务", "Succeeded";
        failed: "失败任务", "Failed";
        rate_of_nothing: "没有已结束的任务", "No task has ended";
        rate_hint: "已取消的任务不计入", "Cancelled tasks are left out";
        cancelled_hint: "另有 {n} 个已取消", "{n} were cancelled";
        recharges: "充值汇总", "Recharges";
        recharge_net: "净充值点数", "Net points";
        recharge_count: "充值记录数", "Records";
        recharge_in: "充值点数", "Recharged";
        recharge_back: "反向充值点数", "Taken back";
        feature_ranking: "我的功能消耗排行", "Features by use";
        feature: "功能", "Feature";
        feature_count: "消耗次数", "Uses";
        api_ranking: "我的API消耗排行", "APIs by use";
        api: "API", "API";
        api_count: "调用次数", "Calls";
        api_points: "消耗点数", "Points";
        records: "我的充值记录", "My recharges";
        all_records: "全部记录", "All records";
        chart_points: "点数走势", "Points over time";
        chart_tasks: "任务走势", "Tasks over time";
        chart_latency: "任务耗时", "How long tasks took";
        line_consumed: "消耗", "Consumed";
        line_earned: "获取", "Earned";
        line_succeeded: "成功", "Succeeded";
        line_failed: "失败", "Failed";
        line_cancelled: "已取消", "Cancelled";
        line_p50: "p50", "p50";
        line_p95: "p95", "p95";
        latency_hint: "p50 {p50} · p95 {p95}", "p50 {p50} · p95 {p95}";
    }
}

texts! {
    /// Parts of charts.
    pub struct Charts {
        table: "数据表格", "As a table";
        step: "时间", "Time";
        summary: "{title}：{first} 至 {last}，最大值 {most}", "{title}: {first} to {last}, at most {most}";
        nothing: "此区间暂无数据", "Nothing in this range";
    }
}

texts! {
    /// The ledger.
    pub struct Ledger {
        lead: "每一笔点数变动及其之后的余额。", "Every movement of your points and the balance after it.";
        export: "导出 CSV", "Export CSV";
        kind: "类型", "Kind";
        kind_all: "全部类型", "All kinds";
        search: "任务编号，或引用开头，如 task:7", "Number of a task, or a reference such as task:7";
        search_label: "搜索引用", "Search references";
        filters: "筛选流水", "Filter the ledger";
        clear: "清除筛选", "Clear filters";
        sums: "区间合计", "Sums of the range";
        sums_all: "全部时间合计", "Sums of all time";
        captured: "扣除", "Captured";
        released: "释放", "Released";
        refunded: "退款", "Refunded";
        recharged: "充值", "Recharged";
        reversed: "反向充值", "Taken back";
        time: "时间", "Time";
        points: "点数", "Points";
        available_after: "可用余额", "Available after";
        held_after: "冻结余额", "Held after";
        reference: "关联", "Belongs to";
        note: "备注", "Note";
        task: "任务 {id}", "Task {id}";
        task_run: "任务 {id}，第 {run} 次运行", "Task {id}, run {run}";
        call: "API 调用", "API call";
        recharge: "充值记录", "Recharge";
        empty: "暂无记录", "No records";
        empty_text: "充值或提交任务后，点数变动会出现在这里。", "Movements appear here once you recharge or submit a task.";
        no_match: "没有符合条件的流水", "Nothing matches these filters";
        kind_hold: "冻结", "Held";
        kind_capture: "扣除", "Captured";
        kind_release: "释放", "Released";
        kind_refund: "退款", "Refund";
        kind_recharge: "充值", "Recharge";
        kind_reverse: "反向充值", "Taken back";
    }
}

impl Ledger {
    /// What people read for a kind of movement.
    pub fn kind_of(&self, kind: EntryKind) -> &'static str {
        match kind {
            EntryKind::Hold => self.kind_hold,
            EntryKind::Capture => self.kind_capture,
            EntryKind::Release => self.kind_release,
            EntryKind::Refund => self.kind_refund,
            EntryKind::Recharge => self.kind_recharge,
            EntryKind::ReverseRecharge => self.kind_reverse,
        }
    }
}

texts! {
    /// Recharges and redemption codes.
    pub struct Recharge {
        lead: "查看充值说明，兑换点数，并设置余额提醒。", "How to recharge, redeeming codes, and the notice about a low balance.";
        info: "充值说明", "How to recharge";
        info_empty: "暂无充值说明内容,请联系管理员在后台【系统设置】中配置。", "There are no instructions yet. Please ask the administrator to write them in the system settings.";
        redeem: "兑换码", "Redemption code";
        redeem_lead: "输入管理员发给您的兑换码，点数立即到账。", "Enter a code that the administrator gave you. The points arrive at once.";
        code: "兑换码", "Code";
        code_help: "不区分大小写，横线可省略。", "Upper and lower case are the same; dashes may be left out.";
        redeem_button: "兑换", "Redeem";
        redeemed: "已兑换 {n} 点", "{n} points redeemed";
        notice: "余额提醒", "Low balance notice";
        notice_lead: "可用点数低于该值时，控制台会提醒您一次；填 0 表示不提醒。", "The console tells you once when your available points fall below this. 0 means never.";
        threshold: "提醒值", "Threshold";
        notice_saved: "余额提醒已保存", "Notice saved";
        records: "我的充值记录", "My recharges";
        time: "时间", "Time";
        points: "点数", "Points";
        kind: "类型", "Type";
        note: "备注", "Note";
        type_recharge: "充值", "Recharge";
        type_redemption: "兑换码", "Redemption code";
        type_reverse: "反向充值", "Taken back";

        admin_lead: "为用户充值或反向充值，并查看全部充值记录。", "Add points to accounts or take them back, and see all records.";
        admin_form: "新的充值", "New recharge";
        admin_user: "用户", "User";
        admin_user_help: "输入用户名，或从列表中选择。", "Type a user name, or choose one.";
        admin_direction: "操作", "What to do";
        admin_add: "充值", "Recharge";
        admin_take: "反向充值", "Take back";
        admin_points: "点数", "Points";
        admin_note: "备注", "Note";
        admin_note_help: "用户可以看到。", "The user can read it.";
        admin_up_to: "余额不足时，扣至 0 为止", "Take what is there if it is less";
        admin_up_to_help: "余额不会变为负数：未勾选时，超过可用点数的反向充值会被拒绝。", "Accounts never go below zero. Unless this is ticked, taking more than is available is refused.";
        admin_submit: "提交", "Submit";
        admin_ask_add: "为用户“{user}”充值 {n} 点？", "Add {n} points to the account of “{user}”?";
        admin_ask_take: "从用户“{user}”反向充值 {n} 点？", "Take {n} points from the account of “{user}”?";
        admin_done_add: "已充值 {n} 点，可用 {available} 点", "{n} points added; {available} are available now";
        admin_done_take: "已反向充值 {n} 点，可用 {available} 点", "{n} points taken back; {available} are available now";
        admin_records: "充值记录", "Records";
        admin_by: "操作人", "By";

        codes_lead: "批量生成兑换码。兑换码只在生成时显示一次。", "Make batches of codes. Codes are shown once, when they are made.";
        codes_new: "生成兑换码", "Make codes";
        codes_points: "每次兑换的点数", "Points of one redemption";
        codes_count: "数量", "How many";
        codes_count_help: "1 至 10000 个。", "1 to 10,000.";
        codes_uses: "每个码可兑换的用户数", "Users who may redeem each";
        codes_expiry: "有效期至", "Valid until";
        codes_note: "备注", "Note";
        codes_note_help: "会成为充值记录的备注。", "It becomes the note of the recharge.";
        codes_create: "生成", "Make";
        codes_made: "已生成 {n} 个兑换码", "{n} codes made";
        codes_once: "请立即复制或下载，关闭后将无法再次查看。", "Copy or download them now. They cannot be shown again after you close this.";
        codes_download: "下载 CSV", "Download CSV";
        codes_done: "我已保存", "I have saved them";
        codes_empty: "还没有兑换码", "No redemption codes yet";
        codes_empty_text: "生成一批兑换码，发给用户即可充值。", "Make a batch and hand the codes out.";
        codes_no_match: "没有符合条件的兑换码", "No codes match";
        column_code: "兑换码", "Code";
        column_batch: "批次", "Batch";
        column_points: "点数", "Points";
        column_used: "已用 / 可用次数", "Used / uses";
        column_redeemers: "兑换人", "Redeemed by";
        redeemers: "{n} 人", "{n} people";
        redeemers_latest: "仅显示最近 {n} 人", "The latest {n} are shown";
        column_state: "状态", "State";
        column_expires: "有效期", "Expires";
        column_created: "创建时间", "Made";
        never: "永久有效", "Never";
        state_all: "全部状态", "All states";
        state_active: "可用", "Active";
        state_used_up: "已用完", "Used up";
        state_expired: "已过期", "Expired";
        state_disabled: "已停用", "Switched off";
        filters: "筛选兑换码", "Filter codes";
        batch_all: "查看全部批次", "All batches";
        disable: "停用", "Switch off";
        disable_batch: "停用整批", "Switch the batch off";
        disable_text: "停用后兑换码 {prefix}… 将无法兑换，且不可恢复。已兑换的点数不受影响。", "The code {prefix}… can no longer be redeemed. This cannot be undone. Points that were redeemed stay.";
        disable_batch_text: "停用后批次 {batch} 的兑换码都无法兑换，且不可恢复。", "No code of the batch {batch} can be redeemed any more. This cannot be undone.";
        disabled: "已停用 {n} 个兑换码", "{n} codes switched off";
    }
}

impl Recharge {
    /// What people read for a type of record.
    pub fn type_of(&self, kind: RechargeType) -> &'static str {
        match kind {
            RechargeType::Recharge => self.type_recharge,
            RechargeType::Redemption => self.type_redemption,
            RechargeType::ReverseRecharge => self.type_reverse,
        }
    }

    /// What people read for a state of a code.
    pub fn state_of(&self, state: CodeState) -> &'static str {
        match state {
            CodeState::Active => self.state_active,
            CodeState::UsedUp => self.state_used_up,
            CodeState::Expired => self.state_expired,
            CodeState::Disabled => self.state_disabled,
        }
    }
}
