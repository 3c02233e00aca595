//! Passwords: what is acceptable, and Argon2id, off the async threads and a few at a time.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use model::{Error, ErrorCode, Result};
use std::collections::HashSet;
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Fewest characters.
pub(super) const MIN_LENGTH: usize = 8;
/// Most characters; more would only cost time.
pub(super) const MAX_LENGTH: usize = 128;
/// Hashes at the same time: each takes [`Cost::memory_kib`], and a flood of log-ins must not take it all.
const PARALLEL: usize = 4;
/// How long a log-in waits for its turn before it is told to come back.
const PATIENCE: Duration = Duration::from_secs(8);

/// The most common passwords of eight and more characters, lower case, one a line; lines with `#` are comments.
static COMMON: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let lines = include_str!("common_passwords.txt").lines();
    lines.map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
});

/// What one try of a password costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for Cost {
    /// The OWASP minimum for Argon2id.
    fn default() -> Self {
        Cost { memory_kib: 19_456, passes: 2, lanes: 1 }
    }
}

impl Cost {
    /// The least that Argon2 knows, for tests.
    pub const LEAST: Cost = Cost { memory_kib: 8, passes: 1, lanes: 1 };
}

/// Refuses passwords that are too short, too long, too common or the user's own name.
pub(super) fn check_strength(username: &str, password: &str) -> Result<()> {
    let weak = |message: String| Err(Error::new(ErrorCode::WeakPassword, message).at("password"));
    let length = password.chars().count();
    if length < MIN_LENGTH {
        return weak(format!("The password must have at least {MIN_LENGTH} characters."));
    }
    if length > MAX_LENGTH {
        return weak(format!("The password must have at most {MAX_LENGTH} characters."));
    }
    let lower = password.to_lowercase();
    let different = lower.chars().collect::<HashSet<_>>().len();
    if different < 3 || COMMON.contains(lower.as_str()) {
        return weak("This password is among the most common ones. Choose another.".to_owned());
    }
    if lower == username.to_lowercase() {
        return weak("The password must not be the user name.".to_owned());
    }
    Ok(())
}

/// Makes and checks hashes.
#[derive(Clone)]
pub(super) struct Hasher {
    argon2: Argon2<'static>,
    turns: Arc<Semaphore>,
    /// A hash that no password has, of the same cost as a real one.
    nobody: Arc<str>,
}

impl Hasher {
    /// A hasher of that cost.
    pub fn new(cost: Cost) -> Self {
        let Cost { memory_kib, passes, lanes } = cost;
        // Out-of-range costs can only come from our own code.
        let params =
            Params::new(memory_kib, passes, lanes, None).unwrap_or_else(|error| panic!("the cost of passwords is out of range: {error}"));
        let nobody = format!("$argon2id$v=19$m={memory_kib},t={passes},p={lanes}${}${}", "A".repeat(22), "A".repeat(43));
        Hasher {
            argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            turns: Arc::new(Semaphore::new(PARALLEL)),
            nobody: nobody.into(),
        }
    }

    async fn turn(&self) -> Result<OwnedSemaphorePermit> {
        let turn = tokio::time::timeout(PATIENCE, self.turns.clone().acquire_owned()).await;
        turn.ok().and_then(Result::ok).ok_or_else(|| Error::unavailable("Too many people are logging in. Try again in a moment."))
    }

    /// Hashes a password with a new salt.
    pub async fn hash(&self, password: &str) -> Result<String> {
        let (turn, argon2, password) = (self.turn().await?, self.argon2.clone(), password.to_owned());
        let work = move || {
            // Held to the end of the work: a caller that goes away does not end it.
            let _turn = turn;
            let hash: Result<PasswordHash, _> = argon2.hash_password(password.as_bytes());
            hash.map(|hash| hash.to_string())
        };
        let done = tokio::task::spawn_blocking(work).await;
        done.map_err(|error| error.to_string()).and_then(|hash| hash.map_err(|error| error.to_string())).map_err(|error| {
            tracing::error!(error, "a password could not be hashed");
            Error::internal()
        })
    }

    /// Whether a password belongs to a hash. Without a hash it is `false` after the same time.
    pub async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool> {
        // Nobody could have set a longer one; hashing it would only cost.
        if password.chars().count() > MAX_LENGTH {
            return Ok(false);
        }
        let known = hash.is_some();
        let (turn, argon2, password) = (self.turn().await?, self.argon2.clone(), password.to_owned());
        let hash = hash.unwrap_or(&self.nobody).to_owned();
        let work = move || {
            let _turn = turn;
            PasswordHash::new(&hash)
                .map(|hash| argon2.verify_password(password.as_bytes(), &hash).is_ok())
                .map_err(|error| error.to_string())
        };
        let done = tokio::task::spawn_blocking(work).await.map_err(|error| error.to_string());
        let matches = done.and_then(|matches| matches).map_err(|error| {
            tracing::error!(error, "a stored password hash cannot be read");
            Error::internal()
        })?;
        Ok(known && matches)
    }
}
