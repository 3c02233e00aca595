//! Everything that happens on the server, callable from any door.
//!
//! Slices (`accounts`, `ledger`, `features`, `tasks`) take the [`Service`] first and the [`actor::Actor`] second, and own their transactions.
//! They call each other only through their public functions.
#![recursion_limit = "256"]

pub mod accounts;
pub mod actor;
pub mod announcements;
pub mod audit;
pub mod backup;
pub mod clock;
pub mod config;
pub mod custom_apis;
pub mod dashboard;
pub mod db;
pub mod doctor;
pub mod engine;
pub mod events;
pub mod features;
pub mod http_client;
pub mod ledger;
pub mod overview;
pub mod reading;
pub mod recharge;
pub mod request_logs;
pub mod schedule;
mod service;
pub mod settings;
pub mod task_centre;
pub mod tasks;
pub mod testing;
pub mod webhooks;

pub use service::{Service, StartError};
