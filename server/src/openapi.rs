//! The OpenAPI 3.1 document: made from the handlers, completed with what all of them share.

mod examples;

use crate::api::suno;
use crate::envelope::FailureBody;
use crate::router;
use axum::body::Bytes;
use axum::http::header;
use axum::response::{IntoResponse, Response as HttpResponse};
use model::request_logs::StatusClass;
use model::tasks::{Order, TaskSort};
use model::users::UserSort;
use model::{Error, ErrorCode};
use serde_json::{Value, json};
use std::sync::LazyLock;
use utoipa::PartialSchema;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{ContentBuilder, InfoBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, Response, ResponseBuilder};

/// The JSON of the whole document, made at its first use.
static DOCUMENT: LazyLock<Bytes> = LazyLock::new(|| Bytes::from(serde_json::to_vec(&describe()).unwrap_or_default()));

/// This document.
#[utoipa::path(get, path = "/openapi.json", tag = "server", operation_id = "openapi", security(()),
    responses((status = 200, description = "OpenAPI 3.1.", body = Object)))]
pub async fn document() -> HttpResponse {
    ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")], DOCUMENT.clone()).into_response()
}

/// Title, tags and ways to log in; the router adds the paths.
pub fn head() -> OpenApi {
    let tag = |name: &str, text: &str| TagBuilder::new().name(name).description(Some(text)).build();
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("APIRequestWeb")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(
                    "Submit asynchronous tasks, follow them, and see what they cost. Every answer carries `x-request-id`; every error has a \
                     code for programs and a sentence for people.",
                ))
                .build(),
        )
        .tags(Some([
            tag("features", "What can be submitted."),
            tag("tasks", "What was submitted."),
            tag("task centre", "The same tasks, for programs that were written for a task centre."),
            tag("suno", "Music and lyrics, for programs that were written for Suno."),
            tag("webhooks", "Where events are pushed to, and what became of each push."),
            tag("custom APIs", "What answers at once, as the operator defined it."),
            tag("request logs", "What was called."),
            tag("account", "The caller, the points, keys and sessions."),
            tag("administration", "Setting up and running the service: for administrators, with a session or a key of the scope `admin`."),
            tag("server", "The server itself."),
        ]))
        .build()
}

/// The whole document, with an example of every good answer.
pub fn describe() -> Value {
    let mut document = serde_json::to_value(routes()).unwrap_or_default();
    examples::fill_in(&mut document);
    document
}

fn routes() -> OpenApi {
    let mut api = router::rest().into_openapi();
    for item in api.paths.paths.values_mut() {
        complete(item);
    }
    api.merge(router::open().into_openapi());
    let components = api.components.get_or_insert_default();
    for (name, scheme) in schemes() {
        components.add_security_scheme(name, scheme);
    }
    // What only parameters and shared answers refer to is not collected with the handlers.
    components.schemas.extend([
        ("ErrorCode".to_owned(), ErrorCode::schema()),
        ("Failure".to_owned(), FailureBody::schema()),
        ("SunoFailure".to_owned(), suno::SunoFailure::schema()),
        ("Order".to_owned(), Order::schema()),
        ("TaskSort".to_owned(), TaskSort::schema()),
        ("StatusClass".to_owned(), StatusClass::schema()),
        ("UserSort".to_owned(), UserSort::schema()),
    ]);
    api
}

fn schemes() -> [(&'static str, SecurityScheme); 4] {
    [
        ("key", SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new("X-API-Key")))),
        ("bearer", SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build())),
        ("key_in_query", SecurityScheme::ApiKey(ApiKey::Query(ApiKeyValue::new("api_key")))),
        ("session", SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("session")))),
    ]
}

/// Adds to each operation of REST the ways to log in and the failures that its shape can have.
fn complete(item: &mut PathItem) {
    let operations = [&mut item.get, &mut item.post, &mut item.patch, &mut item.put, &mut item.delete];
    for operation in operations.into_iter().flatten() {
        if operation.security.is_none() {
            let ways = ["key", "bearer", "key_in_query", "session"].map(|name| SecurityRequirement::new(name, [] as [&str; 0]));
            operation.security = Some(ways.to_vec());
        }
        let is_suno = operation.tags.as_deref().is_some_and(|tags| tags == ["suno"]);
        for code in failures(operation) {
            let (status, answer) = if is_suno { suno_failure(code) } else { (code.status(), failure(code)) };
            operation.responses.responses.entry(status.to_string()).or_insert_with(|| RefOr::T(answer));
        }
        // Failures that a handler declares itself have a description only.
        for (status, response) in &mut operation.responses.responses {
            let RefOr::T(response) = response else { continue };
            if status.starts_with('4') && response.content.is_empty() {
                response.content = if is_suno { suno_failure(ErrorCode::Conflict).1 } else { failure(ErrorCode::Conflict) }.content;
            }
        }
    }
}

fn failures(operation: &Operation) -> Vec<ErrorCode> {
    use ErrorCode::*;
    let mut codes = vec![Unauthenticated, Forbidden, RateLimited, Internal, Unavailable];
    let parameters = operation.parameters.as_deref().unwrap_or_default();
    if !parameters.is_empty() || operation.request_body.is_some() {
        codes.push(BadRequest);
    }
    let has_id = parameters.iter().any(|parameter| matches!(parameter, RefOr::T(parameter) if parameter.name == "id"));
    if has_id {
        codes.push(NotFound);
    }
    let is_list = parameters.iter().any(|parameter| matches!(parameter, RefOr::T(parameter) if parameter.name == "page"));
    if is_list {
        codes.push(Invalid);
    }
    if operation.request_body.is_some() {
        codes.extend([TooLarge, UnsupportedMediaType, Invalid]);
    }
    codes
}

/// A failure of the Suno surface, and its status there.
fn suno_failure(code: ErrorCode) -> (u16, Response) {
    let error = Error::new(code, "What is wrong, in one sentence.");
    let (status, body) = suno::failure(&error, "/suno/fetch/{id}", "req_5f0c31a2b7e94d18");
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("SunoFailure"))).example(Some(json!(body))).build();
    let description = failure(code).description;
    (status.as_u16(), ResponseBuilder::new().description(description).content("application/json", content).build())
}

fn failure(code: ErrorCode) -> Response {
    let (description, sentence) = match code {
        ErrorCode::BadRequest => ("The request could not be read.", "`max_retries` must be a whole number, not the text \"two\"."),
        ErrorCode::Unauthenticated => (
            "No credential, or one that is wrong, expired or revoked.",
            "Log in, or send an API key in the header X-API-Key or as a bearer token.",
        ),
        ErrorCode::Forbidden => ("The caller may not do this, or has not enough points.", "The key lacks the scope tasks:write."),
        ErrorCode::NotFound => ("No such thing, or someone else's.", "There is no such task."),
        ErrorCode::Conflict => ("The present state does not allow it.", "The task is running."),
        ErrorCode::TooLarge => ("The body is too large.", "The body is larger than 2097152 bytes."),
        ErrorCode::UnsupportedMediaType => {
            ("The body is not JSON.", "The body must be JSON: send the header Content-Type: application/json.")
        }
        ErrorCode::Invalid => ("A value is not acceptable; `field` names it.", "`prompt` is required."),
        ErrorCode::RateLimited => ("Too many requests; `Retry-After` says how long to wait.", "Only 600 requests a minute are allowed."),
        ErrorCode::Unavailable => ("The server is stopping or its database is away.", "The server is shutting down."),
        _ => ("Our fault.", "Something went wrong on our side. Quote the request id when you report it."),
    };
    let example = json!({
        "success": false, "message": sentence, "data": null, "code": code.as_str(), "request_id": "req_5f0c31a2b7e94d18",
    });
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Failure"))).example(Some(example)).build();
    ResponseBuilder::new().description(description).content("application/json", content).build()
}
