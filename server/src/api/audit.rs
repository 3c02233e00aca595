//! The audit log.

use crate::envelope::{Answer, Failure, Success};
use crate::extract::{Caller, List};
use crate::state::AppState;
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures::stream;
use model::Page;
use model::audit::{AuditEntry, AuditFilter};
use service::audit;

/// The audit log.
///
/// Every change of an administrator, newest first, with what it was before. For administrators.
#[utoipa::path(get, path = "/api/admin/audit", tag = "administration", operation_id = "list_audit", params(AuditFilter),
    responses((status = 200, description = "One page; its total stops at 10,000.", body = Success<Page<AuditEntry>>)))]
pub async fn list(State(state): State<AppState>, Caller(actor): Caller, List(filter): List<AuditFilter>) -> Answer<Page<AuditEntry>> {
    Ok(Success::new(audit::list(&state.service, &actor, &filter).await?))
}

/// The audit log as a file.
///
/// CSV of everything that the filter leaves, newest first, in UTF-8 with a mark that spreadsheets know it by. For administrators.
#[utoipa::path(get, path = "/api/admin/audit/export.csv", tag = "administration", operation_id = "export_audit", params(AuditFilter),
    responses((status = 200, description = "The file.", body = String, content_type = "text/csv")))]
pub async fn export(State(state): State<AppState>, Caller(actor): Caller, List(filter): List<AuditFilter>) -> Result<Response, Failure> {
    // The first step before the head of the answer, so that a refusal is one.
    let (first, next) = audit::csv(&state.service, &actor, &filter, None).await?;
    let service = state.service.clone();
    let rest = stream::try_unfold(next, move |next| {
        let (service, actor, filter) = (service.clone(), actor.clone(), filter.clone());
        async move {
            let Some(before) = next else { return Ok(None) };
            audit::csv(&service, &actor, &filter, Some(before)).await.map(Some)
        }
    });
    let all = futures::StreamExt::chain(stream::once(async move { Ok::<_, model::Error>(first) }), rest);
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, "attachment; filename=\"audit.csv\"")];
    Ok((headers, Body::from_stream(all)).into_response())
}
