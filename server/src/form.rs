//! Plain HTML forms, which work before and without scripts.

use crate::extract::json;
use axum::extract::{FromRequest, Request};
use axum::http::header;
use model::{Error, ErrorCode};
use serde::de::DeserializeOwned;

/// The fields of a form. A form that cannot be read is left to the handler, which answers with a page and not with JSON.
pub struct Form<T>(pub Result<T, Error>);

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for Form<T> {
    type Rejection = std::convert::Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Form(read(request).await))
    }
}

async fn read<T: DeserializeOwned>(request: Request) -> Result<T, Error> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(Error::new(ErrorCode::UnsupportedMediaType, "A form is expected here."));
    }
    let bytes = json::read(request.into_body()).await?;
    let text = std::str::from_utf8(&bytes).map_err(|_| Error::new(ErrorCode::BadRequest, "The form is not valid UTF-8."))?;
    crate::extract::query::parse(text)
}
