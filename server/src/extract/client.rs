//! Where a request came from: the peer of the connection, or what trusted proxies say about it.

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, header};
use service::actor::ClientInfo;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Longest part of a browser's name for itself that is kept.
const USER_AGENT: usize = 300;

/// The client's address, found once by the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address(pub IpAddr);

/// Address and user agent of the client.
pub struct Client(pub ClientInfo);

impl<S: Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Client(info(&parts.headers, &parts.extensions)))
    }
}

/// Address and user agent of the client.
pub fn info(headers: &HeaderMap, extensions: &Extensions) -> ClientInfo {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    ClientInfo { address: address(extensions), user_agent: agent.chars().take(USER_AGENT).collect() }
}

/// The address that the door found.
pub fn address(extensions: &Extensions) -> IpAddr {
    extensions.get::<Address>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |address| address.0)
}

/// The client's address: with `hops` trusted proxies in front, the entry that the outermost of them added to `X-Forwarded-For`, which is the
/// `hops`-th from the right. What stands left of it was sent by the client and proves nothing.
pub fn find(headers: &HeaderMap, extensions: &Extensions, hops: u32) -> IpAddr {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip()).to_canonical();
    if hops == 0 {
        return peer;
    }
    let mut found = peer;
    let lines = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
    let entries: Vec<&str> = lines.flat_map(|line| line.split(',')).collect();
    for entry in entries.iter().rev().take(hops as usize) {
        match parse(entry.trim()) {
            Some(address) => found = address,
            // A proxy that writes something else ("unknown") hides what is behind it.
            None => break,
        }
    }
    found
}

/// `203.0.113.7`, `203.0.113.7:1234`, `2001:db8::1`, `[2001:db8::1]:1234`.
fn parse(entry: &str) -> Option<IpAddr> {
    let address = entry.parse::<IpAddr>().ok();
    let with_port = || entry.parse::<SocketAddr>().ok().map(|socket| socket.ip());
    let bracketed = || entry.strip_prefix('[')?.strip_suffix(']')?.parse::<IpAddr>().ok();
    address.or_else(with_port).or_else(bracketed).map(|address| address.to_canonical())
}
