//! `apirequestweb codes`

use super::{Outcome, Problem, open};
use crate::config::BasicSettings;
use clap::Subcommand;
use model::recharge::NewCodes;
use model::time::Timestamp;
use service::actor::Actor;
use service::recharge;

/// Make redemption codes, or switch them off.
#[derive(clap::Args)]
pub struct Codes {
    #[command(subcommand)]
    command: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Make a batch of codes and print them, one on a line: the only time that they are shown.
    Create(Create),
    /// Switch every code of a batch off for good.
    Disable(Disable),
}

#[derive(clap::Args)]
struct Create {
    /// Points that one redemption adds.
    #[arg(long, env = "APIREQUESTWEB_POINTS", value_name = "NUMBER")]
    points: i64,
    /// How many codes.
    #[arg(long, env = "APIREQUESTWEB_COUNT", value_name = "NUMBER", default_value_t = 1)]
    count: i64,
    /// How many users may redeem each code.
    #[arg(long, env = "APIREQUESTWEB_USES", value_name = "NUMBER", default_value_t = 1)]
    uses: i64,
    /// When they stop working, such as 2030-01-31T00:00:00Z; never unless given.
    #[arg(long, env = "APIREQUESTWEB_EXPIRES", value_name = "TIME")]
    expires: Option<String>,
    /// What they are for; it becomes the note of the recharge.
    #[arg(long, env = "APIREQUESTWEB_NOTE", default_value = "")]
    note: String,
    #[command(flatten)]
    settings: BasicSettings,
}

#[derive(clap::Args)]
struct Disable {
    /// The batch, as `codes create` told it.
    #[arg(long, env = "APIREQUESTWEB_BATCH", value_name = "BATCH")]
    batch: String,
    #[command(flatten)]
    settings: BasicSettings,
}

impl Codes {
    /// Runs the command.
    pub async fn run(self) -> Outcome {
        match self.command {
            Action::Create(create) => create.run().await,
            Action::Disable(disable) => disable.run().await,
        }
    }
}

impl Create {
    async fn run(self) -> Outcome {
        let expires_at = match &self.expires {
            Some(text) => {
                Some(Timestamp::parse(text).ok_or_else(|| Problem(format!("`{text}` is not a time such as 2030-01-31T00:00:00Z.")))?)
            }
            None => None,
        };
        let new = NewCodes { points: self.points, count: self.count, uses: self.uses, expires_at, note: self.note };
        let service = open(&self.settings).await?;
        let created = recharge::create_codes(&service, &Actor::system(), &new).await?;
        // The codes alone on the standard output, for scripts.
        for code in &created.codes {
            println!("{code}");
        }
        eprintln!("These are the codes of batch {}. They are not shown again.", created.batch);
        Ok(())
    }
}

impl Disable {
    async fn run(self) -> Outcome {
        let service = open(&self.settings).await?;
        let disabled = recharge::disable_batch(&service, &Actor::system(), &self.batch).await?.disabled;
        println!("{disabled} codes of batch {} are switched off.", self.batch);
        Ok(())
    }
}
