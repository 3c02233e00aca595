//! Pages of lists: every list has a total, a stable order and an upper bound.

use crate::all_tasks::AllTasksFilter;
use crate::audit::AuditFilter;
use crate::recharge::CodeFilter;
use crate::request_logs::RequestLogFilter;
use crate::tasks::TaskFilter;
use crate::time::Timestamp;
use crate::users::UserFilter;
use crate::webhooks::{AdminDeliveryFilter, DeliveryFilter};
use crate::{Error, Result, catalog, ledger};
use serde::{Deserialize, Serialize};

/// Rows on a page unless asked otherwise.
pub const DEFAULT_PAGE_SIZE: i64 = 20;
/// Most rows on a page.
pub const MAX_PAGE_SIZE: i64 = 100;
/// Highest number of a page.
pub const MAX_PAGE: i64 = 1_000_000;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The rows of this page.
    pub items: Vec<T>,
    /// Rows of the whole filtered list.
    pub total: i64,
    /// Whether counting stopped at `total`, because an exact one would take long: there are at least so many.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub total_is_limited: bool,
    /// This page's number, from 1.
    pub page: i64,
    /// Rows a page.
    pub page_size: i64,
}

impl<T> Page<T> {
    /// Number of pages, at least 1.
    pub fn pages(&self) -> i64 {
        ((self.total + self.page_size - 1) / self.page_size.max(1)).max(1)
    }
}

/// Which page is wanted. Programs are told of values out of range ([`ListQuery::check`]); for people, who have them from an old address, they are clamped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paging {
    /// From 1.
    pub page: i64,
    /// 1 to [`MAX_PAGE_SIZE`].
    pub page_size: i64,
}

impl Paging {
    /// Clamps what a caller asked for.
    pub fn new(page: Option<i64>, page_size: Option<i64>) -> Self {
        Paging {
            page: page.unwrap_or(1).clamp(1, MAX_PAGE),
            page_size: page_size.filter(|n| *n > 0).unwrap_or(DEFAULT_PAGE_SIZE).min(MAX_PAGE_SIZE),
        }
    }

    /// Rows before this page.
    pub fn offset(self) -> i64 {
        (self.page - 1) * self.page_size
    }

    /// Wraps the rows of this page.
    pub fn page<T>(self, items: Vec<T>, total: i64) -> Page<T> {
        Page { items, total, total_is_limited: false, page: self.page, page_size: self.page_size }
    }

    /// Wraps the rows of this page of a list whose rows were counted up to `most` only.
    pub fn page_counted_to<T>(self, items: Vec<T>, total: i64, most: i64) -> Page<T> {
        Page { total_is_limited: total >= most, ..self.page(items, total) }
    }
}

impl Default for Paging {
    fn default() -> Self {
        Paging::new(None, None)
    }
}

/// The query string of a list. Every list is under the same rule, whatever it lists.
pub trait ListQuery {
    /// The number of the page that is asked for.
    fn page(&self) -> Option<i64>;

    /// The rows a page that are asked for.
    fn page_size(&self) -> Option<i64>;

    /// Start and end of the range of time, if the list has one.
    fn range(&self) -> (Option<Timestamp>, Option<Timestamp>) {
        (None, None)
    }

    /// The rule.
    ///
    /// Errors: `invalid` at `page`, `page_size` or `end`.
    fn check(&self) -> Result<()> {
        if self.page().is_some_and(|page| !(1..=MAX_PAGE).contains(&page)) {
            return Err(Error::invalid("page", format!("`page` must be 1 to {MAX_PAGE}.")));
        }
        if self.page_size().is_some_and(|size| !(1..=MAX_PAGE_SIZE).contains(&size)) {
            return Err(Error::invalid("page_size", format!("`page_size` must be 1 to {MAX_PAGE_SIZE}.")));
        }
        let (start, end) = self.range();
        check_range(start, end)
    }
}

/// Refuses a range that holds no instant.
///
/// Errors: `invalid` at `end`.
pub fn check_range(start: Option<Timestamp>, end: Option<Timestamp>) -> Result<()> {
    match start.zip(end) {
        Some((start, end)) if end <= start => Err(Error::invalid("end", "The range must end after it starts.")),
        _ => Ok(()),
    }
}

macro_rules! list_queries {
    ($($of:ty $(, $start:ident to $end:ident)?;)*) => {
        $(impl ListQuery for $of {
            fn page(&self) -> Option<i64> {
                self.page
            }

            fn page_size(&self) -> Option<i64> {
                self.page_size
            }

            $(fn range(&self) -> (Option<Timestamp>, Option<Timestamp>) {
                (self.$start, self.$end)
            })?
        })*
    };
}

list_queries! {
    TaskFilter, start to end;
    AllTasksFilter, start to end;
    RequestLogFilter, start to end;
    ledger::EntryFilter, start to end;
    AuditFilter, start to end;
    catalog::EntryFilter;
    CodeFilter;
    UserFilter;
    DeliveryFilter;
    AdminDeliveryFilter;
}
