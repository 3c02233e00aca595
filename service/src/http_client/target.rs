//! A URL with the addresses it may be connected at.

use super::connect;
use super::error::{OutboundError, OutboundErrorKind};
use super::policy::OutboundPolicy;
use super::resolve::Resolve;
use std::net::{IpAddr, SocketAddr};
use tokio::net::TcpStream;
use url::{Host, Url};

/// Longer URLs are refused: no upstream takes them, and each call parses its URL.
const MAX_URL_BYTES: usize = 16 * 1024;
/// The longest name DNS can hold.
const MAX_NAME_BYTES: usize = 253;

/// A URL whose every address has been judged and allowed. It can be made only by the outbound door
/// ([`HttpClient::check`](super::HttpClient::check) and its connector), and a connection is made to exactly these addresses,
/// so that what was judged is what is connected to.
#[derive(Debug, Clone)]
pub struct CheckedTarget {
    url: Url,
    addrs: Vec<SocketAddr>,
}

impl CheckedTarget {
    /// Resolves the host once and judges each address of the answer; one forbidden address refuses all of it. Only where an administrator allowed
    /// some of them by name (as `localhost`, which is two addresses), those alone are kept.
    pub(super) async fn resolve(policy: &OutboundPolicy, resolver: &dyn Resolve, url: Url) -> Result<Self, OutboundError> {
        let (host, port) = host_and_port(&url)?;
        let ips: Vec<IpAddr> = match host {
            Host::Ipv4(ip) => vec![ip.into()],
            Host::Ipv6(ip) => vec![ip.into()],
            Host::Domain(name) => resolver.resolve(name).await.map_err(|error| unreachable(error.to_string()))?,
        };
        if ips.is_empty() {
            return Err(unreachable("the name has no addresses"));
        }
        let mut addrs = Vec::with_capacity(ips.len());
        let by_name = ips.iter().any(|ip| policy.allows_by_name(*ip, port));
        for ip in ips {
            if by_name && !policy.allows_by_name(ip, port) {
                continue;
            }
            policy.judge_before_connecting(ip, port).map_err(|why| OutboundError::refused(why).with_detail(ip.to_string()))?;
            let addr = SocketAddr::new(ip, port);
            if !addrs.contains(&addr) {
                addrs.push(addr);
            }
        }
        // Machines without IPv6 are common, so IPv4 goes first; a later address is tried soon if the first is slow.
        addrs.sort_by_key(SocketAddr::is_ipv6);
        Ok(Self { url, addrs })
    }

    /// The URL.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The judged addresses, never empty.
    pub fn addrs(&self) -> &[SocketAddr] {
        &self.addrs
    }

    /// Opens a TCP connection to one of the judged addresses. The caller sets the time limit.
    pub async fn connect(&self) -> std::io::Result<TcpStream> {
        connect::open(&self.addrs).await
    }
}

/// Parses a URL and judges all that can be judged without resolving its name.
pub(super) fn parse(policy: &OutboundPolicy, text: &str) -> Result<Url, OutboundError> {
    if text.len() > MAX_URL_BYTES {
        return Err(OutboundError::invalid("the URL is too long"));
    }
    let mut url = Url::parse(text).map_err(|_| OutboundError::invalid("the URL cannot be read"))?;
    url.set_fragment(None);
    judge(policy, &url)?;
    Ok(url)
}

/// Judges a parsed URL without resolving its name.
pub(super) fn judge(policy: &OutboundPolicy, url: &Url) -> Result<(), OutboundError> {
    if !url.username().is_empty() || url.password().is_some() {
        return Err(OutboundError::invalid("the URL must not hold a user name or a password"));
    }
    let (host, port) = host_and_port(url)?;
    match host {
        Host::Ipv4(ip) => policy.judge(ip.into(), port).map_err(OutboundError::refused),
        Host::Ipv6(ip) => policy.judge(ip.into(), port).map_err(OutboundError::refused),
        Host::Domain(name) if name.len() > MAX_NAME_BYTES => Err(OutboundError::invalid("the host name is too long")),
        Host::Domain(_) => Ok(()),
    }
}

fn host_and_port(url: &Url) -> Result<(Host<&str>, u16), OutboundError> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(OutboundError::invalid("only http and https URLs are possible"));
    }
    match (url.host(), url.port_or_known_default()) {
        (Some(host), Some(port)) => Ok((host, port)),
        _ => Err(OutboundError::invalid("the URL has no host")),
    }
}

fn unreachable(detail: impl Into<String>) -> OutboundError {
    OutboundError::new(OutboundErrorKind::Unreachable).with_detail(detail)
}
