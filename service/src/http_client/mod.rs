//! The one outbound door: every HTTP call this program makes to the outside goes through [`HttpClient`].
//!
//! A URL given by a user must never reach an internal machine, whatever its spelling, whatever its name resolves to and
//! wherever it is redirected to. So the URL is parsed once, literal addresses are judged on each call, names are resolved
//! once per connection, *every* address of the answer is judged, and the connection is made to exactly those addresses
//! ([`CheckedTarget`]). Connections are kept alive and reused; a reused connection was judged when it was made.
//!
//! | File | What it holds |
//! |---|---|
//! | `client.rs` | [`HttpClient`]: one call from request to answer |
//! | `request.rs` | what a caller hands in and gets back, and the limits |
//! | `policy.rs` | [`OutboundPolicy`]: allow-list, own addresses, the judgement of one address |
//! | `ranges.rs` | the special address ranges |
//! | `target.rs` | [`CheckedTarget`]: a URL with its judged addresses |
//! | `resolve.rs` | name resolution, injectable |
//! | `connect.rs` | the connector: resolve, judge, connect, TLS |
//! | `headers.rs` | request headers that are dropped or added |
//! | `redirect.rs` | where a redirect leads and what it may carry |
//! | `body.rs` | reading and decompressing an answer within its limits |
//! | `error.rs` | why a call failed, and what a user may be told |

mod body;
mod client;
mod connect;
mod error;
mod headers;
mod policy;
mod ranges;
mod redirect;
mod request;
mod resolve;
mod target;

#[cfg(test)]
mod tests;

pub use client::HttpClient;
pub use error::{OutboundError, OutboundErrorKind, Refusal};
pub use policy::{OutboundPolicy, PolicyError};
pub use request::{Limits, OutboundRequest, OutboundResponse};
pub use resolve::{DnsResolver, Resolve, ResolveError};
pub use target::CheckedTarget;
