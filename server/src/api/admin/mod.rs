//! Administration: everything here asks for an administrator.

pub mod recharge;
pub mod redemption_codes;
