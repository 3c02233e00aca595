//! The invariants of points, tasks and queue. Each is a query that finds the rows that break it; the schema holds many of them as constraints
//! and triggers as well, and is not believed here.

use crate::db::Sql;

/// How the rows of an invariant are walked: the query takes the bounds of a window as `$1` (excluded) and `$2` (included).
pub(super) enum Over {
    /// In one statement.
    Whole,
    /// By a number.
    Numbers { table: &'static str, column: &'static str, rows: i64 },
    /// By a text.
    Texts { table: &'static str, column: &'static str, rows: i64 },
}

/// Something that always holds.
pub(super) struct Invariant {
    pub name: &'static str,
    pub over: Over,
    /// Finds the rows that break it, as one column `reference`.
    pub sql: Sql,
}

const ACCOUNTS: Over = Over::Numbers { table: "accounts", column: "user_id", rows: 500 };
const ENTRIES: Over = Over::Numbers { table: "ledger_entries", column: "id", rows: 20_000 };
const HOLDS: Over = Over::Texts { table: "holds", column: "reference", rows: 10_000 };
const TASKS: Over = Over::Numbers { table: "tasks", column: "id", rows: 10_000 };
const QUEUE: Over = Over::Numbers { table: "queue", column: "id", rows: 10_000 };
const ATTEMPTS: Over = Over::Numbers { table: "attempts", column: "id", rows: 20_000 };

/// All invariants; I1 to I12 are those of the ledger.
pub(super) fn all() -> Vec<Invariant> {
    let both = |name, over, text: &'static str| Invariant { name, over, sql: Sql::Both(text) };
    vec![
        both("I1 no balance is negative", ACCOUNTS, I1),
        both("I2 balances are the sums of their entries", ACCOUNTS, I2),
        both("I3 all accounts sum to zero", Over::Whole, I3_SUM),
        both("I3 every entry moves points without making any", ENTRIES, I3_ENTRY),
        both("I3 every entry belongs to an account", ENTRIES, I3_OWNER),
        both("I4 every hold has its one entry", HOLDS, I4_HOLD),
        both("I4 every entry of a hold has its hold", ENTRIES, I4_ENTRY),
        both("I4 every paid run of a task has its hold", TASKS, I4_TASK),
        both("I5 a hold has one end at most", HOLDS, I5),
        both("I6 an ended hold ended in full, as its entries say", HOLDS, I6),
        both("I7 refunds never exceed what was captured", Over::Whole, I7),
        Invariant { name: "I8 entries and holds are guarded by triggers", over: Over::Whole, sql: Sql::per_engine(I8_SQLITE, I8_POSTGRES) },
        both("I9 an idempotency key is one request of one user", Over::Whole, I9),
        Invariant {
            name: "I10 every open hold belongs to a living run",
            over: Over::Whole,
            sql: Sql::per_engine(I10_SQLITE, I10_POSTGRES),
        },
        both("I10 every living run has the hold it needs", QUEUE, I10_RUN),
        both("I11 an ended task was captured or released once", TASKS, I11),
        Invariant { name: "I12 points are whole numbers", over: Over::Whole, sql: Sql::per_engine(I12_SQLITE, I12_POSTGRES) },
        both("I12 grants name who made them", ENTRIES, I12_ACTOR),
        both("every living task is in the queue", TASKS, LIVING),
        both("everything in the queue is a living task", QUEUE, QUEUED),
        both("every attempt belongs to a task", ATTEMPTS, ATTEMPT),
        both("counters of tasks are right", ACCOUNTS, COUNTERS),
        both("counts of webhooks are right", ACCOUNTS, WEBHOOKS),
        both("what a task chose to tell is its owner's", Over::Whole, CHOICE),
        both("what accounts used is what their entries say", ACCOUNTS, USAGE),
        both("every use of a redemption code has its redeemer", Over::Whole, REDEMPTIONS),
        both(
            "every user has an account of points",
            Over::Whole,
            "SELECT 'user ' || id AS reference FROM users WHERE id NOT IN (SELECT user_id FROM accounts)",
        ),
    ]
}

const I1: &str =
    "SELECT 'account ' || user_id AS reference FROM accounts WHERE user_id > $1 AND user_id <= $2 AND (available < 0 OR held < 0)";

const I2: &str = "SELECT 'account ' || a.user_id AS reference FROM accounts a
    LEFT JOIN (SELECT user_id, SUM(available_delta) AS available, SUM(held_delta) AS held FROM ledger_entries
               WHERE user_id > $1 AND user_id <= $2 GROUP BY user_id) e ON e.user_id = a.user_id
    WHERE a.user_id > $1 AND a.user_id <= $2 AND (a.available <> COALESCE(e.available, 0) OR a.held <> COALESCE(e.held, 0))";

const I3_SUM: &str = "SELECT 'all accounts' AS reference
    WHERE (SELECT COALESCE(SUM(available + held), 0) FROM accounts) + (SELECT COALESCE(SUM(system_delta), 0) FROM ledger_entries) <> 0";

const I3_ENTRY: &str = "SELECT e.reference FROM ledger_entries e
    WHERE e.id > $1 AND e.id <= $2 AND (e.available_delta + e.held_delta + e.system_delta <> 0
        OR e.available_delta <> CASE WHEN e.kind IN ('release', 'refund', 'recharge') THEN e.points WHEN e.kind IN ('hold', 'reverse_recharge') THEN -e.points ELSE 0 END
        OR e.held_delta <> CASE WHEN e.kind = 'hold' THEN e.points WHEN e.kind IN ('capture', 'release') THEN -e.points ELSE 0 END)";

const I3_OWNER: &str = "SELECT 'account ' || user_id AS reference FROM
    (SELECT user_id FROM ledger_entries WHERE id > $1 AND id <= $2 EXCEPT SELECT user_id FROM accounts) AS unknown";

// Looked up one by one: joined, PostgreSQL would read the other table once more for every window.
const I4_HOLD: &str = "SELECT h.reference FROM holds h WHERE h.reference > $1 AND h.reference <= $2
    AND COALESCE((SELECT e.user_id FROM ledger_entries e WHERE e.reference = h.reference AND e.kind = 'hold' AND e.points = h.amount), -1) <> h.user_id";

const I4_ENTRY: &str =
    "SELECT e.reference FROM ledger_entries e WHERE e.id > $1 AND e.id <= $2 AND e.kind IN ('hold', 'capture', 'release')
    AND COALESCE((SELECT h.user_id FROM holds h
                  WHERE h.reference = replace(replace(e.reference, ':capture', ':hold'), ':release', ':hold')), -1) <> e.user_id";

const I4_TASK: &str = "SELECT 'task ' || t.id AS reference FROM tasks t WHERE t.id > $1 AND t.id <= $2 AND t.points > 0
    AND COALESCE((SELECT h.user_id FROM holds h
                  WHERE h.reference = 'task:' || t.id || ':run:' || t.run || ':hold' AND h.amount = t.points), -1) <> t.user_id";

const I5: &str = "SELECT reference FROM holds WHERE reference > $1 AND reference <= $2
    AND ((captured > 0 AND released > 0) OR (settled_at IS NULL AND captured + released > 0) OR (settled_at IS NOT NULL AND captured + released = 0))";

const I6: &str =
    "SELECT h.reference FROM holds h WHERE h.reference > $1 AND h.reference <= $2 AND (h.captured + h.released NOT IN (0, h.amount)
    OR h.captured <> COALESCE((SELECT e.points FROM ledger_entries e WHERE e.reference = replace(h.reference, ':hold', ':capture')), 0)
    OR h.released <> COALESCE((SELECT e.points FROM ledger_entries e WHERE e.reference = replace(h.reference, ':hold', ':release')), 0))";

// The note of a refund is the reference of its hold.
const I7: &str = "SELECT h.reference FROM holds h
    LEFT JOIN (SELECT note, SUM(points) AS points FROM ledger_entries WHERE kind = 'refund' GROUP BY note) e ON e.note = h.reference
    WHERE h.refunded <> COALESCE(e.points, 0) OR h.refunded > h.captured
    UNION ALL
    SELECT e.reference FROM ledger_entries e WHERE e.kind = 'refund' AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.reference = e.note)";

const I8_SQLITE: &str =
    "SELECT name AS reference FROM (SELECT 'ledger_entries_no_update' AS name UNION ALL SELECT 'ledger_entries_no_delete'
        UNION ALL SELECT 'holds_terminal' UNION ALL SELECT 'holds_no_delete') AS wanted
    WHERE name NOT IN (SELECT name FROM sqlite_master WHERE type = 'trigger')";

const I8_POSTGRES: &str =
    "SELECT name AS reference FROM (SELECT 'ledger_entries_no_update' AS name UNION ALL SELECT 'ledger_entries_no_delete'
        UNION ALL SELECT 'holds_terminal' UNION ALL SELECT 'holds_no_delete') AS wanted
    WHERE name NOT IN (SELECT tgname::text FROM pg_trigger
        WHERE tgenabled <> 'D' AND NOT tgisinternal AND tgrelid IN ('ledger_entries'::regclass, 'holds'::regclass))";

const I9: &str = "SELECT 'a key of user ' || user_id AS reference FROM idempotency GROUP BY user_id, key HAVING COUNT(*) > 1
    UNION ALL
    SELECT 'task ' || t.id FROM idempotency i JOIN tasks t ON t.id = i.task_id WHERE t.user_id <> i.user_id";

// SQLite makes an index of what stands behind IN, PostgreSQL a hash of what is joined; each is quadratic the other way.
const I10_SQLITE: &str = "SELECT h.reference FROM holds h WHERE h.settled_at IS NULL AND h.reference >= 'task:' AND h.reference < 'task;'
    AND h.reference NOT IN (SELECT 'task:' || id || ':run:' || run || ':hold' FROM queue)";

const I10_POSTGRES: &str = "SELECT h.reference FROM holds h
    LEFT JOIN (SELECT 'task:' || id || ':run:' || run || ':hold' AS reference FROM queue) q ON q.reference = h.reference
    WHERE h.settled_at IS NULL AND h.reference >= 'task:' AND h.reference < 'task;' AND q.reference IS NULL";

const I10_RUN: &str = "SELECT 'task ' || q.id AS reference FROM queue q JOIN tasks t ON t.id = q.id
    LEFT JOIN holds h ON h.reference = 'task:' || q.id || ':run:' || q.run || ':hold'
    WHERE q.id > $1 AND q.id <= $2 AND t.points > 0
    AND (h.reference IS NULL OR (q.paid AND h.captured <> h.amount) OR (NOT q.paid AND h.captured + h.released > 0))";

const I11: &str = "SELECT 'task ' || id AS reference FROM (
        SELECT t.id, t.status, t.price_kind,
            (SELECT COUNT(*) FROM ledger_entries e WHERE e.reference = 'task:' || t.id || ':run:' || t.run || ':capture') AS captures,
            (SELECT COUNT(*) FROM ledger_entries e WHERE e.reference = 'task:' || t.id || ':run:' || t.run || ':release') AS releases
        FROM tasks t WHERE t.id > $1 AND t.id <= $2 AND t.status IN ('succeeded', 'failed', 'cancelled') AND t.points > 0) AS ended
    WHERE captures + releases <> 1 OR (status = 'succeeded' AND captures = 0) OR (status <> 'succeeded' AND price_kind = 'per_success' AND releases = 0)";

// SQLite keeps a fraction in a BIGINT column if somebody writes one.
const I12_SQLITE: &str = "SELECT 'account ' || user_id AS reference FROM accounts WHERE typeof(available) <> 'integer' OR typeof(held) <> 'integer'
    UNION ALL SELECT reference FROM ledger_entries
        WHERE typeof(points) <> 'integer' OR typeof(available_delta) <> 'integer' OR typeof(held_delta) <> 'integer' OR typeof(system_delta) <> 'integer'
    UNION ALL SELECT reference FROM holds
        WHERE typeof(amount) <> 'integer' OR typeof(captured) <> 'integer' OR typeof(released) <> 'integer' OR typeof(refunded) <> 'integer'";

const I12_POSTGRES: &str = "SELECT table_name || '.' || column_name AS reference FROM information_schema.columns
    WHERE table_schema = current_schema() AND data_type <> 'bigint' AND (table_name, column_name) IN (('accounts', 'available'), ('accounts', 'held'),
        ('ledger_entries', 'points'), ('ledger_entries', 'available_delta'), ('ledger_entries', 'held_delta'), ('ledger_entries', 'system_delta'),
        ('holds', 'amount'), ('holds', 'captured'), ('holds', 'released'), ('holds', 'refunded'))";

const I12_ACTOR: &str =
    "SELECT reference FROM ledger_entries WHERE id > $1 AND id <= $2 AND kind IN ('recharge', 'reverse_recharge') AND actor_id IS NULL";

const LIVING: &str = "SELECT 'task ' || t.id AS reference FROM tasks t LEFT JOIN queue q ON q.id = t.id
    WHERE t.id > $1 AND t.id <= $2 AND t.status = 'queued' AND q.id IS NULL";

const QUEUED: &str = "SELECT 'task ' || q.id AS reference FROM queue q LEFT JOIN tasks t ON t.id = q.id
    WHERE q.id > $1 AND q.id <= $2 AND (t.id IS NULL OR t.status <> 'queued' OR t.run <> q.run OR t.user_id <> q.user_id)";

const ATTEMPT: &str =
    "SELECT 'attempt ' || a.id || ' of task ' || a.task_id AS reference FROM attempts a LEFT JOIN tasks t ON t.id = a.task_id
    WHERE a.id > $1 AND a.id <= $2 AND t.id IS NULL";

const COUNTERS: &str = "SELECT 'account ' || a.user_id AS reference FROM accounts a
    LEFT JOIN (SELECT user_id, COUNT(*) AS total, MAX(seq) AS seq,
                   SUM(CASE WHEN status = 'succeeded' THEN 1 ELSE 0 END) AS succeeded,
                   SUM(CASE WHEN status = 'failed' THEN 1 ELSE 0 END) AS failed,
                   SUM(CASE WHEN status = 'cancelled' THEN 1 ELSE 0 END) AS cancelled
               FROM tasks WHERE user_id > $1 AND user_id <= $2 GROUP BY user_id) t ON t.user_id = a.user_id
    WHERE a.user_id > $1 AND a.user_id <= $2
    AND (a.tasks_total <> COALESCE(t.total, 0) OR a.tasks_succeeded <> COALESCE(t.succeeded, 0) OR a.tasks_failed <> COALESCE(t.failed, 0)
        OR a.tasks_cancelled <> COALESCE(t.cancelled, 0) OR a.task_seq < COALESCE(t.seq, 0))";

const WEBHOOKS: &str = "SELECT 'account ' || a.user_id AS reference FROM accounts a WHERE a.user_id > $1 AND a.user_id <= $2
    AND a.webhooks <> (SELECT COUNT(*) FROM webhooks w WHERE w.user_id = a.user_id AND w.enabled)";

// A webhook that was deleted while a task was submitted leaves a choice of nothing, which tells nobody.
const CHOICE: &str = "SELECT 'task ' || c.task_id AS reference FROM task_webhooks c LEFT JOIN tasks t ON t.id = c.task_id
    LEFT JOIN webhooks w ON w.id = c.webhook_id WHERE t.id IS NULL OR w.user_id <> t.user_id";
const USAGE: &str = "SELECT 'account ' || a.user_id AS reference FROM accounts a
    LEFT JOIN (SELECT user_id,
                   SUM(CASE WHEN kind = 'capture' AND ((reference >= 'task:' AND reference < 'task;') OR (reference >= 'call:' AND reference < 'call;')) THEN points ELSE 0 END) AS captured,
                   SUM(CASE WHEN kind IN ('release', 'refund', 'recharge', 'reverse_recharge') THEN points ELSE 0 END) AS moved
               FROM ledger_entries WHERE user_id > $1 AND user_id <= $2 GROUP BY user_id) e ON e.user_id = a.user_id
    LEFT JOIN (SELECT user_id, SUM(CASE WHEN kind IN ('feature', 'custom_api') THEN points ELSE 0 END) AS captured,
                   SUM(CASE WHEN kind IN ('release', 'refund', 'recharge', 'reverse_recharge') THEN points ELSE 0 END) AS moved
               FROM usage_slots WHERE user_id > $1 AND user_id <= $2 GROUP BY user_id) u ON u.user_id = a.user_id
    WHERE a.user_id > $1 AND a.user_id <= $2
    AND (COALESCE(e.captured, 0) <> COALESCE(u.captured, 0) OR COALESCE(e.moved, 0) <> COALESCE(u.moved, 0))";

const REDEMPTIONS: &str = "SELECT 'redemption code ' || c.id AS reference FROM redemption_codes c
    LEFT JOIN (SELECT code_id, COUNT(*) AS n FROM redemptions GROUP BY code_id) r ON r.code_id = c.id WHERE c.used <> COALESCE(r.n, 0)";
