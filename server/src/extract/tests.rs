use super::credential::{self, Credential, QueryKey};
use super::{client, query};
use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue};
use model::ErrorCode;
use model::tasks::TaskFilter;
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

#[test]
fn query_strings() {
    let good: TaskFilter = query::parse("page=2&status=&q=%E9%9B%A8&start=2026-01-31T08:15:30%2B08:00&feature_id=7&sort=name").unwrap();
    assert_eq!((good.page, good.status, good.q.as_deref(), good.feature_id), (Some(2), None, Some("雨"), Some(7)));
    assert_eq!(good.start.unwrap().rfc3339(), "2026-01-31T00:15:30.000Z");
    for (text, field, message) in [
        ("page=two", "page", "`page` must be a number, not the text \"two\"."),
        (
            "status=done",
            "status",
            "`status` must be one of `queued`, `running`, `waiting_upstream`, `retry_wait`, `succeeded`, `failed`, `cancelled`, not the text \"done\".",
        ),
        ("start=yesterday", "start", "`start` must be an RFC 3339 time such as 2026-01-31T08:15:30Z, not the text \"yesterday\"."),
    ] {
        let error = query::parse::<TaskFilter>(text).unwrap_err();
        assert_eq!((error.field.as_deref(), error.message.as_str()), (Some(field), message));
    }
    for text in ["page=1&page=2", "pages=1", "page=99999999999999999999"] {
        assert_eq!(query::parse::<TaskFilter>(text).unwrap_err().code, ErrorCode::BadRequest, "{text}");
    }
}
