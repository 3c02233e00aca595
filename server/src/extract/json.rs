//! JSON bodies, with an error of ours for each way in which they can be wrong.

use crate::envelope::Failure;
use crate::middleware::body::BodyError;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use http_body_util::BodyExt;
use model::{Error, ErrorCode};
use serde::de::DeserializeOwned;
use service::reading;

/// A JSON body.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        check_type(request.headers())?;
        let bytes = read(request.into_body()).await?;
        Ok(Json(reading::json(&bytes)?))
    }
}

/// Reads a whole body; the door has already limited its size and its time.
pub async fn read(body: Body) -> Result<Bytes, Error> {
    body.collect().await.map(|collected| collected.to_bytes()).map_err(|error| body_error(&error))
}

fn body_error(error: &axum::Error) -> Error {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = source {
        match error.downcast_ref::<BodyError>() {
            Some(BodyError::TooLarge(max)) => return too_large(*max),
            Some(BodyError::TooSlow) => return Error::new(ErrorCode::BadRequest, "The body did not arrive in time."),
            None => source = error.source(),
        }
    }
    Error::new(ErrorCode::BadRequest, "The body could not be read to its end.")
}

/// The answer to a body beyond the limit.
pub fn too_large(max: usize) -> Error {
    Error::new(ErrorCode::TooLarge, format!("The body is larger than {max} bytes."))
}

/// Refuses bodies that do not say that they are JSON. A form of another site can send other types without asking first.
pub fn check_type(headers: &HeaderMap) -> Result<(), Error> {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim();
    let is_json = essence.eq_ignore_ascii_case("application/json")
        || (essence.len() > 5 && essence.is_char_boundary(essence.len() - 5) && essence[essence.len() - 5..].eq_ignore_ascii_case("+json"));
    if is_json {
        return Ok(());
    }
    Err(Error::new(ErrorCode::UnsupportedMediaType, "The body must be JSON: send the header Content-Type: application/json."))
}
