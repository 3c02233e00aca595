//! Administration of rules.

use crate::envelope::{Answer, Failure, Nothing, Success};
use crate::extract::{Caller, Id, Json, List};
use crate::state::AppState;
use axum::extract::State;
use axum::http::StatusCode;
use model::Page;
use model::catalog::{DryRun, DryRunReport, EntryFilter, Revision, RuleEntry};
use model::rules::Rule;
use service::features::admin;

/// All rules.
#[utoipa::path(get, path = "/api/admin/rules", tag = "administration", operation_id = "admin_list_rules", params(EntryFilter),
    responses((status = 200, description = "One page.", body = Success<Page<RuleEntry>>)))]
pub async fn list(State(state): State<AppState>, Caller(actor): Caller, List(filter): List<EntryFilter>) -> Answer<Page<RuleEntry>> {
    Ok(Success::new(admin::rules(&state.service, &actor, &filter).await?))
}

/// One rule with its whole definition.
#[utoipa::path(get, path = "/api/admin/rules/{id}", tag = "administration", operation_id = "admin_get_rule",
    params(("id" = i64, Path, description = "The number of the rule.")),
    responses((status = 200, description = "The rule.", body = Success<RuleEntry>)))]
pub async fn get(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id) -> Answer<RuleEntry> {
    Ok(Success::new(admin::rule(&state.service, &actor, id).await?))
}

/// Make a rule.
///
/// Checked as a catalog file is; `field` names the place of a mistake.
#[utoipa::path(post, path = "/api/admin/rules", tag = "administration", operation_id = "admin_create_rule",
    request_body(content = Rule, example = json!({
        "name": "picture", "result_path": "$.result", "error_path": "$.error", "max_retries": 3,
        "request": {
            "method": "POST", "url": "{{ channel.base_url }}/v1/generate", "headers": {"Authorization": "Bearer {{ channel.credential }}"},
            "body": {"prompt": "{{ params.prompt }}"}
        }
    })),
    responses(
        (status = 201, description = "The rule.", body = Success<RuleEntry>),
        (status = 409, description = "The name is taken."),
    ))]
pub async fn create(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Json(definition): Json<Rule>,
) -> Result<(StatusCode, Success<RuleEntry>), Failure> {
    Ok((StatusCode::CREATED, Success::new(admin::create_rule(&state.service, &actor, definition).await?)))
}

/// Change a rule.
///
/// Takes the whole new definition, and the version that it was made from. Features follow a rule that gets another name.
#[utoipa::path(put, path = "/api/admin/rules/{id}", tag = "administration", operation_id = "admin_update_rule",
    params(("id" = i64, Path, description = "The number of the rule.")),
    request_body(content = Revision<Rule>, example = json!({"version": 3, "definition": {
        "name": "picture", "request": {"url": "{{ channel.base_url }}/v2/generate", "body": {"prompt": "{{ params.prompt }}"}}
    }})),
    responses(
        (status = 200, description = "The rule as it is now.", body = Success<RuleEntry>),
        (status = 409, description = "It was changed since that version, the name is taken, or a feature needs it as it is."),
    ))]
pub async fn update(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id,
    Json(revision): Json<Revision<Rule>>,
) -> Answer<RuleEntry> {
    Ok(Success::new(admin::update_rule(&state.service, &actor, id, revision).await?))
}

/// Delete a rule.
#[utoipa::path(delete, path = "/api/admin/rules/{id}", tag = "administration", operation_id = "admin_delete_rule",
    params(("id" = i64, Path, description = "The number of the rule.")),
    responses(
        (status = 200, description = "It is gone.", body = Success<Nothing>),
        (status = 409, description = "A feature uses it, or a task that it runs has not ended."),
    ))]
pub async fn delete(State(state): State<AppState>, Caller(actor): Caller, Id(id): Id) -> Answer<Nothing> {
    admin::delete_rule(&state.service, &actor, id).await?;
    Ok(Success::new(Nothing))
}

/// Copy a rule.
#[utoipa::path(post, path = "/api/admin/rules/{id}/duplicate", tag = "administration", operation_id = "admin_duplicate_rule",
    params(("id" = i64, Path, description = "The number of the rule.")),
    responses((status = 201, description = "The copy.", body = Success<RuleEntry>)))]
pub async fn duplicate(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Id(id): Id,
) -> Result<(StatusCode, Success<RuleEntry>), Failure> {
    Ok((StatusCode::CREATED, Success::new(admin::duplicate_rule(&state.service, &actor, id).await?)))
}

/// Try a rule without sending anything.
///
/// Fills its templates with sample values, and reads a sample answer as the engine would. The rule need not be stored.
#[utoipa::path(post, path = "/api/admin/rules/dry-run", tag = "administration", operation_id = "admin_dry_run_rule",
    request_body(content = DryRun, example = json!({
        "rule": {"name": "picture", "request": {"url": "{{ channel.base_url }}/v1/generate", "body": {"prompt": "{{ params.prompt }}"}}, "result_path": "$.result"},
        "params": {"prompt": "rain"}, "result_fields": [{"label": "Image", "path": "$.url"}],
        "answer": {"step": "submit", "status": 200, "body": "{\"result\":{\"url\":\"https://files.example.com/1.png\"}}"}
    })),
    responses(
        (status = 200, description = "What would be sent, and what would become of the answer.", body = Success<DryRunReport>,
            example = json!({"success": true, "message": "", "data": {
                "problems": [],
                "requests": [{"step": "submit", "method": "POST", "url": "https://upstream.example/v1/generate",
                    "headers": {"content-type": "application/json", "idempotency-key": "task_example-1"}, "body": "{\"prompt\":\"rain\"}"}],
                "outcome": {"kind": "done", "why": "", "upstream_id": null, "progress": null, "after_seconds": null,
                    "result": {"url": "https://files.example.com/1.png"},
                    "results": [{"label": "Image", "path": "$.url", "value": "https://files.example.com/1.png"}]}
            }})),
        (status = 404, description = "There is no such channel."),
    ))]
pub async fn dry_run(State(state): State<AppState>, Caller(actor): Caller, Json(run): Json<DryRun>) -> Answer<DryRunReport> {
    Ok(Success::new(admin::dry_run(&state.service, &actor, &run).await?))
}
