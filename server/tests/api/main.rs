//! The server as its callers see it: the router in this process, on a database of its own for each test, on both engines.

mod accounts;
mod administration;
mod authorisation;
mod catalog;
mod cors;
mod credentials;
mod custom_apis;
mod dashboard;
mod errors;
mod events;
mod features;
mod harness;
mod headers;
mod ledger;
mod lists;
mod openapi;
mod pages;
mod recharge;
mod request_logs;
mod routes;
mod suno;
mod task_centre;
mod tasks;
mod totp;
mod users;
mod webhooks;
