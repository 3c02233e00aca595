//! REST handlers: from HTTP to `service` and back, a few lines each.

pub mod accounts;
pub mod admin;
pub mod all_tasks;
pub mod announcements;
pub mod audit;
pub mod custom_apis;
pub mod dashboard;
pub mod events;
pub mod features;
pub mod health;
pub mod keys;
pub mod ledger;
pub mod overview;
pub mod recharge;
pub mod request_logs;
pub mod settings;
pub mod suno;
pub mod task_centre;
pub mod tasks;
pub mod totp;
pub mod users;
pub mod webhooks;

use model::paging::{ListQuery, Paging};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which page of a list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    /// From 1.
    pub page: Option<i64>,
    /// 1 to 100, 20 by default.
    pub page_size: Option<i64>,
}

impl PageQuery {
    /// The page.
    pub fn paging(&self) -> Paging {
        Paging::new(self.page, self.page_size)
    }
}

impl ListQuery for PageQuery {
    fn page(&self) -> Option<i64> {
        self.page
    }

    fn page_size(&self) -> Option<i64> {
        self.page_size
    }
}
