//! Points of calls: held before and captured or given back afterwards, or spent at once. Many calls share one transaction.

use crate::clock::Clock;
use crate::dashboard::{self, Call, Ended};
use crate::db::batch::{Apply, BatchError};
use crate::db::{Db, DbError, Sql, Tx, query};
use crate::events::EventBus;
use crate::ledger::{Book, HoldEnd};
use crate::service::Service;
use model::events::Event;
use model::ledger::Balance;
use model::{Error, Result};
use serde::Serialize;
use std::collections::HashMap;
use std::sync::LazyLock;
use std::time::Duration;

/// How long a call waits for its hold.
const PATIENCE: Duration = Duration::from_secs(10);

/// The points of one call.
#[derive(Clone)]
pub(super) struct Charge {
    pub user_id: i64,
    pub points: i64,
    /// The reference in the ledger, which `:hold`, `:capture` and `:release` follow.
    pub reference: String,
}

/// What happens to them.
pub(super) enum Command {
    /// They are held.
    Hold(Charge),
    /// The open hold ends.
    End(Charge, HoldEnd),
    /// They are spent at once, without having been held before; the call took so many milliseconds.
    Spend(Charge, i64),
}

impl Command {
    fn charge(&self) -> &Charge {
        match self {
            Command::Hold(charge) | Command::End(charge, _) | Command::Spend(charge, _) => charge,
        }
    }
}

/// What became of a command.
pub(super) enum Moved {
    /// The points are held, or spent; the balance after it.
    Taken(Balance),
    /// The hold has ended; false if it had ended before.
    Ended(bool),
}

/// The reference of a call in the ledger.
pub(super) fn reference(call_id: &str) -> String {
    format!("call:{call_id}")
}

/// Holds the points of a call; the error says why it cannot be paid.
pub(super) async fn hold(service: &Service, charge: &Charge) -> Result<()> {
    let outcome = match tokio::time::timeout(PATIENCE, service.custom_apis.charger.call(Command::Hold(charge.clone()))).await {
        // If it is written later after all, it is found open and given back.
        Err(_) => Err(Error::unavailable("The database is busy. Try again in a moment.")),
        Ok(outcome) => outcome.map_err(Error::from).and_then(|moved| moved),
    };
    taken(service, charge, outcome)
}

/// Spends the points of a call that was not held for, because its account was known to be well filled.
pub(super) async fn spend(service: &Service, charge: Charge, duration_ms: i64) -> Result<()> {
    let moved = service.custom_apis.charger.call(Command::Spend(charge.clone(), duration_ms)).await;
    taken(service, &charge, moved.map_err(Error::from).and_then(|moved| moved))
}

/// Notes what a movement tells of the account.
fn taken(service: &Service, charge: &Charge, outcome: Result<Moved>) -> Result<()> {
    let purses = &service.custom_apis.purses;
    match outcome {
        Ok(Moved::Taken(balance)) => {
            purses.taken(charge.user_id, charge.points, balance.available, service.clock.now());
            Ok(())
        }
        Ok(Moved::Ended(_)) => Err(Error::internal()),
        Err(error) => {
            purses.dropped(charge.user_id, charge.points);
            Err(error)
        }
    }
}

/// Ends a hold; whether it was still open. A call that costs nothing is only counted.
pub(super) async fn end(service: &Service, charge: Charge, end: HoldEnd) -> Result<bool, BatchError> {
    let moved = service.custom_apis.charger.call(Command::End(charge, end)).await?;
    Ok(matches!(moved, Ok(Moved::Ended(true))))
}

/// Applies batches of charges.
pub(super) struct Charger {
    pub db: Db,
    pub clock: Clock,
    pub events: EventBus,
}

static OPEN: LazyLock<Sql> = LazyLock::new(|| {
    Sql::batch(
        "SELECT h.reference, h.created_at FROM {rows} JOIN holds h ON h.reference = x.reference WHERE h.settled_at IS NULL",
        "reference text",
    )
});

impl Apply for Charger {
    type Command = Command;
    type Outcome = Result<Moved>;

    fn bytes(_: &Command) -> usize {
        256
    }

    async fn apply(&self, commands: &[Command]) -> Result<Vec<Result<Moved>>, DbError> {
        let now = self.clock.now();
        let mut tx = self.db.tx().await?;
        let users: Vec<i64> = commands.iter().map(|command| command.charge().user_id).collect();
        // The accounts are locked from here on, so what is found open stays so.
        let mut book = Book::open(&mut tx, &users).await?;
        let mut open = open(&mut tx, commands).await?;
        let mut outcomes = Vec::with_capacity(commands.len());
        for command in commands {
            let Charge { user_id, points, reference } = command.charge();
            outcomes.push(match command {
                Command::Hold(_) => book.hold(*user_id, *points, reference).map(|()| Moved::Taken(book.balance(*user_id))),
                Command::Spend(charge, duration_ms) => book.spend(*user_id, *points, reference).map(|()| {
                    dashboard::count_call(&mut book, *user_id, counted(charge, HoldEnd::Capture, *duration_ms));
                    Moved::Taken(book.balance(*user_id))
                }),
                Command::End(charge, end) => match open.remove(&format!("{reference}:hold")).or(began(charge)) {
                    // Somebody else has ended it: a late answer changes nothing.
                    None => Ok(Moved::Ended(false)),
                    Some(since) => {
                        book.end(*user_id, *points, reference, *end).map_err(|error| DbError::Unusable(error.to_string()))?;
                        dashboard::count_call(&mut book, *user_id, counted(charge, *end, (now.0 - since).max(0)));
                        Ok(Moved::Ended(true))
                    }
                },
            });
        }
        let (balances, crossings): (Vec<_>, _) = (book.balances().collect(), book.crossings());
        book.commit_after(tx, now, Vec::new()).await?;
        for (user, balance) in balances {
            self.events.publish(user, Event::Balance { balance });
        }
        self.events.publish_crossings(crossings);
        Ok(outcomes)
    }
}

/// When a call began that costs nothing: it has no hold to tell, and comes here once, to be counted.
fn began(charge: &Charge) -> Option<i64> {
    let time = charge.reference.strip_prefix("call:")?.split('-').next()?.parse().ok();
    time.filter(|_| charge.points == 0)
}

/// What the dashboard counts of a call that has ended.
fn counted(charge: &Charge, end: HoldEnd, duration_ms: i64) -> Call {
    let (ended, points) = match end {
        HoldEnd::Capture => (Ended::Succeeded, charge.points),
        HoldEnd::Release => (Ended::Failed, 0),
    };
    Call { api_id: api_id(&charge.reference), ended, points, duration_ms }
}

/// The custom API that a reference names: `call:<time>-<number>-<random>`.
fn api_id(reference: &str) -> i64 {
    reference.split('-').nth(1).and_then(|number| number.parse().ok()).unwrap_or_default()
}

/// Which of the holds that are to end are open, and since when.
async fn open(tx: &mut Tx, commands: &[Command]) -> Result<HashMap<String, i64>, DbError> {
    #[derive(Serialize)]
    struct Reference {
        reference: String,
    }
    let ending: Vec<_> = commands
        .iter()
        .filter(|command| matches!(command, Command::End(..)))
        .map(|command| Reference { reference: format!("{}:hold", command.charge().reference) })
        .collect();
    let mut open = HashMap::with_capacity(ending.len());
    if !ending.is_empty() {
        for row in tx.fetch_all(query(&*OPEN).rows(&ending)).await? {
            open.insert(row.get(0)?, row.get(1)?);
        }
    }
    Ok(open)
}
