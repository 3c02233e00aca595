//! The caller's movements of points.

use crate::envelope::{Answer, Failure, Success};
use crate::extract::{Caller, List};
use crate::state::AppState;
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures::stream;
use model::csv;
use model::ledger::{EntryFilter, EntryPage, EntryView};
use service::ledger::{self, EXPORT_ROWS};

/// The movements of points.
///
/// Newest first, each with the balance after it and what it belongs to; with the sums of the range, for reconciliation.
#[utoipa::path(get, path = "/api/ledger", tag = "account", operation_id = "list_ledger", params(EntryFilter),
    responses(
        (status = 200, description = "One page.", body = Success<EntryPage>),
        (status = 422, description = "`q` is no beginning of a reference, or the range ends before it starts."),
    ))]
pub async fn list(State(state): State<AppState>, Caller(actor): Caller, List(filter): List<EntryFilter>) -> Answer<EntryPage> {
    Ok(Success::new(ledger::entries(&state.service, &actor, &filter).await?))
}

/// The movements of points as a file.
///
/// CSV for spreadsheets, newest first, all of the filtered list; `page` and `page_size` are ignored.
#[utoipa::path(get, path = "/api/ledger/export.csv", tag = "account", operation_id = "export_ledger", params(EntryFilter),
    responses(
        (status = 200, description = "The file.", body = String, content_type = "text/csv"),
        (status = 422, description = "`q` is no beginning of a reference, or the range ends before it starts."),
    ))]
pub async fn export(State(state): State<AppState>, Caller(actor): Caller, List(filter): List<EntryFilter>) -> Result<Response, Failure> {
    // The first rows are read before the answer begins: an error can still be told.
    let first = ledger::export(&state.service, &actor, &filter, None).await?;
    let head = format!("{}{}", csv::BOM, csv::line(HEAD));
    let rest = stream::try_unfold((Some(first), head), move |(rows, mut text)| {
        let (state, actor, filter) = (state.clone(), actor.clone(), filter.clone());
        async move {
            let Some(rows) = rows else { return Ok(None) };
            text.extend(rows.iter().map(line));
            let next = match rows.last() {
                Some(last) if rows.len() as i64 == EXPORT_ROWS => {
                    Some(ledger::export(&state.service, &actor, &filter, Some(last.id)).await.map_err(std::io::Error::other)?)
                }
                _ => None,
            };
            Ok::<_, std::io::Error>(Some((text, (next, String::new()))))
        }
    });
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"ledger.csv\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, Body::from_stream(rest)).into_response())
}

const HEAD: [&str; 10] =
    ["id", "created_at", "kind", "points", "available_change", "held_change", "available_after", "held_after", "reference", "note"];

fn line(entry: &EntryView) -> String {
    let (available, held, _) = entry.kind.deltas(entry.points);
    csv::line([
        entry.id.to_string(),
        entry.created_at.rfc3339(),
        entry.kind.as_str().to_owned(),
        entry.points.to_string(),
        available.to_string(),
        held.to_string(),
        entry.available_after.to_string(),
        entry.held_after.to_string(),
        entry.reference.clone(),
        entry.note.clone(),
    ])
}
