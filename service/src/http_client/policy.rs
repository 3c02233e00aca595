//! Which addresses may be connected to.

use super::error::{OutboundError, Refusal};
use super::{ranges, target};
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::sync::{PoisonError, RwLock};

/// An entry of the allow-list that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("outbound allow-list entry {entry:?}: {problem}; write it like 127.0.0.1/32:4010, 10.0.0.0/8:* or [::1]/128:8080")]
pub struct PolicyError {
    entry: String,
    problem: &'static str,
}

/// What may be connected to: the public internet, plus the pairs of network and port an administrator allows, minus the
/// addresses of this program itself and its database.
#[derive(Debug, Default)]
pub struct OutboundPolicy {
    allow: Vec<Allowed>,
    /// What is allowed beside it while the program runs.
    also: RwLock<Vec<Allowed>>,
    own: Vec<SocketAddr>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Allowed {
    net: IpNet,
    /// `None` is every port.
    port: Option<u16>,
}

impl OutboundPolicy {
    /// A policy from allow-list entries (`127.0.0.1/32:4010`, `10.0.0.0/8:*`, `[::1]/128:8080`; without a prefix length one
    /// address is meant) and the addresses this program listens on and keeps its database at. Own addresses are refused even
    /// where an entry covers them; an own address of `0.0.0.0` or `[::]` means each address of this machine.
    pub fn new(allow: &[String], own_addrs: Vec<SocketAddr>) -> Result<Self, PolicyError> {
        Ok(Self { allow: read(allow)?, also: RwLock::default(), own: own_addrs })
    }

    /// Allows these entries beside those that it was made with, in place of what was allowed so before. Calls from now on are judged by it;
    /// a connection that was judged before is reused while it stays open.
    pub fn allow_also(&self, entries: &[String]) -> Result<(), PolicyError> {
        let entries = read(entries)?;
        *self.also.write().unwrap_or_else(PoisonError::into_inner) = entries;
        Ok(())
    }

    /// Judges a URL as far as that is possible without a network, for use when something is defined: scheme, user name,
    /// host, and a literal address with its port. Names are judged when they are connected to.
    pub fn check_url(&self, url: &str) -> Result<(), OutboundError> {
        target::parse(self, url).map(drop)
    }

    /// Judges one address and port, in memory only.
    pub(super) fn judge(&self, ip: IpAddr, port: u16) -> Result<(), Refusal> {
        if self.is_own(ip, port) {
            return Err(Refusal::OwnAddress);
        }
        if self.allows_by_name(ip, port) {
            return Ok(());
        }
        if let Some(range) = ranges::special(ip) {
            return Err(Refusal::Address(range));
        }
        if ranges::other_protocol(port) {
            return Err(Refusal::Port);
        }
        Ok(())
    }

    /// Judges one address that is about to be connected to: as [`OutboundPolicy::judge`], and where this program listens on
    /// every address of the machine, asks the system whether this is one of them.
    pub(super) fn judge_before_connecting(&self, ip: IpAddr, port: u16) -> Result<(), Refusal> {
        self.judge(ip, port)?;
        let everywhere = self.own.iter().any(|own| own.ip().is_unspecified() && own.port() == port);
        if everywhere && is_this_machine(ip) { Err(Refusal::OwnAddress) } else { Ok(()) }
    }

    /// Whether an administrator's entry names this address and port.
    pub(super) fn allows_by_name(&self, ip: IpAddr, port: u16) -> bool {
        let also = self.also.read().unwrap_or_else(PoisonError::into_inner);
        self.allow.iter().chain(also.iter()).any(|allowed| allowed.covers(ip, port))
    }

    fn is_own(&self, ip: IpAddr, port: u16) -> bool {
        let reached = match ip {
            IpAddr::V6(ip) => ranges::nat64(ip).map_or_else(|| ip.to_canonical(), IpAddr::V4),
            IpAddr::V4(_) => ip,
        };
        self.own.iter().any(|own| {
            let own_ip = own.ip().to_canonical();
            own.port() == port && (own_ip == reached || own_ip.is_unspecified() && (reached.is_loopback() || reached.is_unspecified()))
        })
    }
}

impl Allowed {
    fn covers(&self, ip: IpAddr, port: u16) -> bool {
        self.port.is_none_or(|allowed| allowed == port) && self.net.contains(&ip)
    }
}

fn read(entries: &[String]) -> Result<Vec<Allowed>, PolicyError> {
    entries.iter().map(|entry| parse(entry).map_err(|problem| PolicyError { entry: entry.clone(), problem })).collect()
}

fn parse(entry: &str) -> Result<Allowed, &'static str> {
    let (net, port) = entry.trim().rsplit_once(':').ok_or("the port is missing")?;
    let port = match port {
        "*" => None,
        digits => Some(digits.parse::<u16>().ok().filter(|port| *port != 0).ok_or("the port is neither a number nor *")?),
    };
    let (address, length) = match net.split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (net, None),
    };
    let address: IpAddr = match address.strip_prefix('[').map(|rest| rest.strip_suffix(']')) {
        Some(Some(inner)) => IpAddr::V6(inner.parse::<Ipv6Addr>().map_err(|_| "the IPv6 address cannot be read")?),
        Some(None) => return Err("the ] is missing"),
        None if address.contains(':') => return Err("an IPv6 address needs [ ]"),
        None => IpAddr::V4(address.parse::<Ipv4Addr>().map_err(|_| "the address cannot be read (names are not allowed here)")?),
    };
    let longest = if address.is_ipv4() { 32 } else { 128 };
    let length = match length {
        Some(digits) => digits.parse::<u8>().map_err(|_| "the prefix length is not a number")?,
        None => longest,
    };
    let net = IpNet::new(address, length).map_err(|_| "the prefix length is too long")?;
    if net.trunc() != net {
        return Err("the address has bits beyond its prefix length");
    }
    Ok(Allowed { net, port })
}

/// Whether an address belongs to this machine: the kernel then chooses that same address as the source. Connecting a UDP
/// socket sends nothing. Without a route the real connection fails as well, so that "no" is safe there.
fn is_this_machine(ip: IpAddr) -> bool {
    let any: IpAddr = if ip.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    UdpSocket::bind((any, 0))
        .and_then(|socket| socket.connect((ip, 9)).and_then(|()| socket.local_addr()))
        .is_ok_and(|source| source.ip() == ip)
}
