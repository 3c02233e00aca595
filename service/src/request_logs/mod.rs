//! The record of requests: calls of custom APIs and of the endpoints of tasks. It is written beside the requests, in batches, and may be
//! dropped when it cannot keep up; nothing that counts depends on it.

mod delete;
mod export;
mod list;
mod mask;
mod prune;
mod record;
#[cfg(test)]
mod tests;
mod usage;
mod write;

pub use delete::delete;
pub use export::{Cursor, export, export_head};
pub use list::{get, get_any, list, list_all, rules};
pub use prune::prune;
pub use record::{Facts, Record};
pub use usage::usage;
pub use write::Recorder;
