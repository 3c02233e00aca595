//! `apirequestweb doctor`

use super::{Outcome, Problem, open_existing};
use crate::config::BasicSettings;
use service::doctor::{self, Check};

/// Check that everything adds up: schema, points, tasks. Works beside a running server.
#[derive(clap::Args)]
pub struct Doctor {
    #[command(flatten)]
    settings: BasicSettings,
}

impl Doctor {
    /// Runs all checks; fails if one does.
    pub async fn run(self) -> Outcome {
        let service = open_existing(&self.settings).await?;
        report(&doctor::run(&service).await?)
    }
}

/// Prints checks; an error if one failed.
pub(super) fn report(checks: &[Check]) -> Outcome {
    for check in checks {
        println!(
            "{:<4} {}{}{}",
            if check.ok { "ok" } else { "BAD" },
            check.name,
            if check.detail.is_empty() { "" } else { ": " },
            check.detail
        );
    }
    match checks.iter().filter(|check| !check.ok).count() {
        0 => Ok(()),
        bad => Err(Problem(format!("{bad} of {} checks failed.", checks.len()))),
    }
}
