//! Redirects: followed only when asked for, each hop checked as the first, credentials kept at home.

use super::servers::{Canary, Server, answering, client, ok, patient, status};
use crate::http_client::redirect::Hop;
use crate::http_client::{OutboundErrorKind, OutboundPolicy, OutboundRequest, Refusal};
use bytes::Bytes;
use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::{Method, StatusCode};

/// Redirects everything but `/end`.
async fn redirecting(code: u16, location: String) -> Server {
    answering(move |request| match request.contains(" /end ") {
        true => ok("", b"arrived"),
        false => status(code, &format!("location: {location}\r\n"), b"elsewhere"),
    })
    .await
}

fn following(url: String, method: Method) -> OutboundRequest {
    let body = if method == Method::POST || method == Method::PUT { Bytes::from_static(b"{\"a\":1}") } else { Bytes::new() };
    let headers = HeaderMap::from_iter([(http::header::CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
    OutboundRequest { method, redirects: 3, headers, body, ..patient(url) }
}

#[tokio::test]
async fn none_is_followed_unless_asked_for() {
    let server = redirecting(302, "/end".into()).await;
    let response = server.client().call(patient(server.url("/start"))).await.unwrap();
    assert_eq!((response.status, &response.body[..]), (302, &b"elsewhere"[..]));
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn method_and_body_follow_the_standard() {
    let cases = [
        (301, "POST", "GET"),
        (302, "POST", "GET"),
        (303, "POST", "GET"),
        (303, "PUT", "GET"),
        (302, "PUT", "PUT"),
        (303, "HEAD", "HEAD"),
        (307, "POST", "POST"),
        (308, "PUT", "PUT"),
        (301, "GET", "GET"),
    ];
    for (code, before, after) in cases {
        let server = redirecting(code, "/end".into()).await;
        let request = following(server.url("/start"), before.parse().unwrap());
        let response = server.client().call(request).await.unwrap_or_else(|error| panic!("{code} {before}: {error}"));
        assert_eq!(response.status, 200, "{code} {before}");
        let last = server.seen().pop().unwrap();
        assert!(last.starts_with(&format!("{after} /end HTTP/1.1")), "{code} {before}: {last}");
        let keeps_body = matches!(after, "POST" | "PUT");
        assert_eq!(last.contains("{\"a\":1}"), keeps_body, "{code} {before}: {last}");
        assert_eq!(last.contains("application/json"), keeps_body || before == after, "{code} {before}: {last}");
    }
}

#[tokio::test]
async fn no_redirect_leads_inside() {
    let canary = Canary::start().await;
    let port = canary.port;
    let locations = [
        format!("http://127.0.0.1:{port}/"),
        format!("//127.0.0.1:{port}/"),
        format!("http://2130706433:{port}/"),
        format!("http://0x7f.1:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
        format!("http:\\\\127.0.0.1:{port}\\"),
        format!("http://localhost:{port}/"),
        format!("http://innocent.example:{port}/"),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
    ];
    for location in locations {
        let server = redirecting(302, location.clone()).await;
        let error = server.client().call(following(server.url("/"), Method::GET)).await.expect_err(&location);
        assert!(matches!(error.kind(), OutboundErrorKind::Refused(Refusal::Address(_))), "{location}: {error}");
        assert!(error.maybe_sent(), "the first hop was sent");
    }
    for location in ["file:///etc/passwd", "gopher://127.0.0.1/", "javascript:0", "http://user:word@1.1.1.1/", "http://[fe80::1%25lo]/"] {
        let server = redirecting(302, location.to_owned()).await;
        let error = server.client().call(following(server.url("/"), Method::GET)).await.expect_err(location);
        let kind = error.kind();
        assert!(matches!(kind, OutboundErrorKind::Invalid(_) | OutboundErrorKind::Protocol), "{location}: {error}");
    }
    assert_eq!(canary.hits().await, 0);
}

#[tokio::test]
async fn loops_end() {
    let server = redirecting(302, "/again".into()).await;
    for (asked, requests) in [(1, 2), (3, 4), (5, 6), (200, 6)] {
        server.requests.lock().unwrap().clear();
        let request = OutboundRequest { redirects: asked, ..patient(server.url("/")) };
        let error = server.client().call(request).await.unwrap_err();
        assert_eq!(error.kind(), OutboundErrorKind::TooManyRedirects);
        assert!(error.maybe_sent() && !error.is_retryable());
        assert_eq!(server.seen().len(), requests, "asked for {asked}");
    }
}

fn secrets() -> HeaderMap {
    let mut marked = HeaderValue::from_static("marked-secret");
    marked.set_sensitive(true);
    let mut headers = HeaderMap::new();
    for name in ["authorization", "cookie", "x-api-key", "proxy-authorization", "x-our-token"] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static("a-secret"));
    }
    headers.insert("x-marked", marked);
    headers.insert("x-plain", HeaderValue::from_static("not hidden"));
    headers
}

#[tokio::test]
async fn credentials_stay_at_the_origin() {
    let elsewhere = redirecting(302, "/end".into()).await;
    let start = redirecting(307, elsewhere.url("/other")).await;
    let mut request = following(start.url("/"), Method::GET);
    request.headers = secrets();
    request.sensitive = vec![HeaderName::from_static("x-our-token")];
    let client = client(&[start.port, elsewhere.port]);
    assert_eq!(client.call(request.clone()).await.unwrap().body, "arrived");
    let first = start.seen().pop().unwrap();
    assert_eq!(first.matches("a-secret").count(), 5, "{first}");
    assert!(first.contains("marked-secret"));
    let foreign = elsewhere.seen();
    assert_eq!(foreign.len(), 2);
    for request in foreign {
        assert!(!request.contains("secret") && request.contains("not hidden"), "{request}");
    }

    let home = redirecting(307, "/end".into()).await;
    request.url = home.url("/");
    home.client().call(request).await.unwrap();
    assert_eq!(home.seen().pop().unwrap().matches("secret").count(), 6, "the same origin keeps them");
}

#[test]
fn a_change_of_scheme_or_port_is_a_change_of_origin_and_https_never_leads_to_http() {
    let policy = OutboundPolicy::default();
    let go = |from: &str, to: &str| {
        let hop = Hop { method: Method::GET, url: from.parse().unwrap(), headers: secrets(), body: Bytes::new() };
        let location = HeaderValue::from_str(to).unwrap();
        hop.redirected(StatusCode::FOUND, &location, &[], &policy).map(|hop| hop.headers.contains_key("authorization"))
    };
    let cases = [
        ("https://a.example/", "/b", true),
        ("https://a.example/", "https://a.example:443/b", true),
        ("https://a.example/", "https://A.example/b", true),
        ("https://a.example/", "https://a.example:444/b", false),
        ("https://a.example/", "https://b.example/", false),
        ("https://a.example/", "https://sub.a.example/", false),
        ("https://a.example/", "//b.example/", false),
        ("http://a.example/", "https://a.example/", false),
        ("http://a.example/", "http://a.example:8080/", false),
    ];
    for (from, to, kept) in cases {
        assert_eq!(go(from, to).unwrap(), kept, "{from} to {to}");
    }
    for to in ["http://a.example/", "http://b.example/", "HTTP://a.example:443/"] {
        assert_eq!(go("https://a.example/", to).unwrap_err().kind(), OutboundErrorKind::Refused(Refusal::Downgrade), "{to}");
    }
}

#[tokio::test]
async fn a_redirect_without_a_place_is_an_answer() {
    let server = answering(|_| status(302, "", b"nowhere")).await;
    let response = server.client().call(following(server.url("/"), Method::GET)).await.unwrap();
    assert_eq!((response.status, &response.body[..]), (302, &b"nowhere"[..]));
}
