//! The record of requests.

use crate::envelope::{Answer, Failure, Success};
use crate::extract::{Caller, Id, Json, List};
use crate::state::AppState;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures::stream;
use model::Page;
use model::request_logs::{DeleteLogs, DeletedLogs, RequestLogFilter, RequestLogView};
use service::request_logs::{self, Cursor};

/// The caller's requests.
///
/// Calls of custom APIs and of the endpoints of tasks, newest first. Rows leave out the query string and the bodies. With more than one
/// filter beside the time, only the newest 5,000 rows that the most selective of them finds are looked through.
#[utoipa::path(get, path = "/api/logs", tag = "request logs", operation_id = "list_logs", params(RequestLogFilter),
    responses((status = 200, description = "One page.", body = Success<Page<RequestLogView>>),
        (status = 422, description = "A filter is not acceptable; `field` names it.")))]
pub async fn list(
    State(state): State<AppState>,
    Caller(actor): Caller,
    List(filter): List<RequestLogFilter>,
) -> Answer<Page<RequestLogView>> {
    Ok(Success::new(request_logs::list(&state.service, &actor, &filter).await?))
}

/// One request.
///
/// With query string and bodies, in which secrets are masked and long texts are cut.
#[utoipa::path(get, path = "/api/logs/{id}", tag = "request logs", operation_id = "get_log",
    params(("id" = i64, Path, description = "The number of the record.")),
    responses((status = 200, description = "The record.", body = Success<RequestLogView>,
        example = json!({"success": true, "message": "", "data": {
            "id": 12, "user_id": 2, "key_id": 1, "created_at": "2026-01-31T08:15:30.250Z", "rule_id": 4, "rule_name": "weather",
            "method": "GET", "path": "/api/weather/Shanghai", "consume_points": 2, "status_code": 200, "duration": 84,
            "remote_addr": "203.0.113.7", "call_id": "1769847330250-4-0123456789abcdef", "request_id": "req_5f0c31a2b7e94d18", "error": "", "raw_query": "days=2", "request_body": "",
            "response_body": "{\"sky\":\"clear\"}"
        }}))))]
pub async fn get(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id) -> Answer<RequestLogView> {
    Ok(Success::new(request_logs::get(&state.service, &actor, id).await?))
}

/// Delete records.
///
/// At most 1,000 of the caller's own. Numbers that are not there are left out of the count.
#[utoipa::path(post, path = "/api/logs/batch-delete", tag = "request logs", operation_id = "delete_logs",
    request_body(content = DeleteLogs, example = json!({"ids": [12, 13]})),
    responses((status = 200, description = "How many are gone.", body = Success<DeletedLogs>)))]
pub async fn delete(State(state): State<AppState>, Caller(actor): Caller, Json(body): Json<DeleteLogs>) -> Answer<DeletedLogs> {
    let deleted = request_logs::delete(&state.service, &actor, &body.ids).await?;
    Ok(Success::new(DeletedLogs { deleted }))
}

/// The caller's filtered requests as a file.
///
/// CSV in UTF-8 with its mark at the beginning, newest first, all of them. Cells that a spreadsheet would run as formulas begin with an
/// apostrophe. `page` and `page_size` have no meaning here.
#[utoipa::path(get, path = "/api/logs/export.csv", tag = "request logs", operation_id = "export_logs", params(RequestLogFilter),
    responses((status = 200, description = "The file.", body = String, content_type = "text/csv"),
        (status = 422, description = "A filter is not acceptable; `field` names it.")))]
pub async fn export(
    State(state): State<AppState>,
    Caller(actor): Caller,
    List(filter): List<RequestLogFilter>,
) -> Result<Response, Failure> {
    let service = state.service.clone();
    // The first part is made before the head of the answer goes out, so that a wrong filter is an error and not half a file.
    let (lines, after) = request_logs::export(&service, &actor, &filter, None).await?;
    let first = Bytes::from(request_logs::export_head() + &lines);
    let rest = stream::unfold(after, move |after: Option<Cursor>| {
        let (service, actor, filter) = (service.clone(), actor.clone(), filter.clone());
        async move {
            let part = request_logs::export(&service, &actor, &filter, Some(after?)).await;
            Some(match part {
                Ok((lines, after)) => (Ok(Bytes::from(lines)), after),
                // The connection is cut, so that the reader sees that the file is not whole.
                Err(error) => (Err(std::io::Error::other(error)), None),
            })
        }
    });
    let body = Body::from_stream(futures::StreamExt::chain(stream::once(async move { Ok(first) }), rest));
    let headers =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, "attachment; filename=\"request-logs.csv\"")];
    Ok((headers, body).into_response())
}

/// Everybody's requests.
///
/// `user_id` chooses a user. Filters without one look through the newest 5,000 rows of the range of time.
#[utoipa::path(get, path = "/api/admin/logs", tag = "administration", operation_id = "admin_list_logs", params(RequestLogFilter),
    responses((status = 200, description = "One page.", body = Success<Page<RequestLogView>>),
        (status = 422, description = "A filter is not acceptable; `field` names it.")))]
pub async fn admin_list(
    State(state): State<AppState>,
    Caller(actor): Caller,
    List(filter): List<RequestLogFilter>,
) -> Answer<Page<RequestLogView>> {
    Ok(Success::new(request_logs::list_all(&state.service, &actor, &filter).await?))
}

/// One request of anybody.
#[utoipa::path(get, path = "/api/admin/logs/{id}", tag = "administration", operation_id = "admin_get_log",
    params(("id" = i64, Path, description = "The number of the record.")),
    responses((status = 200, description = "The record.", body = Success<RequestLogView>)))]
pub async fn admin_get(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id) -> Answer<RequestLogView> {
    Ok(Success::new(request_logs::get_any(&state.service, &actor, id).await?))
}
