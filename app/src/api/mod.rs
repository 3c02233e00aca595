//! Server functions: three to eight lines each, calling `service`. Their addresses are `/_fn/app/api/<file>/<name>`.

pub mod accounts;
pub mod admin;
pub mod announcements;
pub mod features;
pub mod tasks;
pub mod webhooks;
