//! Kling's tokens: a JSON Web Token (RFC 7519) of half an hour, signed with HS256, issued by the access key.

use super::{hmac, set};
use crate::http_client::OutboundRequest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::time::Timestamp;
use serde_json::json;

pub(super) fn sign(request: &mut OutboundRequest, (access, secret): (&str, &str), now: Timestamp) -> Result<(), String> {
    let seconds = now.0 / 1000;
    let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    // Clocks differ by some seconds.
    let claims = json!({"iss": access, "exp": seconds + 1800, "nbf": seconds - 5});
    let signed = format!("{}.{}", part(json!({"alg": "HS256", "typ": "JWT"})), part(claims));
    let signature = URL_SAFE_NO_PAD.encode(hmac(secret.as_bytes(), signed.as_bytes()));
    set(request, "authorization", &format!("Bearer {signed}.{signature}"))
}
