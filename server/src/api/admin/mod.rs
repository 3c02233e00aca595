//! Administration: everything here asks for an administrator.

pub mod channels;
pub mod custom_apis;
pub mod features;
pub mod recharge;
pub mod redemption_codes;
pub mod rules;
