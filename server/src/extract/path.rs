//! Numbers in the address.

use crate::envelope::Failure;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use model::{Error, ErrorCode};

/// The number `{id}` of the address.
pub struct Id(pub i64);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        match Path::<i64>::from_request_parts(parts, state).await {
            Ok(Path(id)) => Ok(Id(id)),
            Err(_) => Err(Failure(Error::new(ErrorCode::BadRequest, "The id in the address must be a number, such as 7.").at("id"))),
        }
    }
}
