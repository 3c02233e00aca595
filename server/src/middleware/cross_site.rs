//! Refuses writes that another site makes a browser send. Cookies travel with such a request; this check is what tells it from ours.
//!
//! Server functions have no such check of their own, so it stands in front of everything that a cookie can authorise, and in front of log-in
//! and set-up, where a foreign form could log a person into a stranger's account.

use axum::http::{HeaderMap, Method, Uri, header};
use model::{Error, ErrorCode};

/// Whether the method may change something.
pub fn is_write(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Lets a write pass if the browser says that our own page sent it, or if no browser sent it.
///
/// `Sec-Fetch-Site` is sent over https and to loopback; over plain http the `Origin` is compared with the address that was called. A request
/// with neither does not come from a browser of this decade and brings no cookie that somebody else's page could abuse.
pub fn check(headers: &HeaderMap, public_origin: Option<&str>) -> Result<(), Error> {
    let site = headers.get("sec-fetch-site").map(|value| value.as_bytes());
    let allowed = match site {
        Some(b"same-origin" | b"none") => true,
        Some(_) => false,
        None => match headers.get(header::ORIGIN) {
            None => true,
            Some(origin) => origin.to_str().is_ok_and(|origin| is_ours(origin, headers, public_origin)),
        },
    };
    if allowed {
        return Ok(());
    }
    Err(Error::new(ErrorCode::CrossSite, "This request was sent by another site. Open the console and try again there."))
}

fn is_ours(origin: &str, headers: &HeaderMap, public_origin: Option<&str>) -> bool {
    if public_origin.is_some_and(|ours| ours.eq_ignore_ascii_case(origin)) {
        return true;
    }
    let Some(host) = headers.get(header::HOST).and_then(|host| host.to_str().ok()) else { return false };
    let Ok(origin) = origin.parse::<Uri>() else { return false };
    origin.authority().is_some_and(|authority| authority.as_str().eq_ignore_ascii_case(host))
}
