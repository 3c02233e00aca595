//! The filters of the list as they stand in the address.

use crate::page::range::{Range, instant};
use crate::ui::LinkBuilder;
use model::tasks::{Order, TaskFilter, TaskSort, TaskStatus};

/// What the list shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ListQuery {
    /// All but ranges that end now.
    pub filter: TaskFilter,
    /// A range that ends now.
    pub range: Option<Range>,
}

impl ListQuery {
    /// From the present address; what cannot be read is left out. Reactive.
    pub fn read(link: LinkBuilder) -> Self {
        let number = |name: &str| link.get(name).and_then(|text| text.parse().ok());
        let text = |name: &str| link.get(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let filter = TaskFilter {
            page: number("page"),
            page_size: number("page_size"),
            sort: link.get("sort").and_then(|word| TaskSort::parse(&word)),
            order: link.get("order").and_then(|word| match word.as_str() {
                "asc" => Some(Order::Asc),
                "desc" => Some(Order::Desc),
                _ => None,
            }),
            status: link.get("status").and_then(|word| TaskStatus::parse(&word)),
            feature_id: number("feature_id"),
            category: text("category"),
            q: text("q"),
            start: link.get("start").and_then(|text| instant(&text)),
            end: link.get("end").and_then(|text| instant(&text)),
        };
        ListQuery { filter, range: link.get("range").and_then(|word| Range::parse(&word)) }
    }

    /// Seconds of a range that ends now.
    pub fn within(&self) -> Option<i64> {
        self.range.map(Range::seconds)
    }

    /// Whether any filter is set.
    pub fn is_narrowed(&self) -> bool {
        let TaskFilter { status, feature_id, category, q, start, end, page: _, page_size: _, sort: _, order: _ } = &self.filter;
        status.is_some()
            || feature_id.is_some()
            || category.is_some()
            || q.is_some()
            || start.is_some()
            || end.is_some()
            || self.range.is_some()
    }

    /// Whether a new task would be at the top of what is shown.
    pub fn shows_newest(&self) -> bool {
        let TaskFilter { page, sort, order, .. } = &self.filter;
        let by_age = matches!(sort, None | Some(TaskSort::CreatedAt | TaskSort::Seq));
        page.unwrap_or(1) <= 1 && by_age && order.unwrap_or_default() == Order::Desc && !self.is_narrowed()
    }
}
