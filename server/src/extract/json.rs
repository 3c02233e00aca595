//! JSON bodies, with an error of ours for each way in which they can be wrong.

use crate::envelope::Failure;
use crate::middleware::body::BodyError;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use http_body_util::BodyExt;
use model::{Error, ErrorCode};
use serde::de::DeserializeOwned;

/// A JSON body.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        check_type(request.headers())?;
        let bytes = read(request.into_body()).await?;
        Ok(Json(parse(&bytes)?))
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

/// Reads JSON; the path to a wrong value is worked out only when there is one, because tracking it costs.
///
/// Every body of ours is an object. A list would be read as well, as the fields of a struct in their order, which nobody means.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    if bytes.trim_ascii_start().first() == Some(&b'[') {
        return Err(Error::new(ErrorCode::BadRequest, "The body must be a JSON object, not a list."));
    }
    serde_json::from_slice(bytes).map_err(|error| explain::<T>(bytes, &error))
}

fn explain<T: DeserializeOwned>(bytes: &[u8], error: &serde_json::Error) -> Error {
    if bytes.is_empty() {
        return Error::new(ErrorCode::BadRequest, "The body is empty; JSON is expected.");
    }
    if !error.is_data() {
        return Error::new(ErrorCode::BadRequest, format!("The body is not valid JSON: {error}."));
    }
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let path = match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
        Err(error) => error.path().to_string(),
        Ok(_) => String::new(),
    };
    let reason = reason(error);
    if path.is_empty() || path == "." {
        return Error::new(ErrorCode::BadRequest, format!("The body is not as expected: {reason}."));
    }
    Error::new(ErrorCode::BadRequest, format!("The value of `{path}` is not as expected: {reason}.")).at(path)
}

/// What serde says, without the place in the text, which says little in a body of one line.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&place).unwrap_or(&text).to_owned()
}
