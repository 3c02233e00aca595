//! Request headers: what is dropped, what is added.

use http::header::{self, HeaderMap, HeaderName, HeaderValue};

/// Headers that describe one connection or the framing of one message. They are ours to set: taken from a caller they could
/// name another host, or let one request look like two.
static OF_THE_CONNECTION: [HeaderName; 11] = [
    header::HOST,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
    header::CONNECTION,
    header::UPGRADE,
    header::TE,
    header::TRAILER,
    header::EXPECT,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    HeaderName::from_static("http2-settings"),
];

/// What the body reader can decode.
const ACCEPTED_ENCODINGS: HeaderValue = HeaderValue::from_static("gzip, br, deflate");
const AGENT: HeaderValue = HeaderValue::from_static(concat!("APIRequestWeb/", env!("CARGO_PKG_VERSION")));

/// Drops what is not the caller's to say and adds what every request carries.
pub(super) fn prepare(headers: &mut HeaderMap) {
    if !headers.is_empty() {
        for name in &OF_THE_CONNECTION {
            headers.remove(name);
        }
    }
    // A caller may want the body unencoded, but may not ask for an encoding that would not be understood.
    let unencoded = headers.get(header::ACCEPT_ENCODING).is_some_and(|value| value == "identity");
    if !unencoded {
        headers.insert(header::ACCEPT_ENCODING, ACCEPTED_ENCODINGS);
    }
    headers.entry(header::USER_AGENT).or_insert(AGENT);
}
