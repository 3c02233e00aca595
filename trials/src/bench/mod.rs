//! The bench: what the server does in a second, how long its callers wait, and what the machine could do at most.
//!
//! Nothing here asserts a time. Everything drives the release binary through its public surface, but for `life`, which measures the services
//! without HTTP, and `statements`, which measures SQLite without the product. What is measured and how to read it: docs/performance.md.

pub mod arrivals;
pub mod flood;
pub mod gateway;
pub mod idle;
pub mod life;
pub mod limits;
pub mod lists;
pub mod load;
pub mod log_lists;
pub mod log_rows;
pub mod paced;
pub mod pages;
pub mod peers;
pub mod product;
pub mod report;
pub mod statements;
pub mod store;
pub mod stub;
pub mod syncs;
pub mod task_centre;
mod task_rows;
