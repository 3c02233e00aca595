//! Server functions of the administration.

pub mod webhooks;
