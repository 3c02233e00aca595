//! One request as it is handed over, and as it is stored.

use super::mask;
use crate::features;
use crate::service::Service;
use bytes::Bytes;
use model::tasks::TaskView;
use model::time::Timestamp;

/// Longest path, query string and error that are kept, in bytes.
const MOST_PATH: usize = 1024;
const MOST_QUERY: usize = 4096;
const MOST_ERROR: usize = 1000;
/// What a text that was cut ends with.
const CUT: &str = "… [truncated]";
/// What a row takes beside its texts, roughly, with its entries in the indexes.
const ROW_BYTES: usize = 500;

/// What only the one who answered knows.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Number and name of the rule.
    pub rule: Option<(i64, String)>,
    /// Number and name of the custom API.
    pub api: Option<(i64, String)>,
    /// Points that it cost, or that a submitted task has set aside.
    pub points: i64,
    /// The id of a call of a custom API.
    pub call_id: String,
    /// Why the answer is bad although it is no error of ours.
    pub error: Option<String>,
}

impl Facts {
    /// Those of a request that began a run of a task: its rule, and the points that it has set aside.
    pub fn of_task(service: &Service, task: &TaskView, points: i64) -> Self {
        let rule = features::snapshot(service).rules.get(&task.rule_id).map(|row| (row.id, row.rule.name.clone()));
        Facts { rule, points, ..Facts::default() }
    }
}

/// A request and its answer.
#[derive(Debug, Clone)]
pub struct Record {
    /// Whose session or key it was.
    pub user_id: i64,
    /// The number of the key.
    pub key_id: Option<i64>,
    /// The id that the answer carries: letters, digits and a few signs, at most 64.
    pub request_id: String,
    /// When it came.
    pub at: Timestamp,
    /// Milliseconds to the answer.
    pub duration: i64,
    /// The method.
    pub method: String,
    /// The path without the query string.
    pub path: String,
    /// The query string.
    pub query: String,
    /// Where it came from.
    pub address: String,
    /// The status of the answer.
    pub status: u16,
    /// The beginning of the request's body, and how long all of it is.
    pub request: (Bytes, usize),
    /// The beginning of the answer's body, and how long all of it is.
    pub response: (Bytes, usize),
    /// The sentence of an error of ours.
    pub error: String,
    /// What only the one who answered knows.
    pub facts: Facts,
}

/// A record with everything masked and cut, as it is stored.
pub(super) struct Entry {
    pub path: String,
    pub query: String,
    pub request: String,
    pub response: String,
    pub error: String,
    pub bytes: i64,
}

impl Record {
    /// Masks and cuts. Costs more than everything else about a record, so it is done by the writer and not by the request.
    pub(super) fn entry(&self) -> Entry {
        let path = cut(clean(&self.path), MOST_PATH);
        let query = cut(mask::query(&clean(&self.query)), MOST_QUERY);
        let error = self.facts.error.as_ref().unwrap_or(&self.error);
        let error = cut(mask::text(&clean(error)), MOST_ERROR);
        let (request, response) = (body(&self.request), body(&self.response));
        let bytes = ROW_BYTES + path.len() + query.len() + error.len() + request.len() + response.len();
        Entry { path, query, request, response, error, bytes: i64::try_from(bytes).unwrap_or(i64::MAX) }
    }
}

/// A body as text; of one that is none, only its length.
fn body((bytes, length): &(Bytes, usize)) -> String {
    if *length == 0 || bytes.is_empty() {
        return String::new();
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        // Cut in the middle of a character.
        Err(error) if error.error_len().is_none() && bytes.len() < *length => {
            std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return format!("[{length} bytes]"),
    };
    let masked = mask::text(&clean(text));
    if bytes.len() < *length { masked + CUT } else { masked }
}

/// Without U+0000, which PostgreSQL cannot store.
fn clean(text: &str) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text.to_owned() }
}

fn cut(mut text: String, most: usize) -> String {
    if text.len() > most {
        let end = (0..=most).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        text.truncate(end);
        text.push('…');
    }
    text
}
