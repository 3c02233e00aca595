//! Administration: everything here asks for an administrator.

pub mod channels;
pub mod features;
pub mod rules;
