//! The call itself, made by the browser with the session's cookie.

use super::sample::ApiRequest;
use crate::error::UiError;

/// Characters of a body that are shown.
#[cfg(feature = "hydrate")]
const SHOWN: usize = 100_000;

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// Milliseconds to the whole answer.
    pub duration: i64,
    /// Names and values of the headers.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub body: String,
}

impl Reply {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// Sends a request.
#[cfg(feature = "hydrate")]
pub async fn send(method: &'static str, request: &ApiRequest) -> Result<Reply, UiError> {
    use gloo_net::http::RequestBuilder;
    use model::ErrorCode;

    let offline = |error: gloo_net::Error| UiError::new(ErrorCode::Unavailable, error.to_string());
    let begun = js_sys::Date::now();
    let builder = RequestBuilder::new(&request.address).method(method.parse().map_err(|_| UiError::new(ErrorCode::BadRequest, method))?);
    let built = match &request.body {
        Some(body) => builder.header("content-type", "application/json").body(body.to_string()),
        None => builder.build(),
    };
    let response = built.map_err(offline)?.send().await.map_err(offline)?;
    let status = response.status();
    let headers = response.headers().entries().collect();
    let mut body = response.text().await.map_err(offline)?;
    if let Some((end, _)) = body.char_indices().nth(SHOWN) {
        body.truncate(end);
        body.push('…');
    }
    let duration = (js_sys::Date::now() - begun) as i64;
    Ok(Reply { status, duration, headers, body })
}

/// The server renders the form only.
#[cfg(not(feature = "hydrate"))]
pub async fn send(_method: &'static str, _request: &ApiRequest) -> Result<Reply, UiError> {
    Err(model::Error::internal().into())
}
