//! Upstreams that are slow, endless, silent or talk nonsense.

use super::servers::{client, get, patient, raw, read_request};
use crate::http_client::{OutboundError, OutboundErrorKind, OutboundRequest, OutboundResponse};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

const NOW: Duration = Duration::ZERO;
const SLOWLY: Duration = Duration::from_millis(40);
const CHUNKS: &[u8] = b"10\r\n0123456789abcdef\r\n10\r\n0123456789abcdef\r\n10\r\n0123456789abcdef\r\n";

/// What an upstream does after it has read the request.
#[derive(Debug, Clone, Copy)]
enum Then {
    Close,
    Reset,
    Stay,
    /// Writes these bytes again and again, after a pause each.
    Repeat(&'static [u8], Duration),
}

async fn play(mut stream: TcpStream, first: Vec<u8>, then: Then) {
    if read_request(&mut stream).await.is_none() || stream.write_all(&first).await.is_err() {
        return;
    }
    match then {
        Then::Close => {}
        Then::Reset => {
            tokio::time::sleep(Duration::from_millis(20)).await;
            // Dropped with a zero linger, a socket sends a reset instead of an end.
            stream.set_zero_linger().unwrap();
        }
        Then::Stay => std::future::pending().await,
        Then::Repeat(bytes, pause) => {
            while stream.write_all(bytes).await.is_ok() {
                if pause > NOW {
                    tokio::time::sleep(pause).await;
                }
            }
        }
    }
}

async fn against(first: impl Into<Vec<u8>>, then: Then) -> Result<OutboundResponse, OutboundError> {
    within(patient, first, then).await
}

/// As `against`, with the limits of a given request.
async fn within(request: fn(String) -> OutboundRequest, first: impl Into<Vec<u8>>, then: Then) -> Result<OutboundResponse, OutboundError> {
    let first = first.into();
    let (port, _) = raw(move |stream| Box::pin(play(stream, first.clone(), then))).await;
    client(&[port]).call(request(format!("http://127.0.0.1:{port}/"))).await
}

#[tokio::test]
async fn what_runs_into_a_time_limit() {
    let cases: [(&str, &str, Then); 9] = [
        ("black hole", "", Then::Stay),
        ("half a status line", "HTTP/1.1 20", Then::Stay),
        ("header never finishing", "HTTP/1.1 200 OK\r\n", Then::Repeat(b"x: y\r\n", SLOWLY)),
        ("endless continue", "", Then::Repeat(b"HTTP/1.1 100 Continue\r\n\r\n", SLOWLY)),
        ("silent body", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n12345", Then::Stay),
        ("slow drip", "HTTP/1.1 200 OK\r\ncontent-length: 60000\r\n\r\n", Then::Repeat(b"x", SLOWLY)),
        ("slow chunks", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", Then::Repeat(b"1\r\nx\r\n", SLOWLY)),
        ("unfinished chunk", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab", Then::Stay),
        ("no length, no end", "HTTP/1.1 200 OK\r\n\r\nabc", Then::Stay),
    ];
    let calls = cases.map(|(name, first, then)| async move { (name, within(get, first, then).await) });
    for (name, result) in futures::future::join_all(calls).await {
        let error = result.expect_err(name);
        assert_eq!(error.kind(), OutboundErrorKind::TimedOut, "{name}: {error}");
        assert!(error.maybe_sent() && error.is_retryable(), "{name}");
    }
}

#[tokio::test]
async fn what_is_too_large() {
    let endless = against("HTTP/1.1 200 OK\r\n\r\n", Then::Repeat(&[b'x'; 4096], NOW)).await;
    let chunks = against("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", Then::Repeat(CHUNKS, NOW)).await;
    let announced = against("HTTP/1.1 200 OK\r\ncontent-length: 10000000000\r\n\r\n", Then::Stay).await;
    for (name, result) in [("endless", endless), ("chunks", chunks), ("announced", announced)] {
        assert_eq!(result.expect_err(name).kind(), OutboundErrorKind::TooLarge, "{name}");
    }
}

#[tokio::test]
async fn an_endless_body_can_be_cut() {
    let (port, _) = raw(|stream| Box::pin(play(stream, b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), Then::Repeat(&[b'x'; 4096], NOW)))).await;
    let request = OutboundRequest { truncate: true, ..patient(format!("http://127.0.0.1:{port}/")) };
    let response = client(&[port]).call(request).await.unwrap();
    assert_eq!((response.truncated, response.body.len()), (true, 64 * 1024));
}

#[tokio::test]
async fn what_ends_too_early() {
    let cases: [(&str, &str, Then); 8] = [
        ("closed without a word", "", Then::Close),
        ("reset without a word", "", Then::Reset),
        ("half a head", "HTTP/1.1 200 OK\r\ncontent-le", Then::Close),
        ("reset mid-head", "HTTP/1.1 200 OK\r\ncontent-le", Then::Reset),
        ("closed mid-body", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n12345", Then::Close),
        ("reset mid-body", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n12345", Then::Reset),
        ("closed mid-chunk", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab", Then::Close),
        ("no last chunk", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n", Then::Close),
    ];
    for (name, first, then) in cases {
        let error = against(first, then).await.expect_err(name);
        assert_eq!(error.kind(), OutboundErrorKind::Interrupted, "{name}: {error}");
        assert!(error.maybe_sent() && error.is_retryable(), "{name}");
    }
}

#[tokio::test]
async fn what_is_not_http() {
    let many = |n: usize, line: &str| format!("HTTP/1.1 200 OK\r\n{}\r\n", line.repeat(n));
    let cases = [
        ("garbage", "SSH-2.0-OpenSSH_9.2\r\n\r\n".to_owned()),
        ("no version", "200 OK\r\n\r\n".to_owned()),
        ("status in words", "HTTP/1.1 OK\r\n\r\n".to_owned()),
        ("status too long", "HTTP/1.1 2000 OK\r\n\r\n".to_owned()),
        ("another version", "HTTP/9.9 200 OK\r\n\r\n".to_owned()),
        ("spaces in a name", "HTTP/1.1 200 OK\r\nbad name: x\r\n\r\n".to_owned()),
        ("a null in a value", "HTTP/1.1 200 OK\r\nname: a\0b\r\n\r\n".to_owned()),
        ("two lengths", "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab".to_owned()),
        ("length in words", "HTTP/1.1 200 OK\r\ncontent-length: ten\r\n\r\n".to_owned()),
        ("100 000 headers", many(100_000, "x: y\r\n")),
        ("101 headers", many(101, "x: y\r\n")),
        ("one huge header", many(1, &format!("x: {}\r\n", "y".repeat(1_000_000)))),
        ("many long headers", many(90, &format!("x: {}\r\n", "y".repeat(1000)))),
        ("an upgrade", "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n".to_owned()),
        ("encoded transfer", "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n".to_owned()),
    ];
    for (name, first) in cases {
        let error = against(first, Then::Stay).await.expect_err(name);
        assert_eq!(error.kind(), OutboundErrorKind::Protocol, "{name}: {error}");
        assert!(error.maybe_sent(), "{name}");
    }
}

#[tokio::test]
async fn broken_chunks_never_give_a_body() {
    for chunk in ["zz\r\nab\r\n", "-1\r\nab\r\n", "ffffffffffffffffff\r\nab", "2\r\nabXX2\r\n", "\r\n\r\n", "2;x\r\nabc"] {
        let first = format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{chunk}");
        let error = against(first, Then::Close).await.expect_err(chunk);
        assert!(matches!(error.kind(), OutboundErrorKind::Protocol | OutboundErrorKind::Interrupted), "{chunk:?}: {error}");
    }
}
