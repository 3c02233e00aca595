//! Administration. One folder for each area.

pub mod recharge;
pub mod redemption_codes;
