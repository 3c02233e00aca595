//! The outbound door against hostile URLs, resolvers and upstreams. Nothing here leaves the machine: servers are raw
//! listeners on loopback, reached only through an allow-list entry for their port.

mod allowed;
mod bodies;
mod broken;
mod connections;
mod hosts;
mod policies;
mod rebinding;
mod redirects;
mod refused;
mod servers;
mod spellings;
mod tls;
