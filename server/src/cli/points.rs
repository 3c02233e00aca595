//! `apirequestweb points`

use super::{Outcome, open};
use crate::config::BasicSettings;
use clap::Subcommand;
use model::ledger::EntryKind;
use service::accounts;
use service::actor::Actor;
use service::ledger::{self, ByHand};

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
    Reverse(Reverse),
}

#[derive(clap::Args)]
struct Movement {
    /// Whose account it is.
    #[arg(long, env = "APIREQUESTWEB_USER", value_name = "USERNAME")]
    user: String,
    /// How many points, at least 1; `points reverse` takes points back.
    #[arg(long, env = "APIREQUESTWEB_POINTS", value_name = "NUMBER", allow_negative_numbers = true, value_parser = points)]
    points: i64,
    /// Why, for people.
    #[arg(long, env = "APIREQUESTWEB_NOTE", default_value = "")]
    note: String,
    #[command(flatten)]
    settings: BasicSettings,
}

#[derive(clap::Args)]
struct Reverse {
    #[command(flatten)]
    movement: Movement,
    /// Take what is there when it is less.
    #[arg(long, env = "APIREQUESTWEB_UP_TO_AVAILABLE")]
    up_to_available: bool,
}

/// How many points: a movement has no sign, its command says where it goes.
fn points(text: &str) -> Result<i64, String> {
    match text.trim().parse::<i64>() {
        Ok(points) if points >= 1 => Ok(points),
        Ok(_) => Err("Points must be 1 or more. To take points back, use `apirequestweb points reverse`.".to_owned()),
        Err(_) => Err("Points must be a whole number from 1.".to_owned()),
    }
}

impl Points {
    /// Runs the command.
    pub async fn run(self) -> Outcome {
        let (movement, kind, up_to_available) = match self.command {
            Action::Recharge(movement) => (movement, EntryKind::Recharge, false),
            Action::Reverse(reverse) => (reverse.movement, EntryKind::ReverseRecharge, reverse.up_to_available),
        };
        let service = open(&movement.settings).await?;
        let user_id = accounts::user_id(&service, &movement.user).await?;
        let by_hand = ByHand { kind, user_id, points: movement.points, note: &movement.note, up_to_available };
        let moved = ledger::by_hand(&service, &Actor::system(), &by_hand).await?;
        if up_to_available {
            println!("{} points were taken back.", moved.points);
        }
        println!("{} has {} points available and {} held.", movement.user, moved.balance.available, moved.balance.held);
        Ok(())
    }
}
