//! The writer: takes records from a bounded channel and stores them in batches. Nobody waits for it; when it cannot keep up, records are
//! dropped and counted.

use super::record::{Entry, Record};
use crate::db::{Db, DbError, Sql, Tx, query};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// Records that may wait.
const CAPACITY: usize = 4096;
/// Most records of one transaction.
const BATCH: usize = 256;
/// How long a batch waits for more: logs are read by people, and a fuller batch costs less.
const LINGER: Duration = Duration::from_millis(50);
/// Bodies above this many bytes are bound singly: inside the JSON of a batch they cost several times as much.
const INLINE_BYTES: usize = 4096;
/// Milliseconds of a quarter of an hour.
pub(super) const QUARTER_MS: i64 = 15 * 60_000;

enum Message {
    Record(Box<Record>),
    Flush(oneshot::Sender<()>),
}

/// The callers' end; cheap to clone.
#[derive(Clone)]
pub struct Recorder(mpsc::Sender<Message>);

impl Recorder {
    /// Starts the writer.
    pub fn start(db: &Db) -> Self {
        let (sender, receiver) = mpsc::channel(CAPACITY);
        tokio::spawn(run(db.clone(), receiver));
        Recorder(sender)
    }

    /// Hands a record over, or drops it.
    pub fn record(&self, record: Record) {
        if self.0.try_send(Message::Record(Box::new(record))).is_err() {
            dropped(1);
        }
    }

    /// Waits until everything that was handed over before is stored.
    pub async fn flush(&self) {
        let (done, stored) = oneshot::channel();
        if self.0.send(Message::Flush(done)).await.is_ok() {
            let _ = stored.await;
        }
    }
}

fn dropped(records: usize) {
    metrics::counter!("apirequestweb_request_logs_dropped_total").increment(records as u64);
}

async fn run(db: Db, mut receiver: mpsc::Receiver<Message>) {
    while let Some(first) = receiver.recv().await {
        let mut records = Vec::new();
        let mut flushed = Vec::new();
        take(first, &mut records, &mut flushed);
        let close = tokio::time::sleep(LINGER);
        tokio::pin!(close);
        while records.len() < BATCH && flushed.is_empty() {
            tokio::select! {
                message = receiver.recv() => match message {
                    Some(message) => take(message, &mut records, &mut flushed),
                    None => break,
                },
                () = &mut close => break,
            }
        }
        store(&db, records).await;
        for done in flushed {
            let _ = done.send(());
        }
    }
}

fn take(message: Message, records: &mut Vec<Record>, flushed: &mut Vec<oneshot::Sender<()>>) {
    match message {
        Message::Record(record) => records.push(*record),
        Message::Flush(done) => flushed.push(done),
    }
}

/// Stores a batch. A database that is away is tried again for a while; then the batch is dropped, so that newer records find room.
async fn store(db: &Db, records: Vec<Record>) {
    if records.is_empty() {
        return;
    }
    // Masking a few hundred bodies takes milliseconds, which other tasks of this thread should not wait for.
    let masked = tokio::task::spawn_blocking(move || records.into_iter().map(|record| (record.entry(), record)).collect::<Vec<_>>());
    let Ok(rows) = masked.await else {
        tracing::error!("masking request logs panicked");
        return;
    };
    let mut pause = Duration::from_millis(100);
    loop {
        match insert(db, &rows).await {
            Ok(()) => return,
            Err(error) if error.is_unavailable() && pause < Duration::from_secs(3) => {
                tracing::warn!(%error, "request logs wait for their database");
                tokio::time::sleep(pause).await;
                pause *= 2;
            }
            Err(error) => {
                tracing::error!(%error, records = rows.len(), "request logs were dropped");
                dropped(rows.len());
                return;
            }
        }
    }
}

#[derive(Serialize)]
struct Row<'a> {
    n: usize,
    user_id: i64,
    key_id: Option<i64>,
    created_at: i64,
    rule_id: Option<i64>,
    status_code: u16,
    status_class: u16,
    duration: i64,
    consume_points: i64,
    bytes: i64,
    method: &'a str,
    path: &'a str,
    remote_addr: &'a str,
    call_id: &'a str,
    request_id: &'a str,
    rule_name: &'a str,
    raw_query: &'a str,
    error: &'a str,
}

// Numbers are given in the order of `n`, so the sorted numbers belong to the rows in their order.
static ROWS: LazyLock<Sql> = LazyLock::new(|| {
    let text = "INSERT INTO request_logs (user_id, key_id, created_at, rule_id, status_code, status_class, duration, consume_points, bytes, method,
             path, remote_addr, call_id, request_id, rule_name, raw_query, error)
         SELECT x.user_id, x.key_id, x.created_at, x.rule_id, x.status_code, x.status_class, x.duration, x.consume_points, x.bytes, x.method,
             x.path, x.remote_addr, x.call_id, x.request_id, x.rule_name, x.raw_query, x.error
         FROM {rows} WHERE true ORDER BY x.n RETURNING id";
    Sql::batch(
        text,
        "n bigint, user_id bigint, key_id bigint, created_at bigint, rule_id bigint, status_code bigint, status_class bigint, duration bigint, consume_points bigint, bytes bigint, method text, path text, remote_addr text, call_id text, request_id text, rule_name text, raw_query text, error text",
    )
});

#[derive(Serialize)]
struct BodyRow<'a> {
    log_id: i64,
    request_body: &'a str,
    response_body: &'a str,
}

static BODIES: LazyLock<Sql> = LazyLock::new(|| {
    Sql::batch(
        "INSERT INTO request_log_bodies (log_id, request_body, response_body) SELECT x.log_id, x.request_body, x.response_body FROM {rows}",
        "log_id bigint, request_body text, response_body text",
    )
});

#[derive(Serialize, Default)]
pub(super) struct Total {
    pub user_id: i64,
    pub logs: i64,
    pub bytes: i64,
}

pub(super) static TOTALS: LazyLock<Sql> = LazyLock::new(|| {
    Sql::batch(
        "INSERT INTO request_log_totals (user_id, logs, bytes) SELECT x.user_id, x.logs, x.bytes FROM {rows} WHERE true ORDER BY x.user_id
         ON CONFLICT (user_id) DO UPDATE SET logs = request_log_totals.logs + excluded.logs, bytes = request_log_totals.bytes + excluded.bytes",
        "user_id bigint, logs bigint, bytes bigint",
    )
});

#[derive(Serialize)]
struct Usage<'a> {
    user_id: i64,
    quarter: i64,
    api_id: i64,
    api_name: &'a str,
    calls: i64,
    succeeded: i64,
    points: i64,
}

static USAGE: LazyLock<Sql> = LazyLock::new(|| {
    Sql::batch(
        "INSERT INTO api_usage (user_id, quarter, api_id, api_name, calls, succeeded, points)
         SELECT x.user_id, x.quarter, x.api_id, x.api_name, x.calls, x.succeeded, x.points FROM {rows} WHERE true
         ORDER BY x.user_id, x.quarter, x.api_id
         ON CONFLICT (user_id, quarter, api_id) DO UPDATE SET api_name = excluded.api_name, calls = api_usage.calls + excluded.calls,
             succeeded = api_usage.succeeded + excluded.succeeded, points = api_usage.points + excluded.points",
        "user_id bigint, quarter bigint, api_id bigint, api_name text, calls bigint, succeeded bigint, points bigint",
    )
});

async fn insert(db: &Db, rows: &[(Entry, Record)]) -> Result<(), DbError> {
    let mut tx = db.tx().await?;
    let lines: Vec<_> = rows.iter().enumerate().map(|(n, (entry, record))| row(n, entry, record)).collect();
    let mut ids = Vec::with_capacity(rows.len());
    for row in tx.fetch_all(query(&*ROWS).rows(&lines)).await? {
        ids.push(row.get::<i64>(0)?);
    }
    ids.sort_unstable();
    insert_bodies(&mut tx, rows, &ids).await?;
    tx.execute(query(&*TOTALS).rows(&totals(rows))).await?;
    let usage = usage(rows);
    if !usage.is_empty() {
        tx.execute(query(&*USAGE).rows(&usage)).await?;
    }
    tx.commit().await
}

fn row<'a>(n: usize, entry: &'a Entry, record: &'a Record) -> Row<'a> {
    Row {
        n,
        user_id: record.user_id,
        key_id: record.key_id,
        created_at: record.at.0,
        rule_id: record.facts.rule.as_ref().map(|(id, _)| *id),
        status_code: record.status,
        status_class: record.status / 100,
        duration: record.duration,
        consume_points: record.facts.points,
        bytes: entry.bytes,
        method: &record.method,
        path: &entry.path,
        remote_addr: &record.address,
        call_id: &record.facts.call_id,
        request_id: &record.request_id,
        rule_name: record.facts.rule.as_ref().map_or("", |(_, name)| name),
        raw_query: &entry.query,
        error: &entry.error,
    }
}

async fn insert_bodies(tx: &mut Tx, rows: &[(Entry, Record)], ids: &[i64]) -> Result<(), DbError> {
    let large = |entry: &Entry| entry.request.len() + entry.response.len() > INLINE_BYTES;
    let mut small = Vec::with_capacity(rows.len());
    for ((entry, _), id) in rows.iter().zip(ids) {
        if entry.request.is_empty() && entry.response.is_empty() {
            continue;
        }
        if large(entry) {
            let one = query("INSERT INTO request_log_bodies (log_id, request_body, response_body) VALUES ($1, $2, $3)");
            tx.execute(one.bind(*id).bind(&entry.request).bind(&entry.response)).await?;
        } else {
            small.push(BodyRow { log_id: *id, request_body: &entry.request, response_body: &entry.response });
        }
    }
    if !small.is_empty() {
        tx.execute(query(&*BODIES).rows(&small)).await?;
    }
    Ok(())
}

fn totals(rows: &[(Entry, Record)]) -> Vec<Total> {
    let mut totals: BTreeMap<i64, Total> = BTreeMap::new();
    for (entry, record) in rows {
        let total = totals.entry(record.user_id).or_insert(Total { user_id: record.user_id, ..Total::default() });
        total.logs += 1;
        total.bytes += entry.bytes;
    }
    totals.into_values().collect()
}

fn usage(rows: &[(Entry, Record)]) -> Vec<Usage<'_>> {
    let mut found: BTreeMap<(i64, i64, i64), Usage<'_>> = BTreeMap::new();
    for (_, record) in rows {
        let Some((api_id, api_name)) = &record.facts.api else { continue };
        let (user_id, quarter) = (record.user_id, record.at.0.div_euclid(QUARTER_MS));
        let usage = found.entry((user_id, quarter, *api_id)).or_insert(Usage {
            user_id,
            quarter,
            api_id: *api_id,
            api_name,
            calls: 0,
            succeeded: 0,
            points: 0,
        });
        usage.calls += 1;
        usage.succeeded += i64::from(record.facts.error.is_none() && record.error.is_empty());
        usage.points += record.facts.points;
    }
    found.into_values().collect()
}
