//! An upstream inside the bench that tells when a request arrived, by the same clock as the bench's own.

use crate::Outcome;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// A listening upstream and the arrivals so far.
pub struct Arrivals {
    /// Where it listens.
    pub address: SocketAddr,
    receiver: mpsc::UnboundedReceiver<Instant>,
}

impl Arrivals {
    /// Listens on a free port. It answers as long as the program runs.
    pub async fn listen() -> Outcome<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(|error| error.to_string())?;
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        let (sender, receiver) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let _ = stream.set_nodelay(true);
                let sender = sender.clone();
                let answer = service_fn(move |request: Request<Incoming>| {
                    let _ = sender.send(Instant::now());
                    async move {
                        let _ = request.into_body().collect().await;
                        Ok::<_, Infallible>(Response::new(Full::new(Bytes::from_static(b"{\"ok\":true}"))))
                    }
                });
                tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), answer));
            }
        });
        Ok(Arrivals { address, receiver })
    }

    /// When the next request arrived.
    pub async fn next(&mut self) -> Outcome<Instant> {
        let arrival = tokio::time::timeout(Duration::from_secs(10), self.receiver.recv()).await;
        arrival.map_err(|_| "no request reached the upstream within 10 s".to_owned())?.ok_or_else(|| "the upstream has ended".to_owned())
    }
}
