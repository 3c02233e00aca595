//! Name resolution, injectable so that tests can play a hostile DNS server.

use futures::future::BoxFuture;
use hickory_resolver::TokioResolver;
use hickory_resolver::config::LookupIpStrategy;
use std::net::IpAddr;
use std::time::Duration;

/// One name may take this long, whatever the number of servers and retries; a dead server must not hold a task.
const BUDGET: Duration = Duration::from_secs(5);
const ONE_QUERY: Duration = Duration::from_secs(2);
const CACHED_NAMES: u64 = 4096;
/// A name that moved must be found again without a restart, whatever its records promise.
const LONGEST_CACHED: Duration = Duration::from_secs(300);
const LONGEST_CACHED_MISSING: Duration = Duration::from_secs(30);

/// A name could not be resolved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the name did not resolve: {0}")]
pub struct ResolveError(pub String);

/// Turns a host name into addresses. What it answers is judged by the caller, never trusted.
pub trait Resolve: Send + Sync + 'static {
    /// All addresses of a name, IPv4 and IPv6.
    fn resolve<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Vec<IpAddr>, ResolveError>>;
}

/// The resolver of the system's configuration, asynchronous and with a cache.
#[derive(Debug)]
pub struct DnsResolver {
    inner: Result<TokioResolver, String>,
}

impl DnsResolver {
    /// Reads the system's configuration. If that cannot be read, each name fails to resolve and the reason is logged once;
    /// literal addresses go on working.
    pub fn from_system() -> Self {
        let inner = build().map_err(|error| error.to_string());
        if let Err(error) = &inner {
            tracing::warn!(%error, "names cannot be resolved: the system's DNS configuration is unusable");
        }
        Self { inner }
    }
}

impl Resolve for DnsResolver {
    fn resolve<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Vec<IpAddr>, ResolveError>> {
        Box::pin(async move {
            let resolver = self.inner.as_ref().map_err(|error| ResolveError(error.clone()))?;
            match tokio::time::timeout(BUDGET, resolver.lookup_ip(name)).await {
                Ok(Ok(answer)) => Ok(answer.iter().collect()),
                Ok(Err(error)) => Err(ResolveError(error.to_string())),
                Err(_) => Err(ResolveError("no answer in time".to_owned())),
            }
        })
    }
}

fn build() -> Result<TokioResolver, hickory_resolver::net::NetError> {
    let mut builder = TokioResolver::builder_tokio()?;
    let options = builder.options_mut();
    // Both families are asked for, because each address must be judged before any is used.
    options.ip_strategy = LookupIpStrategy::Ipv4AndIpv6;
    options.timeout = ONE_QUERY;
    options.cache_size = CACHED_NAMES;
    options.positive_max_ttl = Some(LONGEST_CACHED);
    options.negative_max_ttl = Some(LONGEST_CACHED_MISSING);
    builder.build()
}
