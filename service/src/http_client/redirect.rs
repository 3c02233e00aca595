//! Where a redirect leads, and what it may carry there.

use super::error::{OutboundError, OutboundErrorKind, Refusal};
use super::policy::OutboundPolicy;
use super::target;
use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Method, StatusCode};
use url::Url;

/// No request follows more redirects than this, whatever it asks for.
pub(super) const MOST: u8 = 5;

/// Headers that prove an identity to one origin and must not be shown to another.
static CREDENTIALS: [HeaderName; 8] = [
    header::AUTHORIZATION,
    header::COOKIE,
    header::PROXY_AUTHORIZATION,
    HeaderName::from_static("x-api-key"),
    HeaderName::from_static("api-key"),
    HeaderName::from_static("x-goog-api-key"),
    HeaderName::from_static("x-auth-token"),
    HeaderName::from_static("x-access-token"),
];

/// Headers that describe a body and go with it.
static OF_THE_BODY: [HeaderName; 4] = [header::CONTENT_TYPE, header::CONTENT_ENCODING, header::CONTENT_LANGUAGE, header::CONTENT_LOCATION];

/// One request of a call that may be redirected.
#[derive(Debug, Clone)]
pub(super) struct Hop {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// Where an answer redirects to, if it does.
pub(super) fn location(status: StatusCode, headers: &HeaderMap) -> Option<&HeaderValue> {
    match status.as_u16() {
        301 | 302 | 303 | 307 | 308 => headers.get(header::LOCATION),
        _ => None,
    }
}

impl Hop {
    /// The request that follows a redirect of this one, checked as fully as the first was.
    pub(super) fn redirected(
        self,
        status: StatusCode,
        location: &HeaderValue,
        sensitive: &[HeaderName],
        policy: &OutboundPolicy,
    ) -> Result<Hop, OutboundError> {
        let Hop { mut method, url: from, mut headers, mut body } = self;
        let unreadable = || OutboundError::new(OutboundErrorKind::Protocol).with_detail("the redirect cannot be read");
        let text = std::str::from_utf8(location.as_bytes()).map_err(|_| unreadable())?;
        let joined = from.join(text).map_err(|_| unreadable())?;
        let url = target::parse(policy, joined.as_str())?;
        if from.scheme() == "https" && url.scheme() == "http" {
            return Err(OutboundError::refused(Refusal::Downgrade));
        }
        let becomes_get = match status.as_u16() {
            303 => method != Method::HEAD,
            301 | 302 => method == Method::POST,
            _ => false,
        };
        if becomes_get {
            method = Method::GET;
            body = Bytes::new();
            for name in &OF_THE_BODY {
                headers.remove(name);
            }
        }
        if from.origin() != url.origin() {
            drop_credentials(&mut headers, sensitive);
        }
        Ok(Hop { method, url, headers, body })
    }
}

fn drop_credentials(headers: &mut HeaderMap, sensitive: &[HeaderName]) {
    for name in CREDENTIALS.iter().chain(sensitive) {
        headers.remove(name);
    }
    let marked: Vec<HeaderName> = headers.iter().filter(|(_, value)| value.is_sensitive()).map(|(name, _)| name.clone()).collect();
    for name in marked {
        headers.remove(name);
    }
}
