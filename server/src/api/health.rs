//! What machines ask about the server itself.

use crate::envelope::{Failure, FailureBody};
use crate::state::AppState;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use model::ErrorCode;
use subtle::ConstantTimeEq;

/// Is the process alive?
#[utoipa::path(get, path = "/healthz", tag = "server", operation_id = "healthz", security(()),
    responses((status = 200, description = "It is.", body = String, content_type = "text/plain", example = "ok")))]
pub async fn healthz() -> &'static str {
    "ok"
}

/// Can requests be served?
///
/// 503 while the database is away and while the server is shutting down.
#[utoipa::path(get, path = "/readyz", tag = "server", operation_id = "readyz", security(()),
    responses(
        (status = 200, description = "They can.", body = String, content_type = "text/plain", example = "ready"),
        (status = 503, description = "Not now.", body = FailureBody),
    ))]
pub async fn readyz(State(state): State<AppState>) -> Result<&'static str, Failure> {
    state.service.ready().await?;
    Ok("ready")
}

/// Measurements in the format of Prometheus.
///
/// With the operator's token as a bearer; nothing is here unless one is configured.
#[utoipa::path(get, path = "/metrics", tag = "server", operation_id = "metrics", security(("bearer" = [])),
    responses(
        (status = 200, description = "The measurements.", body = String, content_type = "text/plain", example = "process_uptime_seconds 42"),
        (status = 401, description = "No token, or a wrong one.", body = FailureBody),
        (status = 404, description = "No token is configured.", body = FailureBody),
    ))]
pub async fn metrics(State(state): State<AppState>, headers: HeaderMap) -> Result<Response, Failure> {
    let Some(token) = state.service.config.metrics_token.as_deref() else { return Err(crate::envelope::not_found()) };
    if !bearer(&headers).is_some_and(|given| given.as_bytes().ct_eq(token.as_bytes()).into()) {
        return Err(Failure::new(ErrorCode::Unauthenticated, "Send the operator's token as a bearer."));
    }
    let Some(metrics) = &state.metrics else { return Err(crate::envelope::not_found()) };
    let text = metrics.render();
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}
