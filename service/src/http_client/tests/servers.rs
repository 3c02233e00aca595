//! Servers, a canary and a resolver for the tests.

use crate::http_client::{HttpClient, Limits, OutboundPolicy, OutboundRequest, Resolve, ResolveError};
use futures::future::BoxFuture;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A listener that must never be connected to.
pub(super) struct Canary {
    pub(super) port: u16,
    hits: Arc<AtomicUsize>,
}

impl Canary {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let hits = Arc::new(AtomicUsize::new(0));
        let counter = hits.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                counter.fetch_add(1, Ordering::SeqCst);
                read_request(&mut stream).await;
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\nconnection: close\r\n\r\nsecret").await;
            }
        });
        Self { port, hits }
    }

    /// Connections so far; waits a moment, because a connection may be accepted a little after it was made.
    pub(super) async fn hits(&self) -> usize {
        tokio::time::sleep(Duration::from_millis(20)).await;
        self.hits.load(Ordering::SeqCst)
    }
}

/// A server that answers each request by a function of its text, and remembers them.
pub(super) struct Server {
    pub(super) port: u16,
    pub(super) requests: Arc<Mutex<Vec<String>>>,
    pub(super) connections: Arc<AtomicUsize>,
}

impl Server {
    pub(super) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub(super) fn client(&self) -> HttpClient {
        client(&[self.port])
    }

    pub(super) fn seen(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// Answers whole requests; an empty answer, or one that says `connection: close`, ends the connection.
pub(super) async fn answering(answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Server {
    let requests = Arc::new(Mutex::new(Vec::new()));
    let (answer, seen) = (Arc::new(answer), requests.clone());
    let (port, connections) = raw(move |mut stream| {
        let (answer, seen) = (answer.clone(), seen.clone());
        Box::pin(async move {
            while let Some(request) = read_request(&mut stream).await {
                seen.lock().unwrap().push(request.clone());
                let bytes = answer(&request);
                let last = bytes.is_empty() || find(&bytes, b"connection: close").is_some();
                if stream.write_all(&bytes).await.is_err() || last {
                    break;
                }
            }
        })
    })
    .await;
    Server { port, requests, connections }
}

/// A server of which each connection is handled by a function; gives its port and the number of connections.
pub(super) async fn raw(handle: impl Fn(TcpStream) -> BoxFuture<'static, ()> + Send + Sync + 'static) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let connections = Arc::new(AtomicUsize::new(0));
    let counter = connections.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            counter.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(handle(stream));
        }
    });
    (port, connections)
}

/// One request, head and body, or nothing at the end of the connection.
pub(super) async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let mut byte = [0; 1024];
    loop {
        if let Some(end) = find(&bytes, b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .map_or(0, |length| length.trim().parse::<usize>().unwrap());
            if bytes.len() >= end + 4 + length {
                return Some(String::from_utf8_lossy(&bytes).into_owned());
            }
        }
        match stream.read(&mut byte).await {
            Ok(0) | Err(_) => return None,
            Ok(n) => bytes.extend_from_slice(&byte[..n]),
        }
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

/// An answer with a body of known length.
pub(super) fn ok(headers: &str, body: &[u8]) -> Vec<u8> {
    status(200, headers, body)
}

/// An answer with a status, further header lines (each ending in `\r\n`) and a body.
pub(super) fn status(status: u16, headers: &str, body: &[u8]) -> Vec<u8> {
    let mut bytes = format!("HTTP/1.1 {status} X\r\n{headers}content-length: {}\r\n\r\n", body.len()).into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// A resolver that answers from a table; of several answers each is given once and the last for ever.
#[derive(Default)]
pub(super) struct Table {
    names: Mutex<HashMap<String, Vec<Vec<IpAddr>>>>,
    /// The answer for names not in the table.
    otherwise: Option<IpAddr>,
    pub(super) asked: AtomicUsize,
}

impl Table {
    pub(super) fn new(rows: &[(&str, &[&[&str]])]) -> Arc<Self> {
        let ips = |answer: &&[&str]| answer.iter().map(|ip| ip.parse().unwrap()).collect();
        let names = rows.iter().map(|(name, answers)| ((*name).to_owned(), answers.iter().map(ips).collect()));
        Arc::new(Self { names: Mutex::new(names.collect()), ..Self::default() })
    }

    /// Every name leads to one address.
    pub(super) fn all(ip: &str) -> Arc<Self> {
        Arc::new(Self { otherwise: Some(ip.parse().unwrap()), ..Self::default() })
    }
}

impl Resolve for Table {
    fn resolve<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Vec<IpAddr>, ResolveError>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let answer = match self.names.lock().unwrap().get_mut(name) {
            Some(answers) if answers.len() > 1 => Some(answers.remove(0)),
            Some(answers) => answers.first().cloned(),
            None => self.otherwise.map(|ip| vec![ip]),
        };
        Box::pin(async move { answer.ok_or_else(|| ResolveError("no such name".to_owned())) })
    }
}

/// A client that may connect to these ports of 127.0.0.1, and to nothing else on this machine.
pub(super) fn client(ports: &[u16]) -> HttpClient {
    client_with(ports, Table::all("127.0.0.1"))
}

pub(super) fn client_with(ports: &[u16], resolver: Arc<dyn Resolve>) -> HttpClient {
    let allow: Vec<String> = ports.iter().map(|port| format!("127.0.0.1/32:{port}")).collect();
    HttpClient::with_resolver(OutboundPolicy::new(&allow, Vec::new()).unwrap(), resolver)
}

/// A GET with limits short enough for tests.
pub(super) fn get(url: impl Into<String>) -> OutboundRequest {
    let limits = Limits {
        connect: Duration::from_millis(300),
        idle: Duration::from_millis(150),
        total: Duration::from_millis(400),
        max_body: 64 * 1024,
    };
    OutboundRequest { limits, ..OutboundRequest::get(url) }
}

/// A GET that is not expected to run into a time limit.
pub(super) fn patient(url: impl Into<String>) -> OutboundRequest {
    let mut request = get(url);
    request.limits = Limits { max_body: 64 * 1024, ..Limits::default() };
    request
}
