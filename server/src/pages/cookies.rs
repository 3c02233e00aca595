//! The cookies that we set.

use crate::state::AppState;
use axum::http::HeaderValue;
use service::accounts::{Challenge, NewSession};

/// As long as browsers keep a cookie at most.
const LONGEST: i64 = 400 * 24 * 3600;

/// The session's cookie after log-in. It lasts as long as the session can at most; the server ends it earlier when it is not used.
pub fn remember_session(state: &AppState, new: &NewSession) -> HeaderValue {
    let age = (new.ends_at.0 - state.service.clock.now().0) / 1000;
    secret(state, state.cookie, &new.token, age.max(0))
}

/// Removes it.
pub fn forget_session(state: &AppState) -> HeaderValue {
    secret(state, state.cookie, "", 0)
}

/// What the second step of a log-in is sent with. It opens nothing by itself.
pub fn remember_challenge(state: &AppState, challenge: &Challenge) -> HeaderValue {
    let age = (challenge.expires_at.0 - state.service.clock.now().0) / 1000;
    secret(state, state.challenge_cookie, &challenge.token, age.max(0))
}

/// Removes it.
pub fn forget_challenge(state: &AppState) -> HeaderValue {
    secret(state, state.challenge_cookie, "", 0)
}

fn secret(state: &AppState, name: &str, token: &str, age: i64) -> HeaderValue {
    let secure = if state.https { "; Secure" } else { "" };
    value(&format!("{name}={token}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}"))
}

/// A choice of the person: the page's own scripts may read it.
pub fn preference(state: &AppState, name: &str, word: &str) -> HeaderValue {
    let secure = if state.https { "; Secure" } else { "" };
    value(&format!("{name}={word}; Path=/; Max-Age={LONGEST}; SameSite=Lax{secure}"))
}

fn value(text: &str) -> HeaderValue {
    // Tokens and words are ASCII; an empty cookie is ignored by browsers.
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""))
}
