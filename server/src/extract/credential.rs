//! Which credential a request carries. It never looks for a second one when the first is wrong: a wrong credential is an error.

use axum::http::{HeaderMap, header};
use model::{Error, ErrorCode};

/// The key of `?api_key=`, taken out of the address by [`crate::middleware::strip_api_key`].
#[derive(Clone)]
pub struct QueryKey(pub String);

/// A credential as it was sent.
#[derive(Debug, PartialEq, Eq)]
pub enum Credential<'a> {
    /// An API key.
    Key {
        /// The key.
        key: &'a str,
        /// Whether it stood in the address.
        from_query: bool,
    },
    /// The cookie of a session.
    Session(&'a str),
    /// None at all.
    Nothing,
}

/// The credential of a request to REST: a key in `X-API-Key`, `Authorization` or `?api_key=`, else the session's cookie.
pub fn find<'a>(headers: &'a HeaderMap, query: Option<&'a QueryKey>, cookie: &str) -> Result<Credential<'a>, Error> {
    let mut found: Option<(&str, bool)> = None;
    let mut take = |key: &'a str, from_query: bool| match found {
        Some((other, _)) if other != key => Err(Error::new(ErrorCode::Unauthenticated, "Send one API key, not two different ones.")),
        Some(_) => Ok(()),
        None => {
            found = Some((key, from_query));
            Ok(())
        }
    };
    for value in headers.get_all("x-api-key") {
        take(text(value)?, false)?;
    }
    for value in headers.get_all(header::AUTHORIZATION) {
        take(bearer(text(value)?), false)?;
    }
    if let Some(QueryKey(key)) = query {
        take(key, true)?;
    }
    Ok(match found {
        Some((key, from_query)) => Credential::Key { key, from_query },
        None => session(headers, cookie).map_or(Credential::Nothing, Credential::Session),
    })
}

/// The value of the session's cookie.
pub fn session<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    cookie(headers, name)
}

/// The value of a cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(';')).find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name).then(|| value.trim_matches('"'))
    })
}

fn text(value: &axum::http::HeaderValue) -> Result<&str, Error> {
    value.to_str().map(str::trim).map_err(|_| Error::new(ErrorCode::Unauthenticated, "The API key has characters that no key has."))
}

/// The token of an `Authorization` header, with or without the word `Bearer`.
fn bearer(value: &str) -> &str {
    match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        _ => value,
    }
}
