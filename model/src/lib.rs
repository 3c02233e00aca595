//! Words of the domain, compiled for the server and for the browser.
//!
//! Types, pure rules and error codes. No I/O, no async, no SQL.
#![recursion_limit = "256"]

pub mod accounts;
pub mod all_tasks;
pub mod announcements;
pub mod audit;
pub mod catalog;
pub mod csv;
pub mod custom_apis;
pub mod dashboard;
pub mod error;
pub mod events;
pub mod features;
pub mod form;
pub mod ledger;
pub mod overview;
pub mod paging;
pub mod recharge;
pub mod request_logs;
pub mod rules;
pub mod settings;
pub mod task_centre;
pub mod tasks;
pub mod time;
pub mod users;
pub mod webhooks;

pub use error::{Error, ErrorCode, Result};
pub use paging::Page;
