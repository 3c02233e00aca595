//! The record of requests: the list with its filters in the address, and the page of one record.

mod detail;
mod filters;
mod list;
mod query;
mod table;

pub use detail::RequestLogPage;
pub use list::RequestLogListPage;

use crate::ui::Tone;

/// The colour of a status.
fn tone_of_status(status: i64) -> Tone {
    match status {
        200..=299 => Tone::Ok,
        300..=399 => Tone::Info,
        400..=499 => Tone::Warn,
        _ => Tone::Danger,
    }
}

/// A text, or a dash.
fn or_dash(text: &str) -> String {
    if text.is_empty() { "-".to_owned() } else { text.to_owned() }
}
