//! Lists of movements: filters, pages, sums, export.

use crate::actor::Actor;
use crate::db::{Query, Row, Sql, Value, query};
use crate::service::Service;
use crate::tasks::COUNT_LIMIT;
use crate::{dashboard, db::DbError};
use model::accounts::Scope;
use model::ledger::{EntryFilter, EntryKind, EntryPage, EntryTarget, EntryView};
use model::paging::Paging;
use model::time::Timestamp;
use model::{Error, Result};

/// Entries that [`export`] answers at a time.
pub const EXPORT_ROWS: i64 = 1000;
/// How far the times of entries may be out of the order of their numbers: batches take their time before their turn, and nodes have clocks.
const DISORDER_MS: i64 = 10 * 60_000;
/// What the index of rare kinds says, word for word: SQLite takes it only then.
pub(crate) const RARE: &str = "kind IN ('refund', 'recharge', 'reverse_recharge')";
/// Likewise for recharges of all users.
pub(crate) const BY_HAND: &str = "kind IN ('recharge', 'reverse_recharge')";

const COLUMNS: &str = "id, kind, points, available_after, held_after, reference, note, created_at";

/// The caller's movements, newest first, with the sums of the range. Totals stop at [`COUNT_LIMIT`].
///
/// Errors: `forbidden` without the scope `tasks:read`, `invalid` at `q` or `end`.
pub async fn entries(service: &Service, actor: &Actor, filter: &EntryFilter) -> Result<EntryPage> {
    actor.require(Scope::TasksRead)?;
    let paging = Paging::new(filter.page, filter.page_size);
    let conditions = Conditions::of(service, actor.user_id, filter).await?;
    let counted = format!(
        "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM (SELECT 1 AS one FROM ledger_entries WHERE {} LIMIT {COUNT_LIMIT}) AS counted",
        conditions.text
    );
    let total: i64 = service.db.fetch_one(conditions.bind(query(Sql::Built(counted.into())))).await?.get("n")?;
    let page = format!(
        "SELECT {COLUMNS} FROM ledger_entries WHERE {} ORDER BY id DESC LIMIT {} OFFSET {}",
        conditions.text,
        paging.page_size,
        paging.offset()
    );
    let rows = service.db.fetch_all(conditions.bind(query(Sql::Built(page.into())))).await?;
    let items = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    let sums = dashboard::entry_sums(service, actor.user_id, filter.start, filter.end).await?;
    Ok(EntryPage { items, total, total_is_limited: total >= COUNT_LIMIT, page: paging.page, page_size: paging.page_size, sums })
}

/// The next [`EXPORT_ROWS`] of the caller's movements, newest first, below a number. Pages by key: nothing is held between them.
///
/// Errors: those of [`entries`].
pub async fn export(service: &Service, actor: &Actor, filter: &EntryFilter, below: Option<i64>) -> Result<Vec<EntryView>> {
    actor.require(Scope::TasksRead)?;
    let mut conditions = Conditions::of(service, actor.user_id, filter).await?;
    if let Some(below) = below {
        conditions.add("id <", below);
    }
    let page = format!("SELECT {COLUMNS} FROM ledger_entries WHERE {} ORDER BY id DESC LIMIT {EXPORT_ROWS}", conditions.text);
    service.db.fetch_all(conditions.bind(query(Sql::Built(page.into())))).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<EntryView> {
    let reference: String = row.get("reference")?;
    Ok(EntryView {
        id: row.get("id")?,
        kind: EntryKind::parse(&row.get::<String>("kind")?).ok_or_else(Error::internal)?,
        points: row.get("points")?,
        available_after: row.get("available_after")?,
        held_after: row.get("held_after")?,
        target: EntryTarget::of(&reference),
        reference,
        note: row.get("note")?,
        created_at: Timestamp(row.get("created_at")?),
    })
}

struct Conditions {
    text: String,
    args: Vec<Value>,
}

impl Conditions {
    async fn of(service: &Service, user_id: i64, filter: &EntryFilter) -> Result<Self> {
        if filter.end.zip(filter.start).is_some_and(|(end, start)| end <= start) {
            return Err(Error::invalid("end", "The range must end after it starts."));
        }
        let mut conditions = Conditions { text: "user_id = $1".to_owned(), args: vec![user_id.into()] };
        let rare = matches!(filter.kind, Some(EntryKind::Refund | EntryKind::Recharge | EntryKind::ReverseRecharge));
        if let Some(kind) = filter.kind {
            conditions.text.push_str(&format!(" AND kind = '{}'", kind.as_str()));
        }
        if rare {
            conditions.text.push_str(&format!(" AND {RARE}"));
        }
        // Entries are found by number, and times rise with the numbers but for a little: a search by halves stands in for an index.
        if let Some(start) = filter.start {
            conditions.add("created_at >=", start);
            if !rare && filter.q.is_none() {
                conditions.add("id >=", first_from(service, user_id, Timestamp(start.0 - DISORDER_MS)).await?);
            }
        }
        if let Some(end) = filter.end {
            conditions.add("created_at <", end);
            if !rare && filter.q.is_none() {
                conditions.add("id <", first_from(service, user_id, Timestamp(end.0 + DISORDER_MS)).await?);
            }
        }
        if let Some(text) = filter.q.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            conditions.refer(text)?;
        }
        Ok(conditions)
    }

    fn add(&mut self, comparison: &str, value: impl Into<Value>) {
        self.args.push(value.into());
        self.text.push_str(&format!(" AND {comparison} ${}", self.args.len()));
    }

    /// Narrows to a reference and those that continue it: `task:7` is followed by `task:7:run:1:hold`, not by `task:71:run:1:hold`.
    fn refer(&mut self, text: &str) -> Result<()> {
        let reference = if text.bytes().all(|byte| byte.is_ascii_digit()) { format!("task:{text}") } else { text.to_owned() };
        let specific = reference.split_once(':').is_some_and(|(kind, rest)| !kind.is_empty() && !rest.is_empty());
        if !specific || reference.len() > 200 || reference.contains('\0') {
            return Err(Error::invalid("q", "Search for the number of a task, or for the beginning of a reference such as `task:7`."));
        }
        let at = self.args.len();
        self.args.extend([format!("{reference}:"), format!("{reference};"), reference].map(Value::from));
        // In a query of its own, so that the index of references is taken and not that of the user.
        self.text.push_str(&format!(
            " AND id IN (SELECT r.id FROM ledger_entries r WHERE r.reference >= ${} AND r.reference < ${}
                UNION ALL SELECT r.id FROM ledger_entries r WHERE r.reference = ${})",
            at + 1,
            at + 2,
            at + 3
        ));
        Ok(())
    }

    fn bind(&self, query: Query) -> Query {
        self.args.iter().cloned().fold(query, Query::bind)
    }
}

/// A number such that the user's entries below it are older than an instant.
async fn first_from(service: &Service, user_id: i64, at: Timestamp) -> Result<i64, DbError> {
    let newest = query("SELECT id FROM ledger_entries WHERE user_id = $1 ORDER BY id DESC LIMIT 1").bind(user_id);
    let (mut low, mut high) = (0, service.db.fetch_optional(newest).await?.map_or(Ok(0), |row| row.get::<i64>("id"))? + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        let next = query("SELECT id, created_at FROM ledger_entries WHERE user_id = $1 AND id >= $2 ORDER BY id LIMIT 1");
        match service.db.fetch_optional(next.bind(user_id).bind(middle)).await? {
            Some(row) if row.get::<i64>("created_at")? < at.0 => low = row.get::<i64>("id")? + 1,
            _ => high = middle,
        }
    }
    Ok(low)
}
