//! Brakes on guessing passwords and codes, by account and by address, kept in the database so that every node counts the same.
//!
//! A try is counted before the password is looked at and taken back when it was right: a hundred tries at once are a hundred tries.

use crate::db::{Db, Tx, TxError, query, transact};
use model::time::Timestamp;
use model::{Error, ErrorCode, Result};
use std::net::{IpAddr, Ipv6Addr};

/// Wrong passwords of one account before it has to wait.
const PER_ACCOUNT: i64 = 5;
/// Wrong passwords from one address before it has to wait.
const PER_ADDRESS: i64 = 20;
/// The first wait; each further failure doubles it.
const FIRST_WAIT_MS: i64 = 60_000;
/// The longest wait.
const LONGEST_WAIT_MS: i64 = 15 * 60_000;
/// Codes that one user may get wrong before having to wait.
const PER_REDEEMER: i64 = 10;
/// Quiet time after which earlier failures count no more.
const FORGET_MS: i64 = 60 * 60_000;

/// What failures are counted by.
pub(crate) struct Subject {
    name: String,
    /// Failures before it has to wait.
    limit: i64,
    /// Whether a right password clears it, rather than only taking the one try back.
    cleared: bool,
}

/// A counted try, with the end of the wait that it began by itself, or 0.
pub(crate) struct Try(Vec<(Subject, i64)>);

/// An account, known or not.
pub(super) fn account(username_key: &str) -> Subject {
    Subject { name: format!("user:{username_key}"), limit: PER_ACCOUNT, cleared: true }
}

/// The old password of somebody who is logged in. Apart from [`account`], so that a stolen session cannot lock its owner out.
pub(super) fn old_password(user_id: i64) -> Subject {
    Subject { name: format!("password:{user_id}"), limit: PER_ACCOUNT, cleared: true }
}

/// The codes of somebody's second factor.
pub(super) fn code(user_id: i64) -> Subject {
    Subject { name: format!("code:{user_id}"), limit: PER_ACCOUNT, cleared: true }
}

/// A user who redeems codes. A right code takes only its own try back, so that known codes do not pay for guesses.
pub(crate) fn redeemer(user_id: i64) -> Subject {
    Subject { name: format!("redeem:{user_id}"), limit: PER_REDEEMER, cleared: false }
}

/// An address; one household has a whole /64 network of IPv6.
pub(super) fn address(address: IpAddr) -> Subject {
    let address = match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 => v4,
    };
    Subject { name: format!("address:{address}"), limit: PER_ADDRESS, cleared: false }
}

/// Registrations from an address, those that succeed included.
pub(super) fn registration(from: IpAddr) -> Subject {
    let Subject { name, .. } = address(from);
    Subject { name: format!("register:{name}"), limit: PER_ACCOUNT, cleared: false }
}

/// How long to wait after that many failures.
fn wait_ms(failures: i64, limit: i64) -> i64 {
    match failures - limit {
        ..0 => 0,
        over @ 0..=10 => (FIRST_WAIT_MS << over).min(LONGEST_WAIT_MS),
        _ => LONGEST_WAIT_MS,
    }
}

/// Counts a try for all subjects, or refuses it while one of them has to wait. Subjects go from the widest to the narrowest, so that
/// transactions lock in one order.
pub(crate) async fn count(db: &Db, now: Timestamp, subjects: Vec<Subject>) -> Result<Try> {
    // A flood is turned away by a read; only what is let through costs a write.
    for subject in &subjects {
        let row = db.fetch_optional(query("SELECT blocked_until FROM login_failures WHERE subject = $1").bind(&subject.name)).await?;
        let until = row.map_or(Ok(0), |row| row.get::<i64>("blocked_until"))?;
        if until > now.0 {
            return Err(blocked(until - now.0));
        }
    }
    let body = async |tx: &mut Tx| {
        let mut waits = Vec::with_capacity(subjects.len());
        for subject in &subjects {
            let counted = query(
                "INSERT INTO login_failures (subject, failures, last_at, blocked_until) VALUES ($1, 1, $2, 0)
                 ON CONFLICT (subject) DO UPDATE SET
                     failures = CASE WHEN login_failures.last_at <= $3 THEN 1 ELSE login_failures.failures + 1 END, last_at = $2
                 WHERE login_failures.blocked_until <= $2 RETURNING failures",
            );
            let Some(row) = tx.fetch_optional(counted.bind(&subject.name).bind(now).bind(now.0 - FORGET_MS)).await? else {
                // Another try was counted since the read above and has closed the door.
                return Err(TxError::from(blocked(FIRST_WAIT_MS)));
            };
            let until = match wait_ms(row.get("failures")?, subject.limit) {
                0 => 0,
                wait => now.0 + wait,
            };
            if until > 0 {
                tx.execute(query("UPDATE login_failures SET blocked_until = $2 WHERE subject = $1").bind(&subject.name).bind(until))
                    .await?;
            }
            waits.push(until);
        }
        Ok(waits)
    };
    let waits = transact!(db, body)?;
    Ok(Try(subjects.into_iter().zip(waits).collect()))
}

fn blocked(wait_ms: i64) -> Error {
    let seconds = wait_ms.div_euclid(1000) + 1;
    let message = format!("Too many attempts. Try again in {seconds} seconds.");
    Error::new(ErrorCode::RateLimited, message).retry_after(seconds.unsigned_abs())
}

impl Try {
    /// The password was right: the account starts anew, and the address gets this one try back, with the wait that it began.
    pub(crate) async fn forgive(self, db: &Db) -> Result<()> {
        let body = async |tx: &mut Tx| {
            for (subject, until) in &self.0 {
                let statement = if subject.cleared {
                    query("DELETE FROM login_failures WHERE subject = $1").bind(&subject.name)
                } else {
                    query(
                        "UPDATE login_failures SET failures = failures - 1, blocked_until = CASE WHEN blocked_until = $2 THEN 0 ELSE blocked_until END
                         WHERE subject = $1 AND failures > 0",
                    )
                    .bind(&subject.name)
                    .bind(*until)
                };
                tx.execute(statement).await?;
            }
            Ok::<_, TxError>(())
        };
        Ok(transact!(db, body)?)
    }
}
