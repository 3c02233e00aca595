//! What handlers take from a request, each with an error of ours when it is not there or not right.

pub mod actor;
pub mod client;
pub mod credential;
pub mod idempotency;
pub mod json;
pub mod list;
pub mod path;
pub mod query;
#[cfg(test)]
mod tests;

pub use actor::Caller;
pub use client::Client;
pub use idempotency::IdempotencyKey;
pub use json::Json;
pub use list::List;
pub use path::Id;
pub use query::Query;
