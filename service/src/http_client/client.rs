//! One call from request to answer.

use super::body;
use super::connect::{CONNECT_LIMIT, Connector};
use super::error::{OutboundError, OutboundErrorKind, chain, find};
use super::headers;
use super::policy::{OutboundPolicy, PolicyError};
use super::redirect::{self, Hop};
use super::request::{Limits, OutboundRequest, OutboundResponse};
use super::resolve::{DnsResolver, Resolve};
use super::target::{self, CheckedTarget};
use bytes::Bytes;
use http::header::{self, HeaderMap};
use http::{Method, Request, Response, StatusCode, Uri};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper_rustls::ConfigBuilderExt;
use hyper_util::client::legacy::{self, Client, connect::capture_connection};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use url::Url;

/// Response headers together; also the most that is read from a connection at once.
const MOST_HEADER_BYTES: usize = 64 * 1024;
/// More than the engine ever has calls to one host at a time.
const IDLE_PER_HOST: usize = 1024;
/// Shorter than the keep-alive of most servers, so that they seldom close a connection just as it is reused.
const IDLE_FOR: Duration = Duration::from_secs(30);
const H2_STREAM_WINDOW: u32 = 512 * 1024;
const H2_CONNECTION_WINDOW: u32 = 2 * 1024 * 1024;
/// A dead HTTP/2 connection would otherwise fail call after call by their time limits.
const H2_PING: Duration = Duration::from_secs(20);

/// The outbound door. Cheap to clone; all clones share one pool of connections and one policy.
#[derive(Clone)]
pub struct HttpClient {
    inner: Arc<Inner>,
}

struct Inner {
    policy: Arc<OutboundPolicy>,
    resolver: Arc<dyn Resolve>,
    pool: Client<Connector, Full<Bytes>>,
}

impl HttpClient {
    /// A client that resolves names as the system is configured to.
    pub fn new(policy: OutboundPolicy) -> Self {
        Self::with_resolver(policy, Arc::new(DnsResolver::from_system()))
    }

    /// A client with a resolver of the caller's choice.
    pub fn with_resolver(policy: OutboundPolicy, resolver: Arc<dyn Resolve>) -> Self {
        let tls = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring has cipher suites for each protocol version that is on by default")
            .with_webpki_roots()
            .with_no_client_auth();
        Self::with_tls(policy, resolver, tls)
    }

    /// As [`HttpClient::with_resolver`], trusting what `tls` trusts.
    #[allow(clippy::disallowed_methods, reason = "the one client, and its connector judges each connection")]
    pub(super) fn with_tls(policy: OutboundPolicy, resolver: Arc<dyn Resolve>, tls: rustls::ClientConfig) -> Self {
        let policy = Arc::new(policy);
        let connector = Connector::new(policy.clone(), resolver.clone(), tls);
        let pool = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .timer(TokioTimer::new())
            .pool_max_idle_per_host(IDLE_PER_HOST)
            .pool_idle_timeout(IDLE_FOR)
            .http1_max_buf_size(MOST_HEADER_BYTES)
            .http2_max_header_list_size(MOST_HEADER_BYTES as u32)
            .http2_initial_stream_window_size(H2_STREAM_WINDOW)
            .http2_initial_connection_window_size(H2_CONNECTION_WINDOW)
            .http2_keep_alive_interval(H2_PING)
            .build(connector);
        Self { inner: Arc::new(Inner { policy, resolver, pool }) }
    }

    /// Allows more than the policy that it was made with; see [`OutboundPolicy::allow_also`].
    pub fn allow_also(&self, entries: &[String]) -> Result<(), PolicyError> {
        self.inner.policy.allow_also(entries)
    }

    /// Judges a URL as far as that is possible without a network; see [`OutboundPolicy::check_url`].
    pub fn check_url(&self, url: &str) -> Result<(), OutboundError> {
        self.inner.policy.check_url(url)
    }

    /// Judges a URL fully, its name resolved; for doors that open connections of their own, such as a filtering proxy.
    pub async fn check(&self, url: &str) -> Result<CheckedTarget, OutboundError> {
        let url = target::parse(&self.inner.policy, url)?;
        CheckedTarget::resolve(&self.inner.policy, &*self.inner.resolver, url).await
    }

    /// Makes one call. Dropping the future ends it and closes its connection.
    pub async fn call(&self, request: OutboundRequest) -> Result<OutboundResponse, OutboundError> {
        let answer = self.follow(request).await;
        let outcome = match &answer {
            Ok(response) => match response.status {
                ..300 => "success",
                300..400 => "redirect",
                400..500 => "client_error",
                _ => "server_error",
            },
            Err(error) => {
                tracing::debug!(%error, "outbound call failed");
                error.outcome()
            }
        };
        metrics::counter!("outbound_calls_total", "outcome" => outcome).increment(1);
        answer
    }

    async fn follow(&self, request: OutboundRequest) -> Result<OutboundResponse, OutboundError> {
        let OutboundRequest { method, url, mut headers, body, limits, redirects, truncate, sensitive } = request;
        if method == Method::CONNECT || method == Method::TRACE {
            return Err(OutboundError::invalid("this method is not possible"));
        }
        let deadline = Instant::now() + limits.total;
        headers::prepare(&mut headers);
        let mut hop = Hop { method, url: target::parse(&self.inner.policy, &url)?, headers, body };
        let mut left = redirects.min(redirect::MOST);
        let mut sent = false;
        loop {
            let again = (redirects > 0).then(|| hop.clone());
            let head_only = hop.method == Method::HEAD;
            let response = self.exchange(hop, &limits, deadline).await.map_err(|error| error.sent_if(sent))?;
            sent = true;
            if let Some(from) = again
                && let Some(location) = redirect::location(response.status(), response.headers())
            {
                if left == 0 {
                    return Err(OutboundError::new(OutboundErrorKind::TooManyRedirects).sent_if(true));
                }
                left -= 1;
                hop = from.redirected(response.status(), location, &sensitive, &self.inner.policy).map_err(|error| error.sent_if(true))?;
                continue;
            }
            return answer(response, head_only, &limits, deadline, truncate).await;
        }
    }

    /// Sends one request and waits for the head of its answer.
    async fn exchange(&self, hop: Hop, limits: &Limits, deadline: Instant) -> Result<Response<Incoming>, OutboundError> {
        let Hop { method, url, headers, body } = hop;
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = method;
        *request.uri_mut() = uri(&url)?;
        *request.headers_mut() = headers;
        let connection = capture_connection(&mut request);
        let answering = CONNECT_LIMIT.scope(limits.connect, self.inner.pool.request(request));
        match timeout_at(deadline, answering).await {
            Ok(Ok(response)) if response.status() == StatusCode::SWITCHING_PROTOCOLS => {
                Err(OutboundError::new(OutboundErrorKind::Protocol).sent_if(true).with_detail("an upgrade nobody asked for"))
            }
            Ok(Ok(response)) if header_bytes(response.headers()) > MOST_HEADER_BYTES => {
                Err(OutboundError::new(OutboundErrorKind::Protocol).sent_if(true).with_detail("too many header bytes"))
            }
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => Err(classified(&error, connection.connection_metadata().is_some())),
            // The request is handed to a connection as soon as there is one.
            Err(_) if connection.connection_metadata().is_some() => {
                Err(OutboundError::new(OutboundErrorKind::TimedOut).sent_if(true).with_detail("no answer"))
            }
            Err(_) => Err(OutboundError::new(OutboundErrorKind::Unreachable).with_detail("no connection in time")),
        }
    }
}

impl fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpClient").field("policy", &self.inner.policy).finish_non_exhaustive()
    }
}

/// The same URL as the HTTP library reads it. Two parsers that disagree on the host are how checks are evaded, so that
/// a disagreement refuses the URL.
fn uri(url: &Url) -> Result<Uri, OutboundError> {
    let uri = Uri::try_from(url.as_str()).map_err(|_| OutboundError::invalid("the URL cannot be read"))?;
    if uri.host() != url.host_str() || uri.port_u16() != url.port() || uri.scheme_str() != Some(url.scheme()) {
        return Err(OutboundError::invalid("the URL can be read in two ways"));
    }
    Ok(uri)
}

/// The connection's buffer bounds the head of an answer only roughly.
fn header_bytes(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum()
}

async fn answer(
    response: Response<Incoming>,
    head_only: bool,
    limits: &Limits,
    deadline: Instant,
    truncate: bool,
) -> Result<OutboundResponse, OutboundError> {
    let (head, incoming) = response.into_parts();
    let mut headers = head.headers;
    let without_body = head_only || matches!(head.status.as_u16(), 204 | 304);
    let (body, truncated) = if without_body {
        (Bytes::new(), false)
    } else {
        let encoding = body::encoding(&headers)?;
        let read = body::read(incoming, encoding, limits, deadline, truncate).await?;
        if encoding.is_some() {
            headers.remove(header::CONTENT_ENCODING);
            headers.remove(header::CONTENT_LENGTH);
        }
        read
    };
    Ok(OutboundResponse { status: head.status.as_u16(), headers, body, truncated })
}

/// What an error of the pool means. `connected` tells whether the request had been handed to a connection.
fn classified(error: &legacy::Error, connected: bool) -> OutboundError {
    // The connector's own verdict (refused, unreachable) comes back as it was given.
    if let Some(own) = find::<OutboundError>(error) {
        return own.clone();
    }
    if error.is_connect() || !connected {
        return OutboundError::new(OutboundErrorKind::Unreachable).with_detail(chain(error));
    }
    let (kind, sent) = match find::<hyper::Error>(error) {
        Some(error) if error.is_parse() => (OutboundErrorKind::Protocol, true),
        // Given back by the connection before the first byte was written.
        Some(error) if error.is_canceled() => (OutboundErrorKind::Interrupted, false),
        _ => (OutboundErrorKind::Interrupted, true),
    };
    OutboundError::new(kind).sent_if(sent).with_detail(chain(error))
}
