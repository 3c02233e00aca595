//! `doctor`: whether the database, the machine and every invariant of the ledger and the queue are as they must be.
//!
//! Everything here only reads, in statements that each see one consistent state, a window of rows at a time: it runs beside a working server.

mod invariants;
mod machine;
#[cfg(test)]
mod tests;
mod walk;

use crate::db::Db;
use crate::service::Service;
use model::Result;

/// The outcome of one check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What was checked.
    pub name: String,
    /// Whether it is as it must be.
    pub ok: bool,
    /// What was found; how many rows are wrong and the first of them.
    pub detail: String,
}

impl Check {
    fn new(name: &str, ok: bool, detail: impl Into<String>) -> Self {
        Check { name: name.to_owned(), ok, detail: detail.into() }
    }
}

/// Runs every check. An error means that the database could not be asked, not that something is wrong in it.
pub async fn run(service: &Service) -> Result<Vec<Check>> {
    let mut checks = machine::checks(service).await?;
    checks.extend(invariants(&service.db).await?);
    Ok(checks)
}

/// The checks of what is in the database: points, tasks and queue.
pub async fn invariants(db: &Db) -> Result<Vec<Check>> {
    let mut checks = Vec::new();
    for invariant in invariants::all() {
        checks.push(walk::run(db, &invariant).await?);
    }
    Ok(checks)
}
