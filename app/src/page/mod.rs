//! The pages, one folder each.

pub mod admin;
pub mod dashboard;
pub mod ledger;
pub mod login;
pub mod not_found;
pub mod profile;
pub mod recharge;
pub mod register;
pub mod setup;
pub mod tasks;
