use super::credential::{self, Credential, QueryKey};
use super::{client, json, query};
use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue};
use model::ErrorCode;
use model::tasks::{NewTask, TaskFilter};
use std::net::SocketAddr;

fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.append(name.parse::<HeaderName>().unwrap(), HeaderValue::from_str(value).unwrap());
    }
    headers
}

fn address(forwarded: &[&str], hops: u32) -> String {
    let pairs: Vec<_> = forwarded.iter().map(|value| ("x-forwarded-for", *value)).collect();
    let mut extensions = Extensions::new();
    extensions.insert(ConnectInfo("10.0.0.1:5000".parse::<SocketAddr>().unwrap()));
    client::find(&headers(&pairs), &extensions, hops).to_string()
}

/// The table of forwarded addresses: what the client wrote itself never counts.
#[test]
fn addresses_behind_proxies() {
    for (forwarded, hops, expected) in [
        (&["6.6.6.6"][..], 0, "10.0.0.1"),
        (&[], 1, "10.0.0.1"),
        (&["203.0.113.7"], 1, "203.0.113.7"),
        (&["6.6.6.6, 203.0.113.7"], 1, "203.0.113.7"),
        (&["6.6.6.6", "203.0.113.7"], 1, "203.0.113.7"),
        (&["6.6.6.6, 203.0.113.7, 198.51.100.2"], 2, "203.0.113.7"),
        (&["203.0.113.7"], 2, "203.0.113.7"),
        (&["6.6.6.6, unknown"], 2, "10.0.0.1"),
        (&["6.6.6.6, unknown, 198.51.100.2"], 3, "198.51.100.2"),
        (&["203.0.113.7:4711"], 1, "203.0.113.7"),
        (&["[2001:db8::7]:4711"], 1, "2001:db8::7"),
        (&["[2001:db8::7]"], 1, "2001:db8::7"),
        (&["::ffff:203.0.113.7"], 1, "203.0.113.7"),
        (&[""], 1, "10.0.0.1"),
    ] {
        assert_eq!(address(forwarded, hops), expected, "{forwarded:?} with {hops} proxies");
    }
}

/// The table of credentials: an explicit key always wins over the cookie, and two different keys are none.
#[test]
fn credentials() {
    let key = |key| Ok(Credential::Key { key, from_query: false });
    let in_query = QueryKey("q".to_owned());
    let table = [
        (vec![], None, Ok(Credential::Nothing)),
        (vec![("cookie", "lang=en; session=s; theme=dark")], None, Ok(Credential::Session("s"))),
        (vec![("cookie", "xsession=s")], None, Ok(Credential::Nothing)),
        (vec![("x-api-key", "k"), ("cookie", "session=s")], None, key("k")),
        (vec![("x-api-key", "")], None, key("")),
        (vec![("authorization", "Bearer k")], None, key("k")),
        (vec![("authorization", "bearer  k ")], None, key("k")),
        (vec![("authorization", "k")], None, key("k")),
        (vec![("authorization", "Basic abc"), ("cookie", "session=s")], None, key("Basic abc")),
        (vec![("authorization", "Bearer k"), ("x-api-key", "k")], None, key("k")),
        (vec![("authorization", "Bearer k"), ("x-api-key", "j")], None, Err(ErrorCode::Unauthenticated)),
        (vec![("x-api-key", "k"), ("x-api-key", "j")], None, Err(ErrorCode::Unauthenticated)),
        (vec![("cookie", "session=s")], Some(&in_query), Ok(Credential::Key { key: "q", from_query: true })),
        (vec![("x-api-key", "k")], Some(&in_query), Err(ErrorCode::Unauthenticated)),
    ];
    for (pairs, query, expected) in table {
        let headers = headers(&pairs);
        let found = credential::find(&headers, query, "session").map_err(|error| error.code);
        assert_eq!(found, expected, "{pairs:?}");
    }
}

fn wrong_json(text: &str) -> (String, Option<String>) {
    let error = json::parse::<NewTask>(text.as_bytes()).unwrap_err();
    assert_eq!(error.code, ErrorCode::BadRequest);
    (error.message, error.field)
}

#[test]
fn what_is_wrong_with_a_body_is_said() {
    let cases = [
        ("", "The body is empty; JSON is expected.", None),
        ("{\"params\"", "The body is not valid JSON: EOF while parsing an object at line 1 column 9.", None),
        (" [{}]", "The body must be a JSON object, not a list.", None),
        ("7", "The body is not as expected: invalid type: integer `7`, expected struct NewTask.", None),
        (
            r#"{"params":{},"max_retries":"two"}"#,
            "The value of `max_retries` is not as expected: invalid type: string \"two\", expected i64.",
            Some("max_retries"),
        ),
        (
            r#"{"params":{},"retries":2}"#,
            "The value of `retries` is not as expected: unknown field `retries`, expected one of `params`, `name`, `category`, `headers`, `max_retries`, `interval_seconds`, `priority`, `webhook_ids`.",
            Some("retries"),
        ),
        (
            r#"{"params":{},"priority":"high"}"#,
            "The value of `priority` is not as expected: unknown variant `high`, expected `urgent` or `normal`.",
            Some("priority"),
        ),
    ];
    for (text, message, field) in cases {
        assert_eq!(wrong_json(text), (message.to_owned(), field.map(str::to_owned)), "{text}");
    }
    let deep = "[".repeat(100_000);
    assert!(wrong_json(&format!("{{\"params\":{{\"a\":{deep}")).0.contains("recursion limit exceeded"));
}

#[test]
fn query_strings() {
    let good: TaskFilter = query::parse("page=2&status=&q=%E9%9B%A8&start=2026-01-31T08:15:30%2B08:00&feature_id=7&sort=name").unwrap();
    assert_eq!((good.page, good.status, good.q.as_deref(), good.feature_id), (Some(2), None, Some("雨"), Some(7)));
    assert_eq!(good.start.unwrap().rfc3339(), "2026-01-31T00:15:30.000Z");
    for (text, field, message) in [
        ("page=two", "page", "The parameter `page` is not as expected: invalid value: string \"two\", expected a number."),
        (
            "status=done",
            "status",
            "The parameter `status` is not as expected: unknown variant `done`, expected one of `queued`, `running`, `waiting_upstream`, `retry_wait`, `succeeded`, `failed`, `cancelled`.",
        ),
        ("start=yesterday", "start", "The parameter `start` is not as expected: expected an RFC 3339 time such as 2026-01-31T08:15:30Z."),
    ] {
        let error = query::parse::<TaskFilter>(text).unwrap_err();
        assert_eq!((error.field.as_deref(), error.message.as_str()), (Some(field), message));
    }
    for text in ["page=1&page=2", "pages=1", "page=99999999999999999999"] {
        assert_eq!(query::parse::<TaskFilter>(text).unwrap_err().code, ErrorCode::BadRequest, "{text}");
    }
}
