//! The connector below the connection pool: each real connection is resolved, judged and pinned here.

use super::error::{OutboundError, OutboundErrorKind};
use super::policy::OutboundPolicy;
use super::request::Limits;
use super::resolve::Resolve;
use super::target::CheckedTarget;
use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use http::Uri;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::rt::TokioIo;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::net::TcpStream;
use tower::Service;
use url::Url;

tokio::task_local! {
    /// The connect limit of the call on whose behalf a connection is made: a connector is given nothing but a URI.
    pub(super) static CONNECT_LIMIT: Duration;
}

/// The head start of one address before the next is tried beside it (RFC 8305).
const HEAD_START: Duration = Duration::from_millis(250);
/// A name with more addresses than this gains nothing from trying them all.
const MOST_TRIED: usize = 8;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Makes judged connections, with TLS where the URL says so, within the connect limit of the call.
#[derive(Clone)]
pub(super) struct Connector {
    https: HttpsConnector<Dialer>,
}

impl Connector {
    pub(super) fn new(policy: Arc<OutboundPolicy>, resolver: Arc<dyn Resolve>, tls: rustls::ClientConfig) -> Self {
        let https = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_all_versions()
            .wrap_connector(Dialer { policy, resolver });
        Self { https }
    }
}

impl Service<Uri> for Connector {
    type Response = MaybeHttpsStream<TokioIo<TcpStream>>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Self::Response, BoxError>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.https.poll_ready(cx)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        // Read here, in the task of the call; the future may later be finished by a task of the pool.
        let limit = CONNECT_LIMIT.try_with(|limit| *limit).unwrap_or_else(|_| Limits::default().connect);
        let connecting = self.https.call(uri);
        Box::pin(async move {
            let made = match tokio::time::timeout(limit, connecting).await {
                Ok(made) => made,
                Err(_) => {
                    let late = OutboundError::new(OutboundErrorKind::Unreachable).with_detail("no connection in time");
                    Err(late.into())
                }
            };
            let outcome = if made.is_ok() { "made" } else { "failed" };
            metrics::counter!("outbound_connections_total", "outcome" => outcome).increment(1);
            made
        })
    }
}

/// Makes the TCP connection: the single place where an address is connected to.
#[derive(Clone)]
struct Dialer {
    policy: Arc<OutboundPolicy>,
    resolver: Arc<dyn Resolve>,
}

impl Service<Uri> for Dialer {
    type Response = TokioIo<TcpStream>;
    type Error = OutboundError;
    type Future = BoxFuture<'static, Result<Self::Response, OutboundError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), OutboundError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let Self { policy, resolver } = self.clone();
        Box::pin(async move {
            let url = Url::parse(&uri.to_string()).map_err(|_| OutboundError::invalid("the URL cannot be read"))?;
            let target = CheckedTarget::resolve(&policy, &*resolver, url).await?;
            let stream = target
                .connect()
                .await
                .map_err(|error| OutboundError::new(OutboundErrorKind::Unreachable).with_detail(error.to_string()))?;
            Ok(TokioIo::new(stream))
        })
    }
}

/// Connects to the first address that answers, giving each a head start over the next.
pub(super) async fn open(addrs: &[SocketAddr]) -> io::Result<TcpStream> {
    let mut waiting = addrs.iter().take(MOST_TRIED).copied();
    let mut trying = FuturesUnordered::new();
    let mut failure = None;
    loop {
        if trying.is_empty() {
            match waiting.next() {
                Some(addr) => trying.push(dial(addr)),
                None => return Err(failure.unwrap_or_else(|| io::Error::other("no address to connect to"))),
            }
        }
        let next = match waiting.len() {
            0 => trying.next().await,
            _ => match tokio::time::timeout(HEAD_START, trying.next()).await {
                Ok(next) => next,
                Err(_) => {
                    trying.extend(waiting.next().map(dial));
                    continue;
                }
            },
        };
        match next {
            Some(Ok(stream)) => {
                // Small requests must not wait for the acknowledgement of the one before.
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            Some(Err(error)) => {
                failure = Some(error);
                trying.extend(waiting.next().map(dial));
            }
            None => {}
        }
    }
}

#[allow(clippy::disallowed_methods, reason = "the one place where a judged address is connected to")]
async fn dial(addr: SocketAddr) -> io::Result<TcpStream> {
    TcpStream::connect(addr).await
}
