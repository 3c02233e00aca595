//! Users, and what they prove it with: passwords, sessions, API keys.
//!
//! Secrets are stored as digests only. A session or key that was looked up is remembered for [`cache::TTL`], so that requests do not cost a
//! query each; every change on this node forgets all of it at once, a change on another node is seen when the time is over.

mod administration;
mod cache;
mod invitations;
mod keys;
pub(crate) mod limits;
mod log_in;
mod own_limits;
mod password;
mod registration;
mod rights;
mod second_factor;
mod sessions;
mod set_up;
mod store;
#[cfg(test)]
mod tests;
mod totp;
mod users;

pub use administration::{
    create_user, end_user_sessions, list_users, make_user, reset_password, revoke_user_keys, set_enabled, set_password, set_role,
    update_user, user, users,
};
pub use invitations::{create_invitation, invitations, revoke_invitation};
pub use keys::{actor_of_key, create_key, keys, revoke_key};
pub use log_in::{Challenge, LogIn, NewSession, change_password, log_in, log_in_code, log_out};
pub(crate) use own_limits::all_own_limits;
pub use own_limits::{own_limits, refresh_limits};
pub use password::Cost;
pub use registration::register;
pub use second_factor::{renew_recovery_codes, reset_totp, totp_begin, totp_confirm, totp_disable, totp_status};
pub use sessions::{actor_of_session, revoke_other_sessions, revoke_session, sessions};
pub use set_up::{set_up, setup_needed, setup_token};
pub use totp::code_at;
pub use users::{acting_for, me, still_valid, user_id};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cache::{Cache, Generation};
use model::Error;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// What this node remembers about accounts; cheap to clone.
#[derive(Clone)]
pub struct State(Arc<Inner>);

struct Inner {
    hasher: password::Hasher,
    setup_token: String,
    /// Whether an administrator was ever seen; there is no way back.
    set_up: AtomicBool,
    generation: Generation,
    own_limits: own_limits::OwnLimits,
    sessions: Cache<sessions::Known>,
    keys: Cache<keys::Known>,
}

impl Default for State {
    fn default() -> Self {
        State::with_cost(Cost::default())
    }
}

impl State {
    /// A state whose new passwords cost that much to try; only tests want less than the default.
    pub fn with_cost(cost: Cost) -> Self {
        let generation = Generation::default();
        State(Arc::new(Inner {
            hasher: password::Hasher::new(cost),
            setup_token: token(),
            set_up: AtomicBool::new(false),
            sessions: Cache::new(&generation),
            keys: Cache::new(&generation),
            own_limits: own_limits::OwnLimits::default(),
            generation,
        }))
    }

    /// Forgets every remembered session and key, after one of them or its owner was changed.
    fn forget(&self) {
        self.0.generation.next();
    }
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing into a `String` does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// 256 bits from the system's random source, in 43 characters that need no escaping anywhere.
fn token() -> String {
    let mut bytes = [0u8; 32];
    // The system's random source does not fail after start-up; without it nothing here would be safe.
    getrandom::fill(&mut bytes).unwrap_or_else(|error| panic!("the system's random source failed: {error}"));
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The digest under which a secret is stored. Secrets have 190 bits or more, so that a fast digest is enough.
fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// A stored list or word that this version cannot read.
fn unreadable(what: &str, id: i64) -> Error {
    tracing::error!(what, id, "a stored value cannot be read");
    Error::internal()
}
