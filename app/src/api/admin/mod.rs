//! Administration: each asks for an administrator, which the service checks.

pub mod channels;
pub mod features;
pub mod rules;
