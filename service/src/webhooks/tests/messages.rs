use super::super::store::Webhook;
use super::super::{robots, standard};
use super::*;
use model::time::Timestamp;
use model::webhooks::MessageLanguage;
use serde_json::{Value, json};

/// Vectors that the libraries of Standard Webhooks for Python and JavaScript make and verify.
#[test]
fn signatures_are_those_of_the_official_libraries() {
    for (secret, id, at, body, signature) in [
        (
            "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
            "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
            1_649_367_553,
            r#"{"email":"test@example.com","username":"test_user"}"#,
            "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
        ),
        (
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            r#"{"test": 2432232314}"#,
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        ),
    ] {
        assert_eq!(sign(secret, id, at, body).as_deref(), Some(signature));
        assert_ne!(sign(secret, id, at + 1, body).as_deref(), Some(signature));
    }
}

/// An empty or unreadable secret signs nothing: an HMAC with an empty key is one that anybody can make.
#[test]
fn without_a_secret_nothing_is_signed() {
    for secret in ["", "whsec_", "whsec_***", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] {
        assert_eq!(sign(secret, "msg_1", 1, "{}"), None, "{secret}");
    }
    assert!(standard::headers([].into_iter(), "msg_1", 1, "{}").is_none());
    let secrets = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"];
    let both = standard::headers(secrets.into_iter(), "msg_1", 1, "{}").unwrap();
    assert_eq!(both["webhook-signature"].to_str().unwrap().split(' ').count(), 2);
}

/// Made with Python's `hmac` as the documentation of the two robots says.
#[test]
fn robots_are_signed_their_way() {
    let url = "https://oapi.dingtalk.com/robot/send?access_token=x";
    let url = robots::dingtalk_url(url, "SEC0123", Timestamp(1_577_262_236_757)).unwrap();
    assert_eq!(
        url,
        "https://oapi.dingtalk.com/robot/send?access_token=x&timestamp=1577262236757&sign=XdkzEBHwxHnGFkKeg9eLYXf%2BM3vcXnpOzi3AYYWI8tk%3D"
    );
    assert_eq!(robots::feishu_sign("demo", "1599360473"), "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=");
}

fn robot(kind: WebhookKind, language: MessageLanguage, secret: Option<&str>) -> Webhook {
    Webhook {
        id: 1,
        user_id: 1,
        name: "x".to_owned(),
        kind,
        url: "https://example.com/r".to_owned(),
        events: Vec::new(),
        all_tasks: true,
        language,
        headers: Default::default(),
        secret: secret.map(str::to_owned),
        old_secret: None,
        old_secret_until: None,
        enabled: true,
        disabled_reason: None,
        failing_since: None,
        paused_until: 0,
        created_at: 0,
        updated_at: 0,
    }
}

fn event() -> String {
    let results = json!([{ "label": "音频", "value": "https://files.example.com/a.wav" }, { "label": "空", "value": null }]);
    let data = json!({
        "id": 7, "seq": 3, "name": "雨\n夜", "feature_name": "文本转音乐", "error": "", "results": results,
        "started_at": "2026-01-01T00:00:00.000Z", "finished_at": "2026-01-01T00:00:05.000Z"
    });
    json!({ "type": "task.succeeded", "timestamp": "2026-01-01T00:00:05.000Z", "data": data }).to_string()
}

#[test]
fn messages_read_well_in_both_languages() {
    let text = |language| {
        let robot = robot(WebhookKind::Wecom, language, None);
        let (_, body) = robots::request(&robot, &event(), Some("https://arw.example.com/"), Timestamp(0)).unwrap();
        serde_json::from_str::<Value>(&body).unwrap()["text"]["content"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        text(MessageLanguage::Zh),
        "【APIRequestWeb】任务成功\n任务：#3 雨 夜\n功能：文本转音乐\n耗时：5.0 s\n音频：https://files.example.com/a.wav\nhttps://arw.example.com/tasks/7"
    );
    assert_eq!(
        text(MessageLanguage::En),
        "【APIRequestWeb】Task succeeded\nTask: #3 雨 夜\nFeature: 文本转音乐\nRun time: 5.0 s\n音频: https://files.example.com/a.wav\nhttps://arw.example.com/tasks/7"
    );
}

#[test]
fn every_robot_gets_its_own_body() {
    let now = Timestamp(1_599_360_473_000);
    let body = |kind, secret| robots::request(&robot(kind, MessageLanguage::En, secret), &event(), None, now).unwrap();
    let json = |body: &str| serde_json::from_str::<Value>(body).unwrap();
    let (url, text) = body(WebhookKind::Dingtalk, None);
    assert_eq!((url.as_str(), &json(&text)["msgtype"]), ("https://example.com/r", &json!("text")));
    assert!(body(WebhookKind::Dingtalk, Some("s")).0.contains("&sign="), "signed in the address");
    let feishu = json(&body(WebhookKind::Feishu, Some("demo")).1);
    assert_eq!((&feishu["msg_type"], &feishu["timestamp"]), (&json!("text"), &json!("1599360473")));
    assert!(feishu["sign"].is_string());
    assert!(json(&body(WebhookKind::Feishu, None).1).get("sign").is_none());
    let bark = json(&body(WebhookKind::Bark, None).1);
    assert_eq!((&bark["title"], &bark["group"]), (&json!("【APIRequestWeb】Task succeeded"), &json!("APIRequestWeb")));
}

#[test]
fn what_robots_answer_decides() {
    use WebhookKind::{Bark, Dingtalk, Feishu, Standard, Wecom};
    for (kind, body, good) in [
        (Wecom, r#"{"errcode":0,"errmsg":"ok"}"#, true),
        (Wecom, r#"{"errcode":93000,"errmsg":"invalid webhook url"}"#, false),
        (Dingtalk, r#"{"errcode":310000,"errmsg":"sign not match"}"#, false),
        (Feishu, r#"{"code":0,"msg":"success"}"#, true),
        (Feishu, r#"{"StatusCode":0,"StatusMessage":"success"}"#, true),
        (Feishu, r#"{"code":19021,"msg":"sign match fail"}"#, false),
        (Bark, r#"{"code":200,"message":"success"}"#, true),
        (Bark, r#"{"code":400,"message":"no"}"#, false),
        (Bark, "<html>", false),
        (Standard, "anything", true),
    ] {
        assert_eq!(robots::complaint(kind, body).is_none(), good, "{kind:?} {body}");
    }
}
