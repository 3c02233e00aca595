//! The administration, one folder for each page. `filters` and `secret` are shared.

mod all_tasks;
mod announcements;
mod audit;
mod filters;
mod overview;
mod secret;
mod settings;
mod users;

pub use all_tasks::{AllTasksPage, AnyTaskPage};
pub use announcements::AnnouncementsPage;
pub use audit::AuditPage;
pub use overview::OverviewPage;
pub use settings::SettingsPage;
pub use users::{UserPage, UsersPage};
