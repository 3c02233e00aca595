//! `apirequestweb points`

use super::{Outcome, open};
use crate::config::BasicSettings;
use clap::Subcommand;
use service::actor::Actor;
use service::{accounts, ledger};

/// Add points to an account, or take them back.
#[derive(clap::Args)]
pub struct Points {
    #[command(subcommand)]
    command: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Add points.
    Recharge(Movement),
    /// Take points back; never more than are available.
    Reverse(Movement),
}

#[derive(clap::Args)]
struct Movement {
    /// Whose account it is.
    #[arg(long, env = "APIREQUESTWEB_USER", value_name = "USERNAME")]
    user: String,
    /// How many points.
    #[arg(long, env = "APIREQUESTWEB_POINTS", value_name = "NUMBER")]
    points: i64,
    /// Why, for people.
    #[arg(long, env = "APIREQUESTWEB_NOTE", default_value = "")]
    note: String,
    #[command(flatten)]
    settings: BasicSettings,
}

impl Points {
    /// Runs the command.
    pub async fn run(self) -> Outcome {
        let (movement, recharge) = match self.command {
            Action::Recharge(movement) => (movement, true),
            Action::Reverse(movement) => (movement, false),
        };
        let service = open(&movement.settings).await?;
        let (system, user) = (Actor::system(), accounts::user_id(&service, &movement.user).await?);
        let balance = if recharge {
            ledger::recharge(&service, &system, user, movement.points, &movement.note).await?
        } else {
            ledger::reverse_recharge(&service, &system, user, movement.points, &movement.note).await?
        };
        println!("{} has {} points available and {} held.", movement.user, balance.available, balance.held);
        Ok(())
    }
}
