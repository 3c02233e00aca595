//! Pages of lists: every list has a total, a stable order and an upper bound.

use serde::{Deserialize, Serialize};

/// Rows on a page unless asked otherwise.
pub const DEFAULT_PAGE_SIZE: i64 = 20;
/// Most rows on a page; a larger request is clamped.
pub const MAX_PAGE_SIZE: i64 = 100;

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

/// Which page is wanted; out-of-range values are clamped.
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
            page: page.unwrap_or(1).clamp(1, 1_000_000),
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
