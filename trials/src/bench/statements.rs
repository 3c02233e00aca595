//! What SQLite does on a bare connection: the rows that a billed task leaves, written by prepared statements, 128 tasks a commit.
//!
//! The schema is the product's and so are the pragmas; there is no queue in front, no other thread, no HTTP and no check of anything.

use rusqlite::{Connection, Result, Statement, params};
use std::path::Path;
use std::time::Instant;

/// Tasks of one commit.
pub const BATCH: usize = 128;

const PRAGMAS: &str =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; PRAGMA mmap_size = 268435456;
    PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON;";

const TASK: &str = "INSERT INTO tasks (id, public_id, user_id, seq, feature_id, rule_id, status, run, points, price_kind, priority, retry_count, attempts, progress,
    created_at, updated_at, name, category, feature_name, error, payload, headers)
    VALUES (?1, ?2, ?3, ?1, 1, 1, 'queued', 1, 3, 'per_success', 1, 0, 0, 0, ?4, ?4, 'bench', '', 'fast', '', ?5, '{}')";
const QUEUE: &str = "INSERT INTO queue (id, user_id, bucket, state, lease, lease_until, run_at, run, attempt, attempt_open, paid, retries, rescues, progress, updated_at, error)
    VALUES (?1, ?2, ?3, 0, 0, 0, ?4, 1, 0, 0, 0, 0, 0, 0, ?4, '')";
const HOLD: &str = "INSERT INTO holds (reference, user_id, amount, created_at) VALUES (?1, ?2, 3, ?3)";
const ENTRY: &str = "INSERT INTO ledger_entries (user_id, kind, points, available_delta, held_delta, system_delta, available_after, held_after, reference, note, created_at)
    VALUES (?1, ?2, 3, ?3, ?4, ?5, 1000, 1000, ?6, '', ?7)";
const HELD: &str = "UPDATE accounts SET available = available - 3, held = held + 3, task_seq = task_seq + 1, tasks_total = tasks_total + 1 WHERE user_id = ?1";
const CLAIM: &str =
    "UPDATE queue SET state = 3, lease = lease + 1, lease_until = ?2, node = 'node', attempt = attempt + 1, attempt_started_at = ?2,
    attempt_open = 1, started_at = ?2, updated_at = ?2 WHERE id = ?1 AND +state = 0 RETURNING id, run, lease, attempt";
const LEAVE: &str = "DELETE FROM queue WHERE id = ?1 AND run = 1 AND lease = 1 AND +state >= 3";
const END: &str = "UPDATE tasks SET status = 'succeeded', attempts = 1, progress = 100, started_at = ?2, finished_at = ?2, updated_at = ?2, response = '{\"ok\":true}'
    WHERE id = ?1";
const ATTEMPT: &str = "INSERT INTO attempts (task_id, attempt_no, run, created_at, duration, status_code, error, response)
    VALUES (?1, 1, 1, ?2, 1, 200, '', '{\"ok\":true}')";
const CAPTURE: &str = "UPDATE holds SET captured = 3, settled_at = ?2 WHERE reference = ?1 AND captured + released = 0";
const CAPTURED: &str = "UPDATE accounts SET held = held - 3, tasks_succeeded = tasks_succeeded + 1 WHERE user_id = ?1";

/// Lives of tasks a second, in a database that has the product's schema and users, and no tasks.
pub fn lives_per_second(database: &Path, tasks: usize) -> Result<f64> {
    let db = Connection::open(database)?;
    db.execute_batch(PRAGMAS)?;
    let users: Vec<i64> =
        db.prepare("SELECT user_id FROM accounts ORDER BY user_id")?.query_map([], |row| row.get(0))?.collect::<Result<_>>()?;
    let mut life = Life::prepare(&db)?;
    let begin = Instant::now();
    let ids: Vec<i64> = (1..).take(tasks).collect();
    for batch in ids.chunks(BATCH) {
        for step in [Step::Submit, Step::Claim, Step::Settle] {
            db.execute_batch("BEGIN IMMEDIATE")?;
            for id in batch {
                let user = users[usize::try_from(*id).unwrap_or(0) % users.len()];
                life.step(step, *id, user)?;
            }
            db.execute_batch("COMMIT")?;
        }
    }
    Ok(tasks as f64 / begin.elapsed().as_secs_f64())
}

/// What is done to a whole batch in one commit.
#[derive(Clone, Copy)]
enum Step {
    Submit,
    Claim,
    Settle,
}

/// The statements of a life.
struct Life<'a> {
    task: Statement<'a>,
    queue: Statement<'a>,
    hold: Statement<'a>,
    entry: Statement<'a>,
    held: Statement<'a>,
    claim: Statement<'a>,
    leave: Statement<'a>,
    end: Statement<'a>,
    attempt: Statement<'a>,
    capture: Statement<'a>,
    captured: Statement<'a>,
}

impl<'a> Life<'a> {
    fn prepare(db: &'a Connection) -> Result<Self> {
        Ok(Life {
            task: db.prepare(TASK)?,
            queue: db.prepare(QUEUE)?,
            hold: db.prepare(HOLD)?,
            entry: db.prepare(ENTRY)?,
            held: db.prepare(HELD)?,
            claim: db.prepare(CLAIM)?,
            leave: db.prepare(LEAVE)?,
            end: db.prepare(END)?,
            attempt: db.prepare(ATTEMPT)?,
            capture: db.prepare(CAPTURE)?,
            captured: db.prepare(CAPTURED)?,
        })
    }

    fn step(&mut self, step: Step, id: i64, user: i64) -> Result<()> {
        match step {
            Step::Submit => self.submit(id, user),
            Step::Claim => self.claim(id),
            Step::Settle => self.settle(id, user),
        }
    }

    fn submit(&mut self, id: i64, user: i64) -> Result<()> {
        let public: String = std::iter::repeat_with(fastrand::alphanumeric).take(32).collect();
        self.task.execute(params![id, format!("task_{public}"), user, id, format!("{{\"prompt\":\"a song about rain, number {id}\"}}")])?;
        self.queue.execute(params![id, user, 1_i64 << 60 | 1 << 32 | user, id])?;
        let reference = format!("task:{id}:run:1:hold");
        self.hold.execute(params![reference, user, id])?;
        self.entry.execute(params![user, "hold", -3, 3, 0, reference, id])?;
        self.held.execute([user])?;
        Ok(())
    }

    fn claim(&mut self, id: i64) -> Result<()> {
        self.claim.query_row([id, id], |row| row.get::<_, i64>(0))?;
        Ok(())
    }

    fn settle(&mut self, id: i64, user: i64) -> Result<()> {
        self.leave.execute([id])?;
        self.end.execute([id, id])?;
        self.attempt.execute([id, id])?;
        self.capture.execute(params![format!("task:{id}:run:1:hold"), id])?;
        self.entry.execute(params![user, "capture", 0, -3, 3, format!("task:{id}:run:1:capture"), id])?;
        self.captured.execute([user])?;
        Ok(())
    }
}
