//! Standard Webhooks 1.0.0: the signature of a message, and the secrets it is made with.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, HeaderName, HeaderValue};
use sha2::Sha256;

/// What every secret begins with.
const START: &str = "whsec_";
/// Bytes of a new secret; the specification asks for 24 to 64.
const BYTES: usize = 32;

/// A new secret.
pub(super) fn new_secret() -> String {
    let mut bytes = [0u8; BYTES];
    // The system's random source does not fail after start-up; without it nothing here would be safe.
    getrandom::fill(&mut bytes).unwrap_or_else(|error| panic!("the system's random source failed: {error}"));
    format!("{START}{}", STANDARD.encode(bytes))
}

/// The HMAC-SHA256 of a text, in base64.
pub(super) fn hmac_base64(key: &[u8], text: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
    mac.update(text);
    STANDARD.encode(mac.finalize().into_bytes())
}

/// The signature of a message with one secret: `v1,` and base64. `None` for a secret that cannot be read: without a key nothing is signed.
pub fn sign(secret: &str, id: &str, timestamp_seconds: i64, body: &str) -> Option<String> {
    let key = STANDARD.decode(secret.strip_prefix(START)?).ok().filter(|key| !key.is_empty())?;
    Some(format!("v1,{}", hmac_base64(&key, format!("{id}.{timestamp_seconds}.{body}").as_bytes())))
}

/// The headers of an attempt. One signature for each secret, so that a receiver may hold either while they are changed.
pub(super) fn headers<'a>(secrets: impl Iterator<Item = &'a str>, id: &str, timestamp_seconds: i64, body: &str) -> Option<HeaderMap> {
    let signatures: Vec<String> = secrets.map(|secret| sign(secret, id, timestamp_seconds, body)).collect::<Option<_>>()?;
    if signatures.is_empty() {
        return None;
    }
    let mut headers = HeaderMap::new();
    headers.insert(HeaderName::from_static("webhook-id"), HeaderValue::try_from(id).ok()?);
    headers.insert(HeaderName::from_static("webhook-timestamp"), HeaderValue::from(timestamp_seconds));
    headers.insert(HeaderName::from_static("webhook-signature"), HeaderValue::try_from(signatures.join(" ")).ok()?);
    Some(headers)
}
