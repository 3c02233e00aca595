//! The filters of the list as they stand in the address.

use crate::ui::LinkBuilder;
use model::tasks::{Order, TaskFilter, TaskSort, TaskStatus};
use model::time::Timestamp;

/// A time range that ends now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Range {
    /// The last hour.
    Hour,
    /// The last 24 hours.
    Day,
    /// The last 7 days.
    Week,
    /// The last 30 days.
    Month,
}

impl Range {
    /// Every range, shortest first.
    pub const ALL: [Range; 4] = [Range::Hour, Range::Day, Range::Week, Range::Month];

    /// The word in the address.
    pub fn as_str(self) -> &'static str {
        match self {
            Range::Hour => "1h",
            Range::Day => "24h",
            Range::Week => "7d",
            Range::Month => "30d",
        }
    }

    /// How long it is.
    pub fn seconds(self) -> i64 {
        match self {
            Range::Hour => 3600,
            Range::Day => 86_400,
            Range::Week => 7 * 86_400,
            Range::Month => 30 * 86_400,
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|range| range.as_str() == word)
    }
}

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

/// RFC 3339, or what a date-and-time control gives without scripts, taken for UTC.
pub fn instant(text: &str) -> Option<Timestamp> {
    Timestamp::parse(text).or_else(|| match text.len() {
        16 => Timestamp::parse(&format!("{text}:00Z")),
        19 => Timestamp::parse(&format!("{text}Z")),
        _ => None,
    })
}
