//! What the program says in English, as programs read it, in the reader's language: why a task, an attempt, a call or a delivery failed, and what is
//! wrong with a field of a form.

use super::Lang;
use std::borrow::Cow;

/// Why something failed, with `{}` for what differs, in English and Chinese. What an upstream says stays as it is.
const REASONS: &[(&str, &str)] = &[
    ("The upstream answered with status {}.", "上游返回状态码 {}。"),
    ("The upstream could not be reached.", "无法连接上游。"),
    ("The upstream did not answer in time.", "上游未在规定时间内响应。"),
    ("The connection to the upstream ended before the answer was complete.", "上游的响应尚未完整，连接已断开。"),
    ("The answer of the upstream could not be understood.", "无法解析上游的响应。"),
    ("The answer of the upstream is larger than allowed.", "上游的响应超过允许的大小。"),
    ("The upstream redirected too often.", "上游重定向次数过多。"),
    ("The upstream's answer is too large.", "上游的响应过大。"),
    ("The upstream's answer has no result.", "上游的响应中没有结果。"),
    ("The upstream's id of the job is missing.", "缺少上游的任务 ID。"),
    ("The upstream accepted the job without telling its id.", "上游已受理，但没有返回任务 ID。"),
    ("The upstream says success without a result.", "上游报告成功，但没有结果。"),
    ("The upstream says that the job failed.", "上游报告任务失败。"),
    ("The request cannot be made: {}.", "无法发出请求：{}。"),
    ("A header of the request is not valid.", "请求头不合法。"),
    ("The body of the request could not be written.", "无法生成请求正文。"),
    ("A template of the rule failed: {}.", "规则模板出错：{}。"),
    ("The rule of this task no longer follows jobs.", "该任务的规则已不再轮询。"),
    ("The channel or the rule that took this job is gone.", "受理该任务的渠道或规则已不存在。"),
    ("The stored {} of this task cannot be read.", "无法读取该任务保存的 {}。"),
    ("The outcome of the call is unknown, and it must not be made twice.", "调用结果未知，且该调用不允许重复。"),
    ("It did not end within {} s.", "未在 {} 秒内完成。"),
    ("Given up: {} workers disappeared while they worked on it.", "已放弃：执行期间有 {} 个工作进程消失。"),
    ("No channel of this API is switched on.", "该接口没有启用的渠道。"),
    ("Every channel of this API is busy. Try again in a moment.", "该接口的渠道均繁忙，请稍后再试。"),
    ("Every channel of this API is out of use at present. Try again later.", "该接口的渠道目前均不可用，请稍后再试。"),
    ("The upstream refused the credential with status {}.", "上游以状态码 {} 拒绝了凭据。"),
    ("{} calls failed one after another, the last one with: {}", "连续 {} 次调用失败，最近一次：{}"),
    (
        "Calls to this address are refused: it is in a special network ({}). The settings can allow it.",
        "对该地址的调用会被拒绝：它属于特殊网段（{}）。可在系统设置的出站允许名单中放行。",
    ),
    (
        "Calls to this address are refused: it is one of this program or its database.",
        "对该地址的调用会被拒绝：它是本程序或其数据库的地址。",
    ),
    (
        "Calls to this address are refused: its port is not one for HTTP. The settings can allow it.",
        "对该地址的调用会被拒绝：该端口不是 HTTP 端口。可在系统设置的出站允许名单中放行。",
    ),
    ("Cancelled.", "已取消。"),
    ("Put back into the queue by an administrator.", "已由管理员重新排队。"),
    ("Ended by an administrator.", "已由管理员终止。"),
    ("Ended by an administrator: {}", "已由管理员终止：{}"),
    ("The receiver could not be reached.", "无法连接接收方。"),
    ("The receiver did not answer in time.", "接收方未在规定时间内响应。"),
    ("The connection to the receiver ended before the answer was complete.", "接收方的响应尚未完整，连接已断开。"),
    ("The answer of the receiver could not be understood.", "无法解析接收方的响应。"),
    ("The answer of the receiver is larger than allowed.", "接收方的响应超过允许的大小。"),
    ("The receiver redirected too often.", "接收方重定向次数过多。"),
    ("The receiver answered with status {}.", "接收方返回状态码 {}。"),
    ("The receiver answered with a redirect ({}), which is not followed.", "接收方返回重定向（{}），不予跟随。"),
    ("The receiver says that it is gone (410).", "接收方表示地址已失效（410）。"),
    ("The robot refused the message{}: {}", "机器人拒收消息{}：{}"),
    ("The secret of this webhook cannot be used. Rotate it.", "该 Webhook 的密钥无法使用，请轮换。"),
    ("The webhook is switched off.", "该 Webhook 已停用。"),
    ("The webhook was deleted.", "该 Webhook 已删除。"),
    ("The stored event cannot be read.", "无法读取保存的事件。"),
    ("The URL cannot be read.", "无法解析 URL。"),
];

/// What is wrong with a field, in the same form.
const MISTAKES: &[(&str, &str)] = &[
    ("This must be {} to {}.", "取值范围为 {} 至 {}。"),
    ("The range must end after it starts.", "结束时间须晚于开始时间。"),
    ("This must be a list.", "此处必须是列表。"),
    ("The name must have 1 to 100 characters on one line.", "名称须为一行，1 至 100 个字符。"),
    ("The name must have at most {} characters on one line.", "名称须为一行，最多 {} 个字符。"),
    ("The note must have at most {} characters.", "备注最多 {} 个字符。"),
    ("The note must have at most 200 characters on one line.", "备注须为一行，最多 200 个字符。"),
    ("The text must have at most {} characters.", "内容最多 {} 个字符。"),
    ("The title must have 1 to 120 characters on one line.", "标题须为一行，1 至 120 个字符。"),
    ("The end must be after the beginning.", "结束时间须晚于开始时间。"),
    ("The end must be in the future.", "到期时间须晚于现在。"),
    ("Search for at most 100 characters.", "搜索内容最多 100 个字符。"),
    ("It was changed in the meantime: this is version {}, not {}.", "内容已被他人修改：当前版本为 {}，而非 {}。"),
    // Keys and accounts.
    ("Choose at least one scope.", "请至少选择一个权限范围。"),
    ("Only an administrator's key can have the scope `admin`.", "只有管理员的密钥可以拥有 admin 权限。"),
    ("At most {} addresses or networks.", "最多 {} 个地址或网段。"),
    ("The user name must have 3 to 64 characters.", "用户名须为 3 至 64 个字符。"),
    (
        "The user name may have letters, digits, `.`, `_` and `-`, and begins with a letter or a digit.",
        "用户名可含文字、数字、点、下划线和连字符，并以文字或数字开头。",
    ),
    ("An invitation is for 1 to {} people.", "邀请可供 1 至 {} 人使用。"),
    ("This invitation code is not valid, or no longer.", "邀请码无效或已失效。"),
    // Points.
    ("Points must be a whole number from 1 to {}.", "点数须为 1 至 {} 的整数。"),
    ("The threshold must be a whole number from 0 to {}.", "提醒值须为 0 至 {} 的整数。"),
    ("A batch has 1 to {} codes.", "每批为 1 至 {} 个兑换码。"),
    ("A code can be redeemed by 1 to 1000000 users.", "每个兑换码可供 1 至 1000000 个用户兑换。"),
    ("The codes must expire later than now.", "过期时间须晚于现在。"),
    // Settings.
    ("The default interval must not be below the smallest one.", "默认间隔不能小于最小间隔。"),
    ("At most {} entries.", "最多 {} 项。"),
    // Webhooks.
    ("The URL must have at most 2000 bytes.", "URL 最多 2000 字节。"),
    ("This URL cannot be used: give a public http or https address.", "该 URL 不可用：请填写公网可访问的 http 或 https 地址。"),
    ("Only robots of DingTalk and Feishu take a secret of their own.", "只有钉钉和飞书机器人可以填写签名密钥。"),
    ("The secret must have at most 200 characters on one line.", "密钥须为一行，最多 200 个字符。"),
    ("Choose at least one event.", "请至少选择一个事件。"),
    ("At most {} headers.", "最多 {} 个请求头。"),
    ("The header `{}` cannot be set.", "不能设置请求头 {}。"),
    ("The value of the header `{}` is not valid.", "请求头 {} 的值不合法。"),
    ("The header `{}` has no stored value to keep.", "请求头 {} 没有可保留的值。"),
    ("There are {} webhooks already. Delete one first.", "已有 {} 个 Webhook，请先删除一个。"),
    ("A task tells at most {} webhooks.", "一个任务最多选择 {} 个 Webhook。"),
    ("There is no webhook {} that is switched on.", "没有已启用的 Webhook {}。"),
    // Features, rules, channels and custom APIs.
    ("A name must have 1 to 200 characters on one line, without space around it.", "名称须为一行，1 至 200 个字符，首尾不能有空格。"),
    (
        "A key begins with a letter and has letters, digits and the marks {}, at most 100 characters.",
        "标识以字母开头，可含字母、数字和 {}，最多 100 个字符。",
    ),
    ("There is a {} of this name already.", "该名称已被使用。"),
    ("There is a feature of this name already.", "该功能名称已被使用。"),
    ("There is no rule `{}`.", "规则 {} 不存在。"),
    ("There is no rule `{}` in the catalog.", "规则 {} 不存在。"),
    ("A custom API answers at once: its rule cannot have `poll`.", "自定义 API 须立即返回：其规则不能轮询。"),
    ("A field of the type `select` needs options.", "select 类型的字段需要选项。"),
    ("Only a field of the type `select` has options.", "只有 select 类型的字段有选项。"),
    ("Only a field of the type `number` has this.", "只有 number 类型的字段有此项。"),
    ("Only a field that holds text has this.", "只有文本类字段有此项。"),
    ("The value of an option is a text, a number, true or false.", "选项的值须为文本、数字、true 或 false。"),
    ("This option stands here twice.", "选项重复。"),
    ("A rule cannot set this header.", "规则不能设置该请求头。"),
    ("This is not the name of a header.", "请求头名称不合法。"),
    ("The value of a header is one line.", "请求头的值须为一行。"),
    ("A status must be 200 to 599.", "状态码须为 200 至 599。"),
    ("A status must be 100 to 599.", "状态码须为 100 至 599。"),
    ("This is not a status of HTTP, 100 to 599.", "不是 HTTP 状态码（100 至 599）。"),
    ("After the host comes `/`, `?` or nothing.", "主机名之后只能是 /、? 或没有内容。"),
    (
        "An address begins with {{ channel.base_url }}, http:// or https://; its host cannot hold a template.",
        "地址须以渠道的 base_url 模板、http:// 或 https:// 开头；主机名不能含模板。",
    ),
    (
        "This must be an http or https address without a user name, `?`, `#`, or `/` at the end.",
        "须为 http 或 https 地址，不含用户名、?、#，末尾无 /。",
    ),
    ("At least one of the upstream's words must mean `success`.", "至少有一个上游状态词须表示 success。"),
    ("Case does not count: this is the same word as `{}`.", "不区分大小写：与 {} 相同。"),
    ("At most 1,000 users can be named.", "最多指定 1,000 个用户。"),
    ("Name at least one user who can see it.", "请至少指定一个可见用户。"),
    ("Only a feature with the visibility `users` names users.", "只有可见范围为指定用户的功能需要填写用户。"),
    ("This is not the name of a user.", "用户名不存在。"),
    ("The rule allows at most {} retries.", "规则最多允许重试 {} 次。"),
    ("The number of retries must be 0 or more, or -1 for unlimited.", "重试次数须不小于 0，-1 表示不限。"),
    ("The interval must be at least {} seconds.", "间隔至少为 {} 秒。"),
    ("The interval must be at most {} seconds.", "间隔最多为 {} 秒。"),
    ("This is not a JSONPath of RFC 9535: {}.", "不是合法的 JSONPath（RFC 9535）：{}。"),
    ("The template `{}` cannot be read: {}.", "无法解析模板 {}：{}。"),
    ("A template knows {}, not `{}`.", "模板可用的变量为 {}，没有 {}。"),
    ("`upstream_id` is known in `poll.request` and `poll.cancel` only.", "upstream_id 只能用于轮询和取消请求。"),
    ("`{}` stands at {}[{}] already.", "{} 已出现在 {}[{}]。"),
    ("`{}` stands in the path, so it cannot be JSON.", "{} 在路径中，因此不能是 JSON。"),
    ("`form_schema` has no field `{}`, which stands in the path.", "form_schema 中没有路径所用的字段 {}。"),
    ("This rule does not read the answer to that request.", "该规则不读取此请求的响应。"),
];

/// The sentence in a language; as it is where the program did not say it.
pub(super) fn text(lang: Lang, sentence: &str) -> Cow<'_, str> {
    if lang == Lang::En || sentence.is_empty() {
        return Cow::Borrowed(sentence);
    }
    let mut known = REASONS.iter().chain(MISTAKES);
    let found = known.find_map(|(english, chinese)| {
        // What is quoted may be a sentence of ours as well.
        parts(english, sentence).map(|parts| put(chinese, &parts.into_iter().map(|part| text(lang, part)).collect::<Vec<_>>()))
    });
    found.map_or(Cow::Borrowed(sentence), Cow::Owned)
}

/// What stands at the places of a pattern, if the text has its form.
fn parts<'a>(pattern: &str, text: &'a str) -> Option<Vec<&'a str>> {
    let mut pieces = pattern.split("{}");
    let mut rest = text.strip_prefix(pieces.next()?)?;
    let mut found = Vec::new();
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        // The last piece is the end of the text, the others are looked for.
        let (part, after) = if pieces.peek().is_some() { rest.split_once(piece)? } else { (rest.strip_suffix(piece)?, "") };
        found.push(part);
        rest = after;
    }
    rest.is_empty().then_some(found)
}

fn put(pattern: &str, parts: &[Cow<str>]) -> String {
    let mut parts = parts.iter();
    let mut text = String::new();
    for (number, piece) in pattern.split("{}").enumerate() {
        if number > 0 {
            text.push_str(parts.next().map(|part| part.as_ref()).unwrap_or_default());
        }
        text.push_str(piece);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn what_the_program_says_is_said_in_chinese_and_what_others_say_stays() {
        let zh = |text: &'static str| super::text(Lang::Zh, text).into_owned();
        assert_eq!(zh("The upstream answered with status 503."), "上游返回状态码 503。");
        assert_eq!(zh("Ended by an administrator."), "已由管理员终止。");
        let quoting = "3 calls failed one after another, the last one with: The upstream answered with status 503.";
        assert_eq!(zh(quoting), "连续 3 次调用失败，最近一次：上游返回状态码 503。");
        assert_eq!(zh("Ended by an administrator: too slow."), "已由管理员终止：too slow.");
        assert_eq!(zh("The robot refused the message (19024): Key Words Not Found"), "机器人拒收消息 (19024)：Key Words Not Found");
        assert_eq!(zh("The upstream answered with status 503. Sorry"), "The upstream answered with status 503. Sorry");
        assert_eq!(zh("quota exceeded"), "quota exceeded");
        assert_eq!(zh(""), "");
        assert_eq!(super::text(Lang::En, "Cancelled."), "Cancelled.");
    }

    #[test]
    fn no_pair_has_places_without_a_value() {
        for (english, chinese) in REASONS.iter().chain(MISTAKES) {
            assert!(english.matches("{}").count() >= chinese.matches("{}").count(), "{english}");
            assert!(english.is_ascii() && !chinese.is_ascii(), "{english}");
        }
    }

    /// The sentences of the places that write reasons; a new one there needs a line here, and a line here needs its place there.
    #[test]
    fn the_list_is_that_of_the_source() {
        let service = Path::new(env!("CARGO_MANIFEST_DIR")).join("../service/src");
        let mut found = Vec::new();
        let only_reasons =
            ["poll", "worker", "template", "upstream", "sweeper", "executor", "call"].map(|name| format!("engine/{name}.rs"));
        let others = ["http_client/error.rs", "webhooks/attempt.rs", "webhooks/robots.rs"].map(str::to_owned);
        for file in only_reasons.iter().chain(&others) {
            let source = std::fs::read_to_string(service.join(file)).unwrap();
            let source = source.split("#[cfg(test)]").next().unwrap_or_default();
            for text in literals(source) {
                if !text.starts_with(|c: char| c.is_ascii_uppercase()) || !text.ends_with('.') {
                    continue;
                }
                // Deliveries say the same of a receiver.
                if file.ends_with("http_client/error.rs") {
                    found.push(text.replace("upstream", "receiver"));
                }
                found.push(text);
            }
        }
        assert!(found.len() > 20, "{found:?}");
        // A robot's test message is for people, in both languages already.
        for text in found.iter().filter(|text| *text != "If you read this, it works.") {
            assert!(REASONS.iter().any(|(english, _)| english == text), "without a Chinese twin: {text}");
        }
        let mut all = String::new();
        read(&service, &mut all);
        read(&service.join("../../model/src"), &mut all);
        for (english, _) in REASONS.iter().chain(MISTAKES) {
            let english = if all.contains(english) { (*english).to_owned() } else { english.replace("receiver", "upstream") };
            assert!(all.contains(&english), "nothing says: {english}");
        }
    }

    fn read(folder: &Path, all: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read(&path, all);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                all.push_str(&literals(&std::fs::read_to_string(path).unwrap()).join("\n"));
                all.push('\n');
            }
        }
    }

    /// The string literals of a source, each with `{}` for what it fills in.
    fn literals(source: &str) -> Vec<String> {
        let mut found = Vec::new();
        for line in source.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for text in line.split('"').skip(1).step_by(2) {
                let mut plain = String::new();
                let mut inside = false;
                let mut signs = text.chars().peekable();
                while let Some(sign) = signs.next() {
                    match sign {
                        // Doubled they stand for themselves, or are those of a template: both stay.
                        '{' | '}' if signs.peek() == Some(&sign) => {
                            plain.extend([sign, sign]);
                            signs.next();
                        }
                        '{' => {
                            inside = true;
                            plain.push_str("{}");
                        }
                        '}' => inside = false,
                        _ if !inside => plain.push(sign),
                        _ => {}
                    }
                }
                found.push(plain);
            }
        }
        found
    }
}
