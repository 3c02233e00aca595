//! `apirequestweb backup` and `apirequestweb restore`

use super::doctor::report;
use super::{Outcome, open_existing, settings};
use crate::config::BasicSettings;
use service::backup;
use std::path::PathBuf;

/// Copy the whole database to a file, beside a running server. On PostgreSQL this needs pg_dump.
#[derive(clap::Args)]
pub struct Backup {
    /// The file to write; it must not exist.
    to: PathBuf,
    #[command(flatten)]
    settings: BasicSettings,
}

/// Put a backup in the place of the database. The server must be stopped. What was there is kept under another name.
#[derive(clap::Args)]
pub struct Restore {
    /// The file that `backup` wrote.
    from: PathBuf,
    #[command(flatten)]
    settings: BasicSettings,
}

impl Backup {
    /// Runs the command.
    pub async fn run(self) -> Outcome {
        let service = open_existing(&self.settings).await?;
        let size = backup::backup(&service, &self.to).await?;
        println!("The backup is in {}: {size} bytes.", self.to.display());
        Ok(())
    }
}

impl Restore {
    /// Runs the command.
    pub async fn run(self) -> Outcome {
        let config = settings(&self.settings)?;
        let restored = backup::restore(&config, &self.from).await?;
        println!("The database is as it was when {} was made.", self.from.display());
        if let Some(kept) = &restored.kept {
            println!("What was there before is in {kept}.");
        }
        report(&restored.checks)
    }
}
