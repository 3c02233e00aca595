//! The administration, one folder for each page.

pub mod custom_apis;
