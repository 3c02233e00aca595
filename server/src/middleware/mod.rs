//! What requests pass on their way. [`crate::door`] puts the parts together for every request; [`authenticate`] stands before REST and
//! [`page_guard`] before the console.

pub mod access_log;
pub mod authenticate;
pub mod body;
pub mod cors;
pub mod cross_site;
pub mod page_guard;
pub mod rate_limit;
pub mod record;
pub mod request_id;
pub mod security_headers;
pub mod strip_api_key;
#[cfg(test)]
mod tests;
