//! The administration. Every function is for administrators; `service` refuses everybody else.

pub mod all_tasks;
pub mod announcements;
pub mod audit;
pub mod channels;
pub mod custom_apis;
pub mod features;
pub mod overview;
pub mod recharge;
pub mod redemption_codes;
pub mod rules;
pub mod settings;
pub mod users;
pub mod webhooks;
