//! Who asks: put into the request by [`crate::middleware::authenticate`].

use crate::envelope::Failure;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use model::ErrorCode;
use service::actor::Actor;

/// The caller of a REST handler.
pub struct Caller(pub Actor);

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        parts.extensions.remove::<Actor>().map(Caller).ok_or_else(unauthenticated)
    }
}

/// The answer to a caller without a credential.
pub fn unauthenticated() -> Failure {
    Failure::new(ErrorCode::Unauthenticated, "Log in, or send an API key in the header X-API-Key or as a bearer token.")
}
