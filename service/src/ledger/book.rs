//! The one way to move points: open a book on some accounts, move, write.

use super::insufficient;
use crate::dashboard::Usage;
use crate::db::{DbError, Query, Sql, Tx, query};
use crate::webhooks;
use model::Error;
use model::ledger::{Balance, EntryKind};
use model::time::Timestamp;
use model::webhooks::WebhookEvent;
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The accounts that a transaction moves points of, locked, and the movements so far.
///
/// Movements are decided in memory in the order of the calls and written by one statement per table: a batch of a hundred costs what one costs.
pub struct Book {
    accounts: BTreeMap<i64, Account>,
    entries: Vec<Entry>,
    holds: Vec<NewHold>,
    ends: Vec<EndedHold>,
    refunds: Vec<RefundedHold>,
    usage: Usage,
}

/// An account whose available points fell below what its owner wants to be told about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crossing {
    /// Whose account it is.
    pub user_id: i64,
    /// Points that can be spent now.
    pub available: i64,
    /// What the owner set.
    pub threshold: i64,
}

#[derive(Default)]
struct Account {
    balance: Balance,
    before: Balance,
    low_balance: i64,
    task_seq: i64,
    counters: Counters,
    webhooks: i64,
}

/// Changes of the task counters that stand beside the points.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Tasks in all.
    pub total: i64,
    /// Succeeded ones.
    pub succeeded: i64,
    /// Failed ones.
    pub failed: i64,
    /// Cancelled ones.
    pub cancelled: i64,
}

/// How a hold ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldEnd {
    /// The points are spent.
    Capture,
    /// The points go back.
    Release,
}

#[derive(Serialize)]
struct Entry {
    user_id: i64,
    kind: &'static str,
    points: i64,
    available_delta: i64,
    held_delta: i64,
    system_delta: i64,
    available_after: i64,
    held_after: i64,
    reference: String,
    note: String,
    actor_id: Option<i64>,
}

#[derive(Serialize)]
struct NewHold {
    reference: String,
    user_id: i64,
    amount: i64,
    /// As much as `amount` for a hold that is captured at once, else 0.
    captured: i64,
}

#[derive(Serialize)]
struct EndedHold {
    reference: String,
    captured: i64,
    released: i64,
}

#[derive(Serialize)]
struct RefundedHold {
    reference: String,
    points: i64,
}

#[derive(Serialize)]
struct AccountChange {
    user_id: i64,
    available: i64,
    held: i64,
    seq: i64,
    total: i64,
    succeeded: i64,
    failed: i64,
    cancelled: i64,
}

// Locked in the order of ids: unordered batches deadlock.
static OPEN: LazyLock<Sql> = LazyLock::new(|| {
    let text = "SELECT user_id, available, held, task_seq, low_balance, webhooks FROM accounts WHERE user_id IN (SELECT x.id FROM {rows}) ORDER BY user_id";
    let columns = "id bigint";
    let text = Sql::batch(text, columns);
    Sql::per_engine(&text.sqlite(), &format!("{} FOR UPDATE", text.postgres()))
});

static ENTRIES: LazyLock<Sql> = LazyLock::new(|| {
    Sql::batch(
        "INSERT INTO ledger_entries (user_id, kind, points, available_delta, held_delta, system_delta, available_after, held_after, reference, note, actor_id, created_at)
         SELECT x.user_id, x.kind, x.points, x.available_delta, x.held_delta, x.system_delta, x.available_after, x.held_after, x.reference, x.note, x.actor_id, $2
         FROM {rows}",
        "user_id bigint, kind text, points bigint, available_delta bigint, held_delta bigint, system_delta bigint, available_after bigint, held_after bigint, reference text, note text, actor_id bigint",
    )
});

static HOLDS: LazyLock<Sql> = LazyLock::new(|| {
    Sql::batch(
        "INSERT INTO holds (reference, user_id, amount, captured, created_at, settled_at)
         SELECT x.reference, x.user_id, x.amount, x.captured, CAST($2 AS BIGINT), CASE WHEN x.captured > 0 THEN CAST($2 AS BIGINT) ELSE NULL END FROM {rows}",
        "reference text, user_id bigint, amount bigint, captured bigint",
    )
});

static ENDS: LazyLock<Sql> = LazyLock::new(|| {
    Sql::batch(
        "UPDATE holds SET captured = x.captured, released = x.released, settled_at = $2
         FROM {rows} WHERE holds.reference = x.reference AND holds.captured + holds.released = 0",
        "reference text, captured bigint, released bigint",
    )
});

static REFUNDS: LazyLock<Sql> = LazyLock::new(|| {
    Sql::batch(
        "UPDATE holds SET refunded = holds.refunded + x.points
         FROM {rows} WHERE holds.reference = x.reference AND holds.captured - holds.refunded >= x.points",
        "reference text, points bigint",
    )
});

static ACCOUNTS: LazyLock<Sql> = LazyLock::new(|| {
    Sql::batch(
        "UPDATE accounts SET available = accounts.available + x.available, held = accounts.held + x.held, task_seq = x.seq,
             tasks_total = tasks_total + x.total, tasks_succeeded = tasks_succeeded + x.succeeded,
             tasks_failed = tasks_failed + x.failed, tasks_cancelled = tasks_cancelled + x.cancelled
         FROM {rows} WHERE accounts.user_id = x.user_id",
        "user_id bigint, available bigint, held bigint, seq bigint, total bigint, succeeded bigint, failed bigint, cancelled bigint",
    )
});

impl Book {
    /// Locks and reads accounts. Users that have none are simply not in the book.
    pub async fn open(tx: &mut Tx, users: &[i64]) -> Result<Self, DbError> {
        #[derive(Serialize)]
        struct Id {
            id: i64,
        }
        let mut ids = users.to_vec();
        ids.sort_unstable();
        ids.dedup();
        let ids: Vec<_> = ids.into_iter().map(|id| Id { id }).collect();
        let rows = if ids.is_empty() { Vec::new() } else { tx.fetch_all(query(&*OPEN).rows(&ids)).await? };
        let mut accounts = BTreeMap::new();
        for row in rows {
            let balance = Balance { available: row.get(1)?, held: row.get(2)? };
            let (task_seq, low_balance, webhooks) = (row.get(3)?, row.get(4)?, row.get(5)?);
            let account = Account { balance, before: balance, task_seq, low_balance, webhooks, ..Account::default() };
            accounts.insert(row.get(0)?, account);
        }
        Ok(Book { accounts, entries: Vec::new(), holds: Vec::new(), ends: Vec::new(), refunds: Vec::new(), usage: Usage::default() })
    }

    /// The balance of an account after the movements so far; zero for an account that is not in the book.
    pub fn balance(&self, user_id: i64) -> Balance {
        self.accounts.get(&user_id).map(|account| account.balance).unwrap_or_default()
    }

    /// Whether a user has a webhook that is switched on, so that the end of a task is told to somebody.
    pub fn has_webhooks(&self, user_id: i64) -> bool {
        self.accounts.get(&user_id).is_some_and(|account| account.webhooks > 0)
    }

    /// Every account of the book with its balance after the movements so far.
    pub fn balances(&self) -> impl Iterator<Item = (i64, Balance)> {
        self.accounts.iter().filter(|(_, account)| account.balance != account.before).map(|(id, account)| (*id, account.balance))
    }

    /// The accounts that were not below their owners' thresholds before and are now: each crossing is in one book. Tell them after the commit.
    pub fn crossings(&self) -> Vec<Crossing> {
        let crossed = |account: &&Account| {
            let threshold = account.low_balance;
            account.before.available >= threshold && account.balance.available < threshold
        };
        let crossing = |(user_id, account): (&i64, &Account)| {
            let (available, threshold) = (account.balance.available, account.low_balance);
            crossed(&account).then_some(Crossing { user_id: *user_id, available, threshold })
        };
        self.accounts.iter().filter_map(crossing).collect()
    }

    /// Adds to what an account used. Nothing is done for an account that is not in the book.
    pub fn usage(&mut self, user_id: i64, add: impl FnOnce(&mut Usage)) {
        if self.accounts.contains_key(&user_id) {
            add(&mut self.usage);
        }
    }

    /// Sets points aside. Nothing is done for zero points.
    pub fn hold(&mut self, user_id: i64, points: i64, reference: &str) -> Result<(), Error> {
        if points == 0 {
            return Ok(());
        }
        self.enter(user_id, EntryKind::Hold, points, format!("{reference}:hold"), String::new(), None)?;
        self.holds.push(NewHold { reference: format!("{reference}:hold"), user_id, amount: points, captured: 0 });
        Ok(())
    }

    /// Holds points and captures them in one go. Nothing is done for zero points.
    pub fn spend(&mut self, user_id: i64, points: i64, reference: &str) -> Result<(), Error> {
        if points == 0 {
            return Ok(());
        }
        self.enter(user_id, EntryKind::Hold, points, format!("{reference}:hold"), String::new(), None)?;
        self.enter(user_id, EntryKind::Capture, points, format!("{reference}:capture"), String::new(), None)?;
        self.holds.push(NewHold { reference: format!("{reference}:hold"), user_id, amount: points, captured: points });
        Ok(())
    }

    /// Whether [`Book::hold`] would succeed.
    pub fn can_hold(&self, user_id: i64, points: i64) -> Result<(), Error> {
        let account = self.accounts.get(&user_id).ok_or_else(|| Error::not_found("user"))?;
        if account.balance.available < points { Err(insufficient(account.balance.available, points)) } else { Ok(()) }
    }

    /// Ends a hold of that many points, whole. Nothing is done for zero points.
    pub fn end(&mut self, user_id: i64, points: i64, reference: &str, end: HoldEnd) -> Result<(), Error> {
        if points == 0 {
            return Ok(());
        }
        let (kind, captured, released, word) = match end {
            HoldEnd::Capture => (EntryKind::Capture, points, 0, "capture"),
            HoldEnd::Release => (EntryKind::Release, 0, points, "release"),
        };
        self.enter(user_id, kind, points, format!("{reference}:{word}"), String::new(), None)?;
        self.ends.push(EndedHold { reference: format!("{reference}:hold"), captured, released });
        Ok(())
    }

    /// Gives back all that was captured of a hold of that many points, once. Nothing is done for zero points.
    pub fn refund(&mut self, user_id: i64, points: i64, reference: &str) -> Result<(), Error> {
        if points == 0 {
            return Ok(());
        }
        // The note of a refund is the reference of its hold.
        let hold = format!("{reference}:hold");
        self.enter(user_id, EntryKind::Refund, points, format!("{reference}:refund"), hold.clone(), None)?;
        self.refunds.push(RefundedHold { reference: hold, points });
        Ok(())
    }

    /// A movement that an administrator makes.
    pub fn by_hand(&mut self, user_id: i64, kind: EntryKind, points: i64, reference: &str, note: &str, actor_id: i64) -> Result<(), Error> {
        self.enter(user_id, kind, points, reference.to_owned(), note.to_owned(), Some(actor_id))
    }

    /// The next number of a user's tasks.
    pub fn next_task_seq(&mut self, user_id: i64) -> i64 {
        let Some(account) = self.accounts.get_mut(&user_id) else { return 0 };
        account.task_seq += 1;
        account.task_seq
    }

    /// Changes a user's task counters.
    pub fn count(&mut self, user_id: i64, change: impl FnOnce(&mut Counters)) {
        if let Some(account) = self.accounts.get_mut(&user_id) {
            change(&mut account.counters);
        }
    }

    fn enter(
        &mut self,
        user_id: i64,
        kind: EntryKind,
        points: i64,
        reference: String,
        note: String,
        actor_id: Option<i64>,
    ) -> Result<(), Error> {
        let account = self.accounts.get_mut(&user_id).ok_or_else(|| Error::not_found("user"))?;
        let (available_delta, held_delta, system_delta) = kind.deltas(points);
        let after = |now: i64, delta: i64| now.checked_add(delta).filter(|sum| *sum >= 0);
        let available = after(account.balance.available, available_delta).ok_or_else(|| insufficient(account.balance.available, points))?;
        let held = after(account.balance.held, held_delta).ok_or_else(|| {
            tracing::error!(user_id, points, reference, "more points would leave a hold than are held");
            Error::internal()
        })?;
        account.balance = Balance { available, held };
        self.usage.entered(user_id, kind, points);
        self.entries.push(Entry {
            user_id,
            kind: kind.as_str(),
            points,
            available_delta,
            held_delta,
            system_delta,
            available_after: available,
            held_after: held,
            reference,
            note,
            actor_id,
        });
        Ok(())
    }

    /// Writes everything. An ended hold that was not open, a refunded one that was not captured, or an unknown one fails the whole transaction.
    pub async fn write(self, tx: &mut Tx, now: Timestamp) -> Result<(), DbError> {
        self.write_after(tx, now, Vec::new()).await
    }

    /// Writes everything, after other statements of the same transaction, which are about none of the book's tables.
    pub async fn write_after(self, tx: &mut Tx, now: Timestamp, mut statements: Vec<Query>) -> Result<(), DbError> {
        let low = self.low();
        self.change_holds(tx, now).await?;
        statements.extend(self.statements(now));
        tx.execute_all(statements).await?;
        announce(tx, low, now).await
    }

    /// Like [`Book::write_after`], and makes it durable: on SQLite with the same message, if nobody is to be told of a low balance.
    pub async fn commit_after(self, mut tx: Tx, now: Timestamp, mut statements: Vec<Query>) -> Result<(), DbError> {
        if !self.low().is_empty() {
            self.write_after(&mut tx, now, statements).await?;
            return tx.commit().await;
        }
        self.change_holds(&mut tx, now).await?;
        statements.extend(self.statements(now));
        tx.commit_after(statements).await
    }

    /// The crossings that webhooks are to be told of.
    fn low(&self) -> Vec<Crossing> {
        self.crossings().into_iter().filter(|crossing| self.has_webhooks(crossing.user_id)).collect()
    }

    async fn change_holds(&self, tx: &mut Tx, now: Timestamp) -> Result<(), DbError> {
        if !self.ends.is_empty() {
            let ended = tx.execute(query(&*ENDS).rows(&self.ends).bind(now)).await?;
            if ended != self.ends.len() as u64 {
                return Err(DbError::Unusable(format!("{} holds were to end and {ended} were open", self.ends.len())));
            }
        }
        if !self.refunds.is_empty() {
            let refunded = tx.execute(query(&*REFUNDS).rows(&self.refunds)).await?;
            if refunded != self.refunds.len() as u64 {
                return Err(DbError::Unusable(format!("{} holds were to be refunded and {refunded} could be", self.refunds.len())));
            }
        }
        Ok(())
    }

    /// What writes everything but the ends of holds, one statement for each table.
    fn statements(self, now: Timestamp) -> Vec<Query> {
        let mut statements = Vec::new();
        if !self.holds.is_empty() {
            statements.push(query(&*HOLDS).rows(&self.holds).bind(now));
        }
        if !self.entries.is_empty() {
            statements.push(query(&*ENTRIES).rows(&self.entries).bind(now));
        }
        let changes: Vec<_> = self.accounts.iter().map(|(user_id, account)| account.change(*user_id)).collect();
        if !changes.is_empty() {
            statements.push(query(&*ACCOUNTS).rows(&changes));
        }
        statements.extend(self.usage.statement(now));
        statements
    }
}

async fn announce(tx: &mut Tx, low: Vec<Crossing>, now: Timestamp) -> Result<(), DbError> {
    for Crossing { user_id, available, threshold } in low {
        let key = format!("balance:low:{}:{available}", now.0);
        let data = json!({ "available": available, "threshold": threshold });
        webhooks::announce(tx, user_id, WebhookEvent::BalanceLow, &key, &data, now).await?;
    }
    Ok(())
}

impl Account {
    fn change(&self, user_id: i64) -> AccountChange {
        let Counters { total, succeeded, failed, cancelled } = self.counters;
        AccountChange {
            user_id,
            available: self.balance.available - self.before.available,
            held: self.balance.held - self.before.held,
            seq: self.task_seq,
            total,
            succeeded,
            failed,
            cancelled,
        }
    }
}
