//! The one place that makes HTTP of results and of [`model::Error`].
//!
//! A handler answers `Result<Success<T>, Failure>`. A failure travels through the layers as an extension of an empty response and gets its
//! body in [`render`], where the request id is known.

use crate::api::suno;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::{Error, ErrorCode};
use serde::Serialize;
use utoipa::ToSchema;

/// What a REST handler answers.
pub type Answer<T> = Result<Success<T>, Failure>;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// A success: `{"success":true,"message":"","data":…}`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Success<T> {
    /// Always true.
    pub success: bool,
    /// Always empty.
    pub message: &'static str,
    /// What was asked for.
    pub data: T,
}

impl<T> Success<T> {
    /// Wraps what was asked for.
    pub fn new(data: T) -> Self {
        Success { success: true, message: "", data }
    }
}

impl<T: Serialize> IntoResponse for Success<T> {
    fn into_response(self) -> Response {
        let mut body = Vec::with_capacity(1024);
        match serde_json::to_writer(&mut body, &self) {
            Ok(()) => ([(header::CONTENT_TYPE, JSON)], body).into_response(),
            Err(error) => {
                tracing::error!(%error, "an answer could not be written as JSON");
                Failure::from(Error::internal()).into_response()
            }
        }
    }
}

/// The data of an answer that says only that it is done: null.
#[derive(Debug, Serialize, ToSchema)]
pub struct Nothing;

/// An error on its way out.
#[derive(Debug)]
pub struct Failure(pub Error);

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure(error)
    }
}

impl Failure {
    /// A failure with a code and a sentence.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Failure(Error::new(code, message))
    }
}

/// Marks a response whose body is still to be written.
#[derive(Clone)]
struct Unrendered(Error);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::from_u16(self.0.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        response.extensions_mut().insert(Unrendered(self.0));
        response
    }
}

/// A failure: `{"success":false,"message":"…","data":null,"code":"…","request_id":"…"}`.
#[derive(Serialize, ToSchema)]
pub struct FailureBody<'a> {
    /// Always false.
    success: bool,
    /// What went wrong, in one English sentence.
    message: &'a str,
    /// Always null.
    #[schema(value_type = Option<Object>)]
    data: (),
    /// What went wrong, for programs.
    code: ErrorCode,
    /// Quote it when you report the failure.
    request_id: &'a str,
    /// The field or parameter that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    /// Seconds after which a retry makes sense; also the header `Retry-After`.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
}

/// Whether a path belongs to an interface for programs: its callers send keys, and are answered with JSON whatever happens.
pub fn is_rest(path: &str) -> bool {
    path.starts_with("/api/") || suno::is_path(path)
}

/// Writes the body of a failure, in the shape of the interface that the path belongs to. Other responses pass unchanged.
pub fn render(response: &mut Response, path: &str, request_id: &str) {
    let Some(Unrendered(error)) = response.extensions_mut().remove::<Unrendered>() else { return };
    // Strings and numbers only: this cannot fail, and if it did, the status still says it all.
    let bytes = if suno::is_path(path) {
        let (status, body) = suno::failure(&error, path, request_id);
        *response.status_mut() = status;
        serde_json::to_vec(&body)
    } else {
        serde_json::to_vec(&body(&error, request_id))
    };
    finish(response, &error, bytes.unwrap_or_default());
}

fn body<'a>(error: &'a Error, request_id: &'a str) -> FailureBody<'a> {
    FailureBody {
        success: false,
        message: &error.message,
        data: (),
        code: error.code,
        request_id,
        field: error.field.as_deref(),
        retry_after: error.retry_after,
    }
}

fn finish(response: &mut Response, error: &Error, bytes: Vec<u8>) {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, JSON);
    // The router has already announced the empty body that stood here.
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    if let Some(seconds) = error.retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if error.code.status() == 401 {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    *response.body_mut() = Body::from(bytes);
}

/// The error that a response carries, while it is not yet rendered.
pub fn error_of(response: &Response) -> Option<&Error> {
    response.extensions().get::<Unrendered>().map(|Unrendered(error)| error)
}

/// The answer to an address that is not offered.
pub fn not_found() -> Failure {
    Failure::new(ErrorCode::NotFound, "There is nothing at this address.")
}

/// The answer to a method that an address does not offer.
pub async fn method_not_allowed() -> Failure {
    Failure(method_not_allowed_error())
}

/// The error of a method that an address does not offer.
pub fn method_not_allowed_error() -> Error {
    Error::new(ErrorCode::MethodNotAllowed, "This address does not offer that method.")
}
