//! The pages of the administration, one folder each.

pub mod webhooks;
