//! Sizes and encodings of bodies.

use super::servers::{answering, ok, patient, raw, read_request, status};
use crate::http_client::{OutboundErrorKind, OutboundRequest};
use async_compression::tokio::write::{BrotliEncoder, DeflateEncoder, GzipEncoder, ZlibEncoder};
use http::Method;
use tokio::io::{AsyncWrite, AsyncWriteExt};

const CAP: usize = 64 * 1024;
const ENCODINGS: [(&str, &str); 4] = [("gzip", "gzip"), ("br", "br"), ("zlib", "deflate"), ("bare deflate", "deflate")];

async fn compressed(how: &str, chunk: &[u8], times: usize) -> Vec<u8> {
    async fn fill(mut encoder: impl AsyncWrite + Unpin, chunk: &[u8], times: usize) {
        for _ in 0..times {
            encoder.write_all(chunk).await.unwrap();
        }
        encoder.shutdown().await.unwrap();
    }
    let mut bytes = Vec::new();
    match how {
        "gzip" => fill(GzipEncoder::new(&mut bytes), chunk, times).await,
        "br" => fill(BrotliEncoder::with_quality(&mut bytes, async_compression::Level::Fastest), chunk, times).await,
        "zlib" => fill(ZlibEncoder::new(&mut bytes), chunk, times).await,
        _ => fill(DeflateEncoder::new(&mut bytes), chunk, times).await,
    }
    bytes
}

/// The most memory this process ever used, in bytes (Linux).
fn peak_memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<usize>().ok()).unwrap_or(0) * 1024
}

#[tokio::test]
async fn encodings_are_undone() {
    for (how, name) in ENCODINGS {
        let text = "the same words over and over ".repeat(100);
        let bytes = compressed(how, text.as_bytes(), 1).await;
        let server = answering(move |_| ok(&format!("Content-Encoding: {name}\r\n"), &bytes)).await;
        let client = server.client();
        for _ in 0..3 {
            let response = client.call(patient(server.url("/"))).await.unwrap_or_else(|error| panic!("{how}: {error}"));
            assert_eq!(response.body, text, "{how}");
            assert!(!response.truncated && !response.headers.contains_key("content-encoding"));
            assert!(!response.headers.contains_key("content-length"));
        }
        assert_eq!(server.connections.load(std::sync::atomic::Ordering::SeqCst), 1, "{how} keeps its connection");
        assert!(server.seen()[0].contains("accept-encoding: gzip, br, deflate\r\n"));
    }
}

#[tokio::test]
async fn a_chunked_compressed_body_keeps_its_connection() {
    let bytes = compressed("gzip", b"hello", 1).await;
    let server = answering(move |_| {
        let mut answer = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
        for byte in &bytes {
            answer.extend_from_slice(&[b'1', b'\r', b'\n', *byte, b'\r', b'\n']);
        }
        answer.extend_from_slice(b"0\r\n\r\n");
        answer
    })
    .await;
    let client = server.client();
    for _ in 0..3 {
        assert_eq!(client.call(patient(server.url("/"))).await.unwrap().body, "hello");
    }
    assert_eq!(server.connections.load(std::sync::atomic::Ordering::SeqCst), 1);
}

#[tokio::test]
async fn bombs_are_cut_at_the_cap() {
    for (how, name) in ENCODINGS {
        let bomb = compressed(how, &[0; CAP], 160).await;
        assert!(bomb.len() < CAP, "{how}: 10 MB became {}", bomb.len());
        let server = answering(move |_| ok(&format!("content-encoding: {name}\r\n"), &bomb)).await;
        let before = peak_memory();
        let error = server.client().call(patient(server.url("/"))).await.unwrap_err();
        assert_eq!(error.kind(), OutboundErrorKind::TooLarge, "{how}: {error}");
        assert!(error.maybe_sent() && !error.is_retryable());
        let cut = server.client().call(OutboundRequest { truncate: true, ..patient(server.url("/")) }).await.unwrap();
        assert!(cut.truncated && cut.body.len() == CAP && cut.body.iter().all(|byte| *byte == 0), "{how}");
        let grown = peak_memory().saturating_sub(before);
        // Brotli's window alone may take 16 MiB.
        assert!(grown < 24 * 1024 * 1024, "{how}: memory grew by {grown}");
    }
}

#[tokio::test]
async fn an_endless_bomb_is_read_no_further_than_the_cap() {
    let block = {
        let mut encoder = GzipEncoder::new(Vec::new());
        encoder.write_all(&[0; CAP]).await.unwrap();
        encoder.flush().await.unwrap();
        encoder.into_inner()
    };
    // The rest of a flushed gzip stream is plain deflate blocks, of which there can be any number.
    let (port, _) = raw(move |mut stream| {
        let block = block.clone();
        Box::pin(async move {
            read_request(&mut stream).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n").await;
            let _ = stream.write_all(&block).await;
            while stream.write_all(&block[10..]).await.is_ok() {}
        })
    })
    .await;
    let request = OutboundRequest { truncate: true, ..patient(format!("http://127.0.0.1:{port}/")) };
    let response = super::servers::client(&[port]).call(request).await.unwrap();
    assert!(response.truncated && response.body.len() == CAP);
}

#[tokio::test]
async fn encodings_that_are_not_accepted() {
    let once = compressed("gzip", b"x", 1).await;
    let twice = compressed("gzip", &once, 1).await;
    let cut = once[..once.len() - 6].to_vec();
    let cases: Vec<(&str, &str, Vec<u8>)> = vec![
        ("double gzip", "content-encoding: gzip, gzip\r\n", twice.clone()),
        ("two lines", "content-encoding: gzip\r\ncontent-encoding: br\r\n", twice),
        ("zstd", "content-encoding: zstd\r\n", b"x".to_vec()),
        ("compress", "content-encoding: compress\r\n", b"x".to_vec()),
        ("nonsense", "content-encoding: \x01gzip\r\n", once.clone()),
        ("not gzip", "content-encoding: gzip\r\n", b"plain text".to_vec()),
        ("not brotli", "content-encoding: br\r\n", vec![0xff; 50]),
        ("not deflate", "content-encoding: deflate\r\n", vec![0xff; 50]),
        ("cut gzip", "content-encoding: gzip\r\n", cut),
        ("one byte", "content-encoding: gzip\r\n", vec![0x1f]),
    ];
    for (name, header, body) in cases {
        let server = answering(move |_| ok(header, &body)).await;
        let error = server.client().call(patient(server.url("/"))).await.expect_err(name);
        assert_eq!(error.kind(), OutboundErrorKind::Protocol, "{name}: {error}");
        assert!(error.maybe_sent(), "{name}");
    }
    let fine = [("identity", b"x".to_vec(), "x"), ("x-gzip", once.clone(), "x"), ("GZip", once, "x"), ("gzip", Vec::new(), "")];
    for (encoding, body, text) in fine {
        let server = answering(move |_| ok(&format!("content-encoding: {encoding}\r\n"), &body)).await;
        assert_eq!(server.client().call(patient(server.url("/"))).await.expect(encoding).body, text, "{encoding}");
    }
}

#[tokio::test]
async fn answers_without_a_body_are_not_decoded() {
    let server = answering(|request| match request.starts_with("HEAD") {
        true => b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 99999999\r\n\r\n".to_vec(),
        false if request.contains("/204") => b"HTTP/1.1 204 No Content\r\ncontent-encoding: zstd\r\n\r\n".to_vec(),
        false => status(304, "content-encoding: br\r\n", b""),
    })
    .await;
    let client = server.client();
    let head = client.call(OutboundRequest { method: Method::HEAD, ..patient(server.url("/")) }).await.unwrap();
    assert_eq!((head.status, head.headers["content-length"].to_str().unwrap()), (200, "99999999"));
    for path in ["/204", "/304"] {
        assert!(client.call(patient(server.url(path))).await.unwrap().body.is_empty(), "{path}");
    }
}

#[tokio::test]
async fn plain_bodies_are_cut_at_the_cap() {
    fn chunked(body: &[u8]) -> Vec<u8> {
        let mut bytes = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
        for part in body.chunks(1000) {
            bytes.extend_from_slice(format!("{:x}\r\n", part.len()).as_bytes());
            bytes.extend_from_slice(part);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"0\r\n\r\n");
        bytes
    }
    for (size, fits) in [(0, true), (1, true), (CAP - 1, true), (CAP, true), (CAP + 1, false), (4 * CAP, false)] {
        let body: Vec<u8> = (0..size).map(|n| (n % 251) as u8).collect();
        for in_chunks in [false, true] {
            let sent = body.clone();
            let server = answering(move |_| if in_chunks { chunked(&sent) } else { ok("", &sent) }).await;
            let whole = server.client().call(patient(server.url("/"))).await;
            assert_eq!(whole.as_ref().map_err(|error| error.kind()).err(), (!fits).then_some(OutboundErrorKind::TooLarge), "{size}");
            let cut = server.client().call(OutboundRequest { truncate: true, ..patient(server.url("/")) }).await.unwrap();
            assert_eq!((cut.truncated, &cut.body[..]), (!fits, &body[..size.min(CAP)]), "{size} in chunks: {in_chunks}");
        }
    }
}
