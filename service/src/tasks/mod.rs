//! Tasks as their owners see and change them. What happens to a task between submission and end is in `engine`.

mod administration;
mod change;
mod end;
mod list;
mod plan;
mod retention;
mod submit;
#[cfg(test)]
mod tests;
mod view;

pub(crate) use administration::first_since;
pub use administration::{all, any, any_attempts, intervene, treat};
pub use change::{batch, cancel, delete, retry, update};
pub(crate) use list::like;
pub use list::{COUNT_LIMIT, categories, list};
pub(crate) use plan::refuse_nul;
pub use retention::delete_expired;
pub(crate) use submit::{INLINE_BYTES, Submitter, submit_open};
pub use submit::{submit, submit_idempotent};
pub(crate) use view::extract;
pub use view::{attempts, get};

use model::tasks::Priority;

/// 32 characters from the system's random source, for public ids and references.
pub fn random_id() -> String {
    const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut bytes = [0u8; 40];
    let mut id = String::with_capacity(32);
    while id.len() < 32 {
        // The system's random source does not fail after start-up; without it nothing here would be safe.
        getrandom::fill(&mut bytes).unwrap_or_else(|error| panic!("the system's random source failed: {error}"));
        id.extend(bytes.iter().filter(|byte| **byte < 248).map(|byte| ALPHABET[usize::from(byte % 62)] as char).take(32 - id.len()));
    }
    id
}

/// Where a task waits: priority, feature and user in one number, in this order of weight.
pub(crate) fn bucket(priority: Priority, feature_id: i64, user_id: i64) -> i64 {
    debug_assert!(feature_id < 1 << 28 && user_id < 1 << 32);
    priority.rank() << 60 | feature_id << 32 | user_id
}

/// The reference of a run in the ledger; `:hold`, `:capture` and `:release` follow it.
pub(crate) fn run_reference(task_id: i64, run: i64) -> String {
    format!("task:{task_id}:run:{run}")
}
