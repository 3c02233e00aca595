//! Server functions: three to eight lines each, calling `service`. Their addresses are `/_fn/app/api/<file>/<name>`.

pub mod accounts;
pub mod admin;
pub mod announcements;
pub mod custom_apis;
pub mod dashboard;
pub mod features;
pub mod ledger;
pub mod recharge;
pub mod request_logs;
pub mod tasks;
pub mod webhooks;
