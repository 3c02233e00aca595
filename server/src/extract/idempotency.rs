//! The header `Idempotency-Key`.

use crate::envelope::Failure;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use model::{Error, ErrorCode};

/// Longest key that is taken.
pub const MAX_LENGTH: usize = 255;

/// The key of a request that may be sent again without being done twice; `None` if there is none.
pub struct IdempotencyKey(pub Option<String>);

impl<S: Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let mut values = parts.headers.get_all("idempotency-key").iter();
        let Some(value) = values.next() else { return Ok(IdempotencyKey(None)) };
        let text = value.to_str().ok().map(str::trim).filter(|text| (1..=MAX_LENGTH).contains(&text.len()));
        match (text, values.next()) {
            (Some(text), None) => Ok(IdempotencyKey(Some(text.to_owned()))),
            _ => Err(Failure(
                Error::new(
                    ErrorCode::BadRequest,
                    format!("The header Idempotency-Key must be given once, with 1 to {MAX_LENGTH} ASCII characters."),
                )
                .at("Idempotency-Key"),
            )),
        }
    }
}
