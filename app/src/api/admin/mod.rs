//! Administration: each asks for an administrator, which the service checks.

pub mod recharge;
pub mod redemption_codes;
