//! The accept loop. Our own, because `axum::serve` sets no time limit on request headers and hyper-util's automatic builder leaves
//! half-open connections standing; HTTP/2 comes with TLS, which is the business of the proxy in front.

mod stall;
#[cfg(test)]
mod tests;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use stall::Stalling;
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::Service;

/// Limits of connections.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Time for the whole head of a request; it also closes connections that are idle between requests.
    pub header_read: Duration,
    /// Time that a client may not read while we have something for it.
    pub write_stall: Duration,
    /// Connections at the same time; more are closed at once.
    pub connections: usize,
    /// Time for running requests when the server stops.
    pub drain: Duration,
}

impl Limits {
    /// Limits for clients, or for a trusted proxy, which keeps connections idle for longer (75 s in nginx).
    pub fn new(behind_proxy: bool, connections: usize) -> Self {
        Limits {
            header_read: Duration::from_secs(if behind_proxy { 75 } else { 15 }),
            write_stall: Duration::from_secs(60),
            connections,
            // Requests are short, and service managers are not patient.
            drain: Duration::from_secs(10),
        }
    }
}

/// Serves until `stop` is cancelled, then lets running requests end within the limit.
pub async fn serve<D>(listener: TcpListener, door: D, limits: Limits, stop: CancellationToken)
where
    D: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    D::Future: Send,
{
    let places = Arc::new(Semaphore::new(limits.connections));
    let running = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                after_accept_error(&error).await;
                continue;
            }
        };
        // Closed at once rather than left waiting: the client learns it, and a balancer in front goes elsewhere.
        let Ok(place) = places.clone().try_acquire_owned() else {
            metrics::counter!("http_connections_refused_total").increment(1);
            continue;
        };
        let (door, stop) = (door.clone(), stop.clone());
        running.spawn(async move {
            connection(stream, peer, door, limits, stop).await;
            drop(place);
        });
    }
    drop(listener);
    running.close();
    if tokio::time::timeout(limits.drain, running.wait()).await.is_err() {
        tracing::warn!(connections = running.len(), "connections were cut off: their requests did not end in time");
    }
}

async fn connection<D>(stream: TcpStream, peer: SocketAddr, door: D, limits: Limits, stop: CancellationToken)
where
    D: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    D::Future: Send,
{
    // Small answers go out at once. A socket that refuses the option works without it.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        // A door is always ready: it has no queue of its own.
        door.clone().call(request.map(Body::new))
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(limits.header_read).half_close(false);
    let io = TokioIo::new(Stalling::new(stream, limits.write_stall));
    let mut serving = pin!(builder.serve_connection(io, service).with_upgrades());
    let ended = tokio::select! {
        ended = serving.as_mut() => ended,
        () = stop.cancelled() => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = ended {
        // Clients that go away or dawdle are their own business.
        tracing::trace!(%peer, %error, "a connection ended early");
    }
}

/// A connection that broke before it was accepted concerns nobody. Anything else, as too many open files, passes when others close: wait.
async fn after_accept_error(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    if matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted) {
        return;
    }
    tracing::error!(%error, "a connection could not be accepted");
    tokio::time::sleep(Duration::from_millis(500)).await;
}

/// Waits for Ctrl-C or the service manager's wish to stop.
pub async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
            }
            Err(error) => {
                tracing::warn!(%error, "SIGTERM is not heard, only SIGINT");
                let _ = interrupt.await;
            }
        }
    }
    #[cfg(not(unix))]
    let _ = interrupt.await;
}
