//! Server functions of the administration.

pub mod custom_apis;
