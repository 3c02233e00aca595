//! Messages to people: what the robots of chat programs and the Bark app take, made of the stored event.
//!
//! Plain text everywhere: names and results may hold any sign, and a chat program makes links of addresses by itself. Robots that insist on a
//! keyword can be given `APIRequestWeb`, which every message holds.

use super::standard::hmac_base64;
use super::store::Webhook;
use model::time::{Timestamp, format_duration};
use model::webhooks::{MessageLanguage, WebhookEvent, WebhookKind};
use serde_json::{Value, json};
use url::Url;

/// Most characters of one value in a message.
const MOST_VALUE: usize = 300;
/// Most results in a message.
const MOST_RESULTS: usize = 6;
/// Most characters of a message; the smallest limit of the receivers is 2,048 bytes.
const MOST_TEXT: usize = 600;

/// The URL and the body of a message.
pub(super) fn request(webhook: &Webhook, event: &str, public_url: Option<&str>, now: Timestamp) -> Result<(String, String), String> {
    let event: Value = serde_json::from_str(event).map_err(|_| "The stored event cannot be read.".to_owned())?;
    let message = Message::of(&event, webhook.language, public_url);
    let secret = webhook.secret.as_deref();
    let text = message.text();
    Ok(match webhook.kind {
        WebhookKind::Wecom => (webhook.url.clone(), json!({ "msgtype": "text", "text": { "content": text } }).to_string()),
        WebhookKind::Dingtalk => {
            let body = json!({ "msgtype": "text", "text": { "content": text } }).to_string();
            (secret.map_or(Ok(webhook.url.clone()), |secret| dingtalk_url(&webhook.url, secret, now))?, body)
        }
        WebhookKind::Feishu => {
            let mut body = json!({ "msg_type": "text", "content": { "text": text } });
            if let Some(secret) = secret {
                let seconds = now.0.div_euclid(1000).to_string();
                body["sign"] = feishu_sign(secret, &seconds).into();
                body["timestamp"] = seconds.into();
            }
            (webhook.url.clone(), body.to_string())
        }
        WebhookKind::Bark => {
            let mut body = json!({ "title": message.title, "body": message.lines.join("\n"), "group": "APIRequestWeb" });
            if let Some(link) = message.link {
                body["url"] = link.into();
            }
            (webhook.url.clone(), body.to_string())
        }
        WebhookKind::Standard => (webhook.url.clone(), event.to_string()),
    })
}

/// DingTalk: milliseconds, a line break and the secret, signed with the secret; both go into the address.
pub(super) fn dingtalk_url(url: &str, secret: &str, now: Timestamp) -> Result<String, String> {
    let mut url = Url::parse(url).map_err(|_| "The URL cannot be read.".to_owned())?;
    let sign = hmac_base64(secret.as_bytes(), format!("{}\n{secret}", now.0).as_bytes());
    url.query_pairs_mut().append_pair("timestamp", &now.0.to_string()).append_pair("sign", &sign);
    Ok(url.into())
}

/// Feishu: nothing, signed with seconds, a line break and the secret.
pub(super) fn feishu_sign(secret: &str, seconds: &str) -> String {
    hmac_base64(format!("{seconds}\n{secret}").as_bytes(), b"")
}

/// What a robot complains about in the body of an answer with status 200; `None` if it took the message.
pub(super) fn complaint(kind: WebhookKind, body: &str) -> Option<String> {
    let (codes, good, texts): (&[&str], i64, &[&str]) = match kind {
        WebhookKind::Standard => return None,
        WebhookKind::Wecom | WebhookKind::Dingtalk => (&["errcode"], 0, &["errmsg"]),
        WebhookKind::Feishu => (&["code", "StatusCode"], 0, &["msg", "StatusMessage"]),
        WebhookKind::Bark => (&["code"], 200, &["message"]),
    };
    let answer: Value = serde_json::from_str(body).unwrap_or(Value::Null);
    let code = codes.iter().find_map(|name| answer.get(name)?.as_i64());
    if code == Some(good) {
        return None;
    }
    let text = texts.iter().find_map(|name| answer.get(name)?.as_str()).unwrap_or("its answer is not the one of this kind of robot");
    let code = code.map(|code| format!(" ({code})")).unwrap_or_default();
    Some(format!("The robot refused the message{code}: {}", cut(text)))
}

/// A message to people.
struct Message {
    title: String,
    lines: Vec<String>,
    link: Option<String>,
}

impl Message {
    fn of(event: &Value, language: MessageLanguage, public_url: Option<&str>) -> Self {
        let data = &event["data"];
        let kind = event["type"].as_str().and_then(WebhookEvent::parse);
        let zh = language == MessageLanguage::Zh;
        let say = |chinese: &'static str, english: &'static str| if zh { chinese } else { english };
        let (what, lines) = match kind {
            Some(WebhookEvent::TaskSucceeded) => (say("任务成功", "Task succeeded"), task_lines(data, zh)),
            Some(WebhookEvent::TaskFailed) => (say("任务失败", "Task failed"), task_lines(data, zh)),
            Some(WebhookEvent::TaskCancelled) => (say("任务已取消", "Task cancelled"), task_lines(data, zh)),
            Some(WebhookEvent::BalanceLow) => {
                let lines = [(say("可用点数", "Available points"), &data["available"]), (say("提醒阈值", "Threshold"), &data["threshold"])];
                (say("点数不足提醒", "Points are running low"), labelled(&lines, zh))
            }
            Some(WebhookEvent::WebhookDisabled) => {
                let why = match data["reason"].as_str() {
                    Some("gone") => say("接收方已不存在（410）", "the receiver is gone (410)"),
                    _ => say("连续五天投递失败", "nothing was delivered for five days"),
                };
                let lines = [(say("名称", "Name"), &data["name"]), (say("原因", "Reason"), &Value::from(why))];
                (say("Webhook 已停用", "A webhook was switched off"), labelled(&lines, zh))
            }
            Some(WebhookEvent::Test) => {
                (say("测试消息", "Test message"), vec![say("收到此消息表示配置可用。", "If you read this, it works.").to_owned()])
            }
            None => (say("新事件", "New event"), vec![cut(&event["type"].to_string())]),
        };
        let task = data["id"]
            .as_i64()
            .filter(|_| matches!(kind, Some(WebhookEvent::TaskSucceeded | WebhookEvent::TaskFailed | WebhookEvent::TaskCancelled)));
        let link = task.zip(public_url).map(|(id, site)| format!("{}/tasks/{id}", site.trim_end_matches('/')));
        Message { title: format!("【APIRequestWeb】{what}"), lines, link }
    }

    fn text(&self) -> String {
        let mut text = self.title.clone();
        for line in self.lines.iter().chain(&self.link) {
            if text.chars().count() + line.chars().count() > MOST_TEXT {
                text.push_str("\n…");
                break;
            }
            text.push('\n');
            text.push_str(line);
        }
        text
    }
}

fn task_lines(data: &Value, zh: bool) -> Vec<String> {
    let say = |chinese: &'static str, english: &'static str| if zh { chinese } else { english };
    let name = match data["name"].as_str() {
        Some("") | None => Value::from(format!("#{}", data["seq"])),
        Some(name) => Value::from(format!("#{} {name}", data["seq"])),
    };
    let time = |key: &str| data[key].as_str().and_then(Timestamp::parse);
    let took =
        time("started_at").zip(time("finished_at")).map(|(start, end)| format_duration(end.0 - start.0)).map_or(Value::Null, Value::from);
    let lines = [
        (say("任务", "Task"), &name),
        (say("功能", "Feature"), &data["feature_name"]),
        (say("耗时", "Run time"), &took),
        (say("错误", "Error"), &data["error"]),
    ];
    let mut lines = labelled(&lines, zh);
    for result in data["results"].as_array().into_iter().flatten().take(MOST_RESULTS) {
        lines.extend(labelled(&[(result["label"].as_str().unwrap_or_default(), &result["value"])], zh));
    }
    lines
}

/// A line for each value that is there.
fn labelled(pairs: &[(&str, &Value)], zh: bool) -> Vec<String> {
    let line = |(label, value): &(&str, &Value)| {
        let text = match value {
            Value::Null => return None,
            Value::String(text) if text.is_empty() => return None,
            Value::String(text) => cut(text),
            other => cut(&other.to_string()),
        };
        Some(format!("{label}{}{text}", if zh { "：" } else { ": " }))
    };
    pairs.iter().filter_map(line).collect()
}

/// One line of bounded length.
fn cut(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MOST_VALUE).collect();
    if text.chars().nth(MOST_VALUE).is_some() { format!("{line}…") } else { line }
}
