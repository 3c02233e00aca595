#![allow(clippy::disallowed_methods, reason = "tests are the clients here")]

use super::*;
use axum::Router;
use axum::routing::get;
use std::time::Instant;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const SHORT: Limits = Limits {
    header_read: Duration::from_millis(300),
    write_stall: Duration::from_millis(300),
    connections: 2,
    drain: Duration::from_secs(5),
};

/// A server on a free port; it stops when the token is cancelled.
async fn start(router: Router, limits: Limits) -> (SocketAddr, CancellationToken, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let serving = tokio::spawn(serve(listener, router, limits, stop.clone()));
    (address, stop, serving)
}

/// Everything that arrives until the other side closes.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    // A reset is an end as well.
    let _ = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut bytes)).await.expect("the server closes");
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn half_a_head_is_not_waited_for() {
    let (address, ..) = start(Router::new(), SHORT).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let begun = Instant::now();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n").await.unwrap();
    // Dripping on does not help.
    for _ in 0..20 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        if stream.write_all(b"X-Drip: 1\r\n").await.is_err() {
            break;
        }
    }
    rest(&mut stream).await;
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let (address, ..) = start(Router::new().route("/", get(|| async { "hello" })), SHORT).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("hello"), "{answer}");
}

#[tokio::test]
async fn a_client_that_does_not_read_is_dropped() {
    let (gone, dropped) = tokio::sync::oneshot::channel::<()>();
    let gone = Arc::new(std::sync::Mutex::new(Some(gone)));
    let endless = move || {
        // Dropped with the body.
        let gone = gone.lock().unwrap().take();
        async move {
            let chunk = axum::body::Bytes::from_static(&[b'x'; 65_536]);
            Body::from_stream(futures::stream::unfold((chunk, gone), |(chunk, gone)| async {
                Some((Ok::<_, Infallible>(chunk.clone()), (chunk, gone)))
            }))
        }
    };
    let (address, ..) = start(Router::new().route("/", get(endless)), SHORT).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let ended = tokio::time::timeout(Duration::from_secs(10), dropped).await;
    assert!(ended.expect("the stream is given up").is_err());
    drop(stream);
}

#[tokio::test]
async fn connections_beyond_the_cap_are_closed() {
    let limits = Limits { header_read: Duration::from_secs(30), ..SHORT };
    let (address, stop, _) = start(Router::new(), limits).await;
    let mut open = Vec::new();
    for _ in 0..2 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
        open.push(stream);
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    let mut third = TcpStream::connect(address).await.unwrap();
    assert_eq!(rest(&mut third).await, "");
    stop.cancel();
}

#[tokio::test]
async fn stopping_lets_running_requests_end() {
    let slow = || async {
        tokio::time::sleep(Duration::from_millis(400)).await;
        "done"
    };
    let (address, stop, serving) = start(Router::new().route("/", get(slow)), SHORT).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    stop.cancel();
    let answer = rest(&mut stream).await;
    assert!(answer.ends_with("done"), "{answer}");
    tokio::time::timeout(Duration::from_secs(3), serving).await.expect("it ends when the last request has").unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn stopping_does_not_wait_for_ever() {
    let never = || std::future::pending::<&str>();
    let limits = Limits { drain: Duration::from_millis(200), ..SHORT };
    let (address, stop, serving) = start(Router::new().route("/", get(never)), limits).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    stop.cancel();
    tokio::time::timeout(Duration::from_secs(3), serving).await.expect("it gives up").unwrap();
}
