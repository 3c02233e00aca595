//! Ranges of time as filters of lists have them: words in the address, and controls in the reader's zone.

use model::time::Timestamp;

/// The word of a range that people set themselves.
pub const CUSTOM: &str = "custom";

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

    /// The range of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|range| range.as_str() == word)
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

/// `2026-01-31T08:15`, the UTC of an instant.
pub fn utc_control(at: Timestamp) -> String {
    at.rfc3339()[..16].to_owned()
}

/// The same in the reader's zone. Browser only.
pub fn local_control(at: Timestamp) -> String {
    let offset = js_sys::Date::new(&(at.0 as f64).into()).get_timezone_offset() as i64;
    utc_control(Timestamp(at.0 - offset * 60_000))
}

/// The instant of a control in the reader's zone. Browser only.
pub fn from_local(text: &str) -> Option<Timestamp> {
    let milliseconds = js_sys::Date::new(&text.into()).get_time();
    milliseconds.is_finite().then_some(Timestamp(milliseconds as i64))
}
