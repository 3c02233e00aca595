//! The pages, one folder each.

pub mod admin;
pub mod apis;
pub mod dashboard;
pub mod ledger;
pub mod login;
pub mod not_found;
pub mod profile;
pub mod range;
pub mod recharge;
pub mod register;
pub mod request_logs;
pub mod setup;
pub mod tasks;
pub mod webhooks;
