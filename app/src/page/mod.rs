//! The pages, one folder each.

pub mod admin;
pub mod login;
pub mod not_found;
pub mod profile;
pub mod register;
pub mod setup;
pub mod tasks;
pub mod webhooks;
