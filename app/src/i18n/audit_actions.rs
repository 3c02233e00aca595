//! What people read for the actions of the audit log.

/// Each action with its Chinese and English label. A test compares the list with what `service` records.
const ACTIONS: &[(&str, &str, &str)] = &[
    ("announcement.create", "发布公告", "Announcement published"),
    ("announcement.update", "修改公告", "Announcement changed"),
    ("announcement.delete", "删除公告", "Announcement deleted"),
    ("catalog.apply", "导入目录文件", "Catalog file applied"),
    ("channel.create", "新建渠道", "Channel made"),
    ("channel.update", "修改渠道", "Channel changed"),
    ("channel.enable", "启用渠道", "Channel switched on"),
    ("channel.disable", "停用渠道", "Channel switched off"),
    ("channel.auto_disable", "自动停用渠道或密钥", "Channel or key taken out of use by itself"),
    ("channel.auto_enable", "自动恢复渠道或密钥", "Channel or key back in use by itself"),
    ("channel.recover", "恢复渠道", "Channel put back into use"),
    ("channel.delete", "删除渠道", "Channel deleted"),
    ("custom_api.create", "新建自定义接口", "Custom API made"),
    ("custom_api.update", "修改自定义接口", "Custom API changed"),
    ("custom_api.enable", "启用自定义接口", "Custom API switched on"),
    ("custom_api.disable", "停用自定义接口", "Custom API switched off"),
    ("custom_api.delete", "删除自定义接口", "Custom API deleted"),
    ("feature.create", "新建功能", "Feature made"),
    ("feature.update", "修改功能", "Feature changed"),
    ("feature.enable", "启用功能", "Feature switched on"),
    ("feature.disable", "停用功能", "Feature switched off"),
    ("feature.duplicate", "复制功能", "Feature copied"),
    ("feature.move", "调整功能顺序", "Feature moved"),
    ("feature.delete", "删除功能", "Feature deleted"),
    ("invitation.create", "创建邀请", "Invitation made"),
    ("invitation.revoke", "撤销邀请", "Invitation withdrawn"),
    ("points.recharge", "充值点数", "Points added"),
    ("points.reverse_recharge", "扣回点数", "Points taken back"),
    ("redemption_codes.create", "生成兑换码", "Redemption codes made"),
    ("redemption_codes.disable", "停用兑换码", "Redemption codes switched off"),
    ("rule.create", "新建规则", "Rule made"),
    ("rule.update", "修改规则", "Rule changed"),
    ("rule.duplicate", "复制规则", "Rule copied"),
    ("rule.delete", "删除规则", "Rule deleted"),
    ("settings.update", "修改系统设置", "Settings changed"),
    ("task.cancel", "取消任务", "Task cancelled"),
    ("task.requeue", "任务重新排队", "Task queued again"),
    ("task.fail", "终止任务", "Task ended as failed"),
    ("task.delete", "删除任务", "Task deleted"),
    ("user.create", "新建用户", "User made"),
    ("user.update", "修改用户", "User changed"),
    ("user.reset_password", "重置密码", "Password reset"),
    ("user.reset_totp", "关闭两步验证", "Two-step log-in switched off"),
    ("user.end_sessions", "结束全部会话", "Sessions ended"),
    ("user.revoke_keys", "吊销全部密钥", "Keys revoked"),
];

/// Chinese and English; nothing for an action of another version of the program.
pub(super) fn text(action: &str) -> Option<(&'static str, &'static str)> {
    ACTIONS.iter().find(|(code, ..)| *code == action).map(|(_, zh, en)| (*zh, *en))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    /// Files whose words of this form are columns of SQL or fields of a form, and no actions.
    const OTHERS: [&str; 5] = ["answer.status", "answer.step", "poll.request", "poll.result_request", "poll.cancel"];

    #[test]
    fn every_action_has_a_label_and_every_label_an_action() {
        let mut recorded = BTreeSet::new();
        read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../service/src"), &mut recorded);
        assert!(recorded.len() > 30, "{recorded:?}");
        let known: BTreeSet<String> = ACTIONS.iter().map(|(code, ..)| (*code).to_owned()).collect();
        assert_eq!(known.len(), ACTIONS.len(), "an action stands here twice");
        let missing: Vec<_> = recorded.difference(&known).collect();
        assert!(missing.is_empty(), "without a label: {missing:?}");
        let gone: Vec<_> = known.difference(&recorded).collect();
        assert!(gone.is_empty(), "nothing records: {gone:?}");
        for (code, zh, en) in ACTIONS {
            assert!(!zh.is_ascii() && en.is_ascii(), "{code}");
        }
    }

    /// The words `thing.deed` of all files that write to the audit log.
    fn read(folder: &Path, recorded: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                if path.file_name().is_some_and(|name| name != "tests") {
                    read(&path, recorded);
                }
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            let writes = ["audit::record", "audit::Entry", "Entry { action", ".note(", "end_all("].iter().any(|mark| source.contains(mark));
            if path.file_name().is_some_and(|name| name == "tests.rs") || !writes {
                continue;
            }
            recorded.extend(source.split('"').skip(1).step_by(2).filter(|text| is_action(text)).map(str::to_owned));
        }
    }

    fn is_action(text: &str) -> bool {
        let is_word = |word: &str| word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        text.split_once('.').is_some_and(|(thing, deed)| is_word(thing) && is_word(deed)) && !OTHERS.contains(&text)
    }
}
