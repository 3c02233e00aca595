use super::body::{self, BodyError};
use super::cors::Cors;
use super::cross_site;
use super::rate_limit::{CountedBy, RateLimit};
use super::request_id::RequestId;
use super::strip_api_key::strip;
use crate::extract::credential::QueryKey;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request};
use http_body_util::BodyExt;
use std::time::Duration;

fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    pairs.iter().map(|(name, value)| (name.parse::<HeaderName>().unwrap(), HeaderValue::from_str(value).unwrap())).collect()
}

/// The key leaves the address in every spelling, and the rest stays as it was.
#[test]
fn keys_leave_the_address() {
    for (before, after, key) in [
        ("/api/tasks", "/api/tasks", None),
        ("/api/tasks?page=2&q=key", "/api/tasks?page=2&q=key", None),
        ("/api/tasks?api_key=k", "/api/tasks", Some("k")),
        ("/api/tasks?api_key=k&page=2", "/api/tasks?page=2", Some("k")),
        ("/api/tasks?page=2&api_key=a%20b&q=%E9%9B%A8", "/api/tasks?page=2&q=%E9%9B%A8", Some("a b")),
        ("/api/tasks?api%5Fkey=k&page=2", "/api/tasks?page=2", Some("k")),
        ("/api/tasks?api_key=", "/api/tasks", Some("")),
        ("/api/tasks?api_key=k&api_key=k", "/api/tasks", Some("k")),
        ("/api/tasks?api_key=k&api_key=j", "/api/tasks", Some("k&j")),
        ("/api/tasks?xapi_key=k", "/api/tasks?xapi_key=k", None),
    ] {
        let mut request = Request::builder().uri(before).body(()).unwrap();
        strip(&mut request);
        assert_eq!(request.uri().to_string(), after, "{before}");
        assert_eq!(request.extensions().get::<QueryKey>().map(|key| key.0.as_str()), key, "{before}");
    }
}

/// What browsers, programs and foreign pages send.
#[test]
fn writes_from_other_sites() {
    let ours = Some("https://api.example.com");
    type Row<'a> = (&'a [(&'a str, &'a str)], Option<&'a str>, bool);
    let table: [Row<'_>; 12] = [
        (&[], None, true),
        (&[("sec-fetch-site", "same-origin")], None, true),
        (&[("sec-fetch-site", "none")], None, true),
        (&[("sec-fetch-site", "same-site")], None, false),
        (&[("sec-fetch-site", "cross-site")], None, false),
        (&[("sec-fetch-site", "")], None, false),
        (&[("host", "box:3000"), ("origin", "http://box:3000")], None, true),
        (&[("host", "box:3000"), ("origin", "http://box:3001")], None, false),
        (&[("host", "box:3000"), ("origin", "null")], None, false),
        (&[("host", "inner:3000"), ("origin", "https://api.example.com")], ours, true),
        (&[("host", "inner:3000"), ("origin", "https://evil.example")], ours, false),
        // Says same-origin by its Origin but cross-site by what the page cannot forge.
        (&[("host", "box"), ("origin", "http://box"), ("sec-fetch-site", "cross-site")], None, false),
    ];
    for (pairs, public, allowed) in table {
        assert_eq!(cross_site::check(&headers(pairs), public).is_ok(), allowed, "{pairs:?}");
    }
}

#[test]
fn origins() {
    let off = Cors::new(&[]);
    let some = Cors::new(&["https://app.example/".to_owned()]);
    let any = Cors::new(&["*".to_owned()]);
    let from = |origin: &str| headers(&[("origin", origin)]);
    assert_eq!(off.allowed(&from("https://app.example"), "/api/tasks"), None);
    assert_eq!(some.allowed(&from("https://app.example"), "/api/tasks").unwrap(), "https://app.example");
    assert_eq!(some.allowed(&from("https://app.example.evil"), "/api/tasks"), None);
    assert_eq!(some.allowed(&from("https://app.example"), "/tasks"), None);
    assert_eq!(any.allowed(&from("null"), "/api/tasks").unwrap(), "*");
    assert_eq!(any.allowed(&headers(&[]), "/api/tasks"), None);
}

#[test]
fn quotas_are_counted_apart() {
    let limit = RateLimit::default();
    let (one, other) = (CountedBy::Key(1), CountedBy::User(1));
    assert!(limit.count(one, 2).is_ok() && limit.count(one, 2).is_ok());
    let (error, allowance) = limit.count(one, 2).unwrap_err();
    assert_eq!(error.code, model::ErrorCode::RateLimited);
    assert!((1..=30).contains(&error.retry_after.unwrap()), "{error:?}");
    let mut written = HeaderMap::new();
    allowance.write(&mut written);
    assert_eq!((written["ratelimit-limit"].as_bytes(), written["ratelimit-remaining"].as_bytes()), (&b"2"[..], &b"0"[..]));
    assert!(limit.count(other, 2).is_ok());
    // Another limit is another count.
    assert!(limit.count(one, 3).is_ok());
    assert_eq!(limit.count(one, 0).unwrap(), None);
    let network = |text: &str| CountedBy::address(text.parse().unwrap());
    assert_eq!(network("2001:db8::1"), network("2001:db8::ffff"));
    assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
}

#[test]
fn request_ids() {
    let given = |id: &str| RequestId::of(&headers(&[("x-request-id", id)]));
    assert_eq!(given("abc-1.2_3:4").as_str(), "abc-1.2_3:4");
    for bad in ["", "a b", "a\"b", &"x".repeat(65)] {
        assert!(given(bad).as_str().starts_with("req_"), "{bad}");
    }
    let (a, b) = (RequestId::new(), RequestId::new());
    assert_ne!(a.as_str(), b.as_str());
    assert_eq!(a.as_str().len(), 20);
}

#[tokio::test]
async fn bodies_have_limits() {
    let announced = Request::builder().header("content-length", "11").body(Body::from(vec![0; 11])).unwrap();
    assert_eq!(body::limit(announced, 10, Duration::from_secs(1)).unwrap_err(), BodyError::TooLarge(10));

    let chunks = futures::stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"123456")), Ok(Bytes::from_static(b"78901"))]);
    let chunked = body::limit(Request::new(Body::from_stream(chunks)), 10, Duration::from_secs(1)).unwrap();
    let error = chunked.into_body().collect().await.unwrap_err();
    assert!(format!("{error:?}").contains("TooLarge(10)"), "{error:?}");

    let never = Body::from_stream(futures::stream::pending::<Result<Bytes, std::io::Error>>());
    let slow = body::limit(Request::new(never), 10, Duration::from_millis(20)).unwrap();
    let error = slow.into_body().collect().await.unwrap_err();
    assert!(format!("{error:?}").contains("TooSlow"), "{error:?}");

    let fits = body::limit(Request::new(Body::from("0123456789")), 10, Duration::from_secs(1)).unwrap();
    assert_eq!(fits.into_body().collect().await.unwrap().to_bytes(), "0123456789");
}
