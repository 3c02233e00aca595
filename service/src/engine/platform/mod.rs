//! What single platforms need beyond rules: signatures. Everything else about a platform is data, in `service/platforms/`.

mod kling;
mod volcengine;

use crate::http_client::OutboundRequest;
use model::rules::Signature;
use model::time::Timestamp;

/// Signs a request with the channel's credential, `access key|secret key`. The error is a sentence for the task.
pub(super) fn sign(signature: Signature, request: &mut OutboundRequest, credential: &str, now: Timestamp) -> Result<(), String> {
    let keys = credential.split_once('|').unwrap_or((credential, ""));
    match signature {
        Signature::KlingJwt => kling::sign(request, keys, now),
        Signature::Volcengine => volcengine::sign(request, keys, now),
    }
}

/// A header of a signature.
fn set(request: &mut OutboundRequest, name: &'static str, value: &str) -> Result<(), String> {
    let value = http::HeaderValue::try_from(value).map_err(|_| "The credential of the channel cannot stand in a header.".to_owned())?;
    request.headers.insert(http::HeaderName::from_static(name), value);
    Ok(())
}

/// HMAC with SHA-256.
fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    use hmac::{Hmac, KeyInit, Mac};
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}
