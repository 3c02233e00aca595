//! Connections: reuse, loss, headers, and what is known to have been sent.

use super::servers::{answering, client, get, ok, patient, raw, read_request};
use crate::http_client::{OutboundErrorKind, OutboundRequest};
use bytes::Bytes;
use http::Method;
use http::header::{HeaderMap, HeaderName, HeaderValue};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::AsyncWriteExt;

#[tokio::test]
async fn calls_one_after_the_other_share_a_connection() {
    let server = answering(|_| ok("", b"hello")).await;
    let client = server.client();
    for _ in 0..50 {
        assert_eq!(client.call(patient(server.url("/"))).await.unwrap().body, "hello");
    }
    assert_eq!(server.connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn many_calls_at_once_each_get_their_own_answer() {
    let server = answering(|request| ok("", request.split(' ').nth(1).unwrap().as_bytes())).await;
    let client = server.client();
    let calls = (0..200).map(|n| {
        let (client, url) = (client.clone(), server.url(&format!("/{n}")));
        tokio::spawn(async move { client.call(patient(url)).await.map(|response| response.body) })
    });
    for (n, call) in futures::future::join_all(calls).await.into_iter().enumerate() {
        assert_eq!(call.unwrap().unwrap(), format!("/{n}"));
    }
}

#[tokio::test]
async fn a_connection_closed_while_idle_is_replaced() {
    let (port, connections) = raw(|mut stream| {
        Box::pin(async move {
            read_request(&mut stream).await;
            let _ = stream.write_all(&ok("", b"x")).await;
        })
    })
    .await;
    let client = client(&[port]);
    for _ in 0..5 {
        client.call(patient(format!("http://127.0.0.1:{port}/"))).await.unwrap();
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(connections.load(Ordering::SeqCst), 5);
}

/// A request that was written on a reused connection may have been acted upon: it must not be sent a second time by itself.
#[tokio::test]
async fn a_request_swallowed_by_a_reused_connection_is_not_repeated() {
    let requests = Arc::new(AtomicUsize::new(0));
    let counter = requests.clone();
    let (port, _) = raw(move |mut stream| {
        let counter = counter.clone();
        Box::pin(async move {
            read_request(&mut stream).await;
            counter.fetch_add(1, Ordering::SeqCst);
            let _ = stream.write_all(&ok("", b"x")).await;
            read_request(&mut stream).await;
            counter.fetch_add(1, Ordering::SeqCst);
        })
    })
    .await;
    let client = client(&[port]);
    let post =
        || OutboundRequest { method: Method::POST, body: Bytes::from_static(b"pay"), ..patient(format!("http://127.0.0.1:{port}/")) };
    client.call(post()).await.unwrap();
    let error = client.call(post()).await.unwrap_err();
    assert_eq!(error.kind(), OutboundErrorKind::Interrupted, "{error}");
    assert!(error.maybe_sent());
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(requests.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn nothing_was_sent_where_nothing_listens() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for scheme in ["http", "https"] {
        let error = client(&[port]).call(get(format!("{scheme}://127.0.0.1:{port}/"))).await.unwrap_err();
        assert_eq!(error.kind(), OutboundErrorKind::Unreachable, "{error}");
        assert!(!error.maybe_sent());
    }
}

#[tokio::test]
async fn a_dropped_call_closes_its_connection() {
    let closed = Arc::new(tokio::sync::Notify::new());
    let notify = closed.clone();
    let (port, _) = raw(move |mut stream| {
        let notify = notify.clone();
        Box::pin(async move {
            read_request(&mut stream).await;
            read_request(&mut stream).await;
            notify.notify_one();
        })
    })
    .await;
    let client = client(&[port]);
    let call = client.call(patient(format!("http://127.0.0.1:{port}/")));
    assert!(tokio::time::timeout(Duration::from_millis(50), call).await.is_err());
    tokio::time::timeout(Duration::from_secs(5), closed.notified()).await.expect("the connection is closed");
}

#[tokio::test]
async fn headers_of_the_connection_are_ours() {
    let server = answering(|_| ok("", b"")).await;
    let mut headers = HeaderMap::new();
    let forbidden = [
        "host",
        "content-length",
        "transfer-encoding",
        "connection",
        "upgrade",
        "te",
        "trailer",
        "expect",
        "keep-alive",
        "proxy-connection",
    ];
    for name in forbidden {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static("forged"));
    }
    headers.insert("accept-encoding", HeaderValue::from_static("zstd, forged"));
    headers.insert("x-mine", HeaderValue::from_static("kept"));
    headers.append("x-mine", HeaderValue::from_static("kept too"));
    let body = Bytes::from_static(b"12345");
    let request = OutboundRequest { method: Method::POST, headers, body, ..patient(server.url("/a?b=c#d")) };
    server.client().call(request).await.unwrap();
    let seen = server.seen().pop().unwrap();
    assert!(seen.starts_with("POST /a?b=c HTTP/1.1\r\n"), "{seen}");
    assert!(!seen.contains("forged"), "{seen}");
    for line in [format!("host: 127.0.0.1:{}", server.port), "content-length: 5".into(), "x-mine: kept".into(), "x-mine: kept too".into()] {
        assert!(seen.contains(&format!("\r\n{line}\r\n")), "{line}: {seen}");
    }
    assert!(seen.contains("\r\nuser-agent: APIRequestWeb/") && seen.ends_with("\r\n\r\n12345"), "{seen}");
}

#[tokio::test]
async fn own_user_agent_and_unencoded_bodies_can_be_asked_for() {
    let server = answering(|_| ok("", b"")).await;
    let mut request = patient(server.url("/"));
    request.headers.insert("user-agent", HeaderValue::from_static("mine"));
    request.headers.insert("accept-encoding", HeaderValue::from_static("identity"));
    server.client().call(request).await.unwrap();
    let seen = server.seen().pop().unwrap();
    assert!(seen.contains("user-agent: mine\r\n") && seen.contains("accept-encoding: identity\r\n"), "{seen}");
}

#[tokio::test]
async fn the_system_resolver_is_judged_like_any_other() {
    let server = answering(|_| ok("", b"")).await;
    let policy = crate::http_client::OutboundPolicy::default();
    let error = crate::http_client::HttpClient::new(policy).call(get(format!("http://localhost:{}/", server.port))).await.unwrap_err();
    let kind = error.kind();
    assert!(matches!(kind, OutboundErrorKind::Refused(_) | OutboundErrorKind::Unreachable), "{error}");
    assert_eq!(server.connections.load(Ordering::SeqCst), 0);
}
