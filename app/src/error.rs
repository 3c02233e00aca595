//! The error of server functions and pages.

use leptos::prelude::{FromServerFnError, ServerFnErrorErr};
use leptos::server_fn::codec::JsonEncoding;
use model::{Error, ErrorCode};
use serde::{Deserialize, Serialize};

/// Sentence of the error that stands for "the server did not answer".
const OFFLINE: &str = "The server cannot be reached.";
/// Sentence of the error that stands for "browser and server do not understand each other any more", as after an upgrade.
const STALE: &str = "This page and the server do not match any more.";

/// An error as pages show it. Made from [`model::Error`] on the server, where it also sets the HTTP status and fills in the request id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UiError(pub Error);

impl UiError {
    /// An error made in the browser.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        UiError(Error::new(code, message))
    }

    /// What went wrong, for decisions.
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// Whether the server could not be reached at all.
    pub fn is_offline(&self) -> bool {
        self.0.message == OFFLINE
    }

    /// Whether the page is older than the server and should be loaded anew.
    pub fn is_stale(&self) -> bool {
        self.0.message == STALE
    }
}

impl std::fmt::Display for UiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for UiError {}

impl From<Error> for UiError {
    #[cfg(feature = "ssr")]
    fn from(mut error: Error) -> Self {
        crate::ssr::set_status(error.code.status());
        error.request_id = error.request_id.or_else(crate::ssr::request_id);
        UiError(error)
    }

    #[cfg(not(feature = "ssr"))]
    fn from(error: Error) -> Self {
        UiError(error)
    }
}

impl FromServerFnError for UiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        use ServerFnErrorErr as Cause;
        match error {
            Cause::Request(_) => UiError::new(ErrorCode::Unavailable, OFFLINE),
            Cause::Deserialization(_) | Cause::Serialization(_) | Cause::Registration(_) | Cause::UnsupportedRequestMethod(_) => {
                UiError::new(ErrorCode::BadRequest, STALE)
            }
            Cause::Args(_) | Cause::MissingArg(_) => Error::new(ErrorCode::BadRequest, "The request could not be read.").into(),
            // Their texts may carry internals, so they stay here.
            Cause::ServerError(_) | Cause::MiddlewareError(_) | Cause::Response(_) => Error::internal().into(),
        }
    }
}
