//! The administration, one folder for each page. `filters` and `secret` are shared; `bar`, `mistakes` and `rows` by those that edit the catalog.

mod all_tasks;
mod announcements;
mod audit;
mod bar;
pub mod channels;
pub mod custom_apis;
pub mod features;
mod filters;
mod mistakes;
mod overview;
pub mod recharge;
pub mod redemption_codes;
mod rows;
pub mod rules;
mod secret;
mod settings;
mod users;
pub mod webhooks;

pub use all_tasks::{AllTasksPage, AnyTaskPage};
pub use announcements::AnnouncementsPage;
pub use audit::AuditPage;
pub use overview::OverviewPage;
pub use settings::SettingsPage;
pub use users::{UserPage, UsersPage};
