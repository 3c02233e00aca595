use super::{json, value};
use model::ErrorCode;
use model::accounts::NewKey;
use model::tasks::{BatchRequest, NewTask};
use serde_json::{Map, Value, json};

fn wrong<T: serde::de::DeserializeOwned>(text: &str) -> (String, Option<String>) {
    let error = json::<T>(text.as_bytes()).err().unwrap_or_else(|| panic!("this reads: {text}"));
    assert_eq!(error.code, ErrorCode::BadRequest, "{text}");
    (error.message, error.field)
}

#[test]
fn what_is_wrong_with_a_body_is_said_in_our_words() {
    let cases = [
        ("", "The body is empty; JSON is expected.", None),
        ("{\"params\"", "The body is not valid JSON: it ends before it is complete.", None),
        ("{\"params\": tru}", "The body is not valid JSON at line 1, column 15.", None),
        ("{} {}", "The body is not valid JSON at line 1, column 4.", None),
        (" [{}]", "The body must be a JSON object, not a list.", None),
        ("7", "The body must be an object, not the number 7.", None),
        (r#"{"params":{},"max_retries":"two"}"#, "`max_retries` must be a whole number, not the text \"two\".", Some("max_retries")),
        (r#"{"params":{},"max_retries":2.5}"#, "`max_retries` must be a whole number, not the number 2.5.", Some("max_retries")),
        (
            r#"{"params":{},"max_retries":18446744073709551615}"#,
            "`max_retries` must be a whole number, not the number 18446744073709551615.",
            Some("max_retries"),
        ),
        (r#"{"params":[1]}"#, "`params` must be an object, not a list.", Some("params")),
        (r#"{"params":{},"name":true}"#, "`name` must be a text, not true.", Some("name")),
        (r#"{"params":{},"webhook_ids":[1,null]}"#, "`webhook_ids[1]` must be a whole number, not null.", Some("webhook_ids[1]")),
        (
            r#"{"params":{},"retries":2}"#,
            "There is no field `retries`; known: params, name, category, headers, max_retries, interval_seconds, priority, webhook_ids.",
            Some("retries"),
        ),
        (r#"{"params":{},"priority":"high"}"#, "`priority` must be one of `urgent`, `normal`, not the text \"high\".", Some("priority")),
        (r#"{"params":{},"priority":1}"#, "`priority` must be a text, not the number 1.", Some("priority")),
    ];
    for (text, message, field) in cases {
        assert_eq!(wrong::<NewTask>(text), (message.to_owned(), field.map(str::to_owned)), "{text}");
    }
    let deep = "[".repeat(100_000);
    assert_eq!(wrong::<NewTask>(&format!("{{\"params\":{{\"a\":{deep}")).0, "The body is nested too deeply: at most 128 levels are read.");
    assert_eq!(wrong::<BatchRequest>(r#"{"ids":[1]}"#), ("The field `action` is missing.".to_owned(), Some("action".to_owned())));
    let time = "`expires_at` must be an RFC 3339 time such as 2026-01-31T08:15:30Z, not the text \"soon\".";
    assert_eq!(wrong::<NewKey>(r#"{"name":"x","expires_at":"soon"}"#).0, time);
}

/// Long values are not repeated whole.
#[test]
fn what_was_sent_is_repeated_in_part() {
    let (message, _) = wrong::<NewTask>(&json!({"params": "x".repeat(5000)}).to_string());
    assert!(message.len() < 200 && message.contains('…'), "{message}");
    let (message, field) = wrong::<NewTask>(&json!({"params": {}, "y".repeat(5000): 1}).to_string());
    assert!(message.len() < 400 && field.is_some_and(|field| field.chars().count() < 100), "{message}");
}

#[test]
fn a_name_that_stands_twice_is_refused_wherever_it_stands() {
    for (text, field) in [
        (r#"{"params":{},"params":{}}"#, "params"),
        (r#"{"params":{"prompt":"a","prompt":"b"}}"#, "params.prompt"),
        (r#"{"params":{"a":[1,{"b":{"c":1,"d":2,"\u0063":3}}]}}"#, "params.a[1].b.c"),
        (r#"{"nothing":1,"nothing":1}"#, "nothing"),
    ] {
        let sentence = format!("The field `{field}` is there twice.");
        assert_eq!(wrong::<NewTask>(text), (sentence.clone(), Some(field.to_owned())), "{text}");
        assert_eq!(wrong::<Map<String, Value>>(text).0, sentence, "{text}");
    }
    let good: NewTask = json(br#"{"params":{"a":{"x":1},"b":{"x":1},"c":[{"x":1},{"x":1}]}}"#).unwrap();
    assert_eq!(good.params.len(), 3);
}

#[test]
fn values_read_as_serde_json_reads_them() {
    let given = json!({"params": {"a": [1, -2, 2.5, "x", null, {"b": true}]}, "name": "n", "max_retries": -1, "priority": "urgent"});
    let (ours, theirs): (NewTask, NewTask) = (value(&given).unwrap(), serde_json::from_value(given).unwrap());
    assert_eq!(ours, theirs);
}
