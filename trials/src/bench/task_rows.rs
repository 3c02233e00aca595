//! Ended tasks in great number, written straight into a database: what an installation has after a while.

use super::store::Store;
use crate::Outcome;
use model::time::Timestamp;

/// When the first of them was submitted; one follows each second.
pub const FIRST: Timestamp = Timestamp(1_767_225_600_000);
/// A word that is in one of 100,000 names.
pub const RARE: &str = "aurora";

/// When the last of so many was submitted.
pub fn last(tasks: i64) -> Timestamp {
    Timestamp(FIRST.0 + tasks * 1000)
}

/// The tasks of the first user, who has nine of ten, and those of the other 15. Two in a thousand are still queued; they cost nothing, so that
/// no points need to be held for them.
const TASK_ROWS: &str = "INSERT INTO tasks (id, public_id, user_id, seq, feature_id, rule_id, status, run, points, price_kind, priority, retry_count, attempts,
        progress, created_at, updated_at, started_at, finished_at, name, category, feature_name, error, payload, headers, response, channel_id)
    WITH RECURSIVE numbers (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM numbers WHERE i < TASKS),
    drawn AS (SELECT i, i * 7919 % 1000 AS r FROM numbers)
    SELECT i, PUBLIC_ID, CASE WHEN i % 10 <> 0 THEN 1 ELSE 2 + i / 10 % 15 END, CASE WHEN i % 10 <> 0 THEN i - i / 10 ELSE i / 150 + 1 END, 1 + i % 2, 1 + i % 2,
        CASE WHEN r < 750 THEN 'succeeded' WHEN r < 930 THEN 'failed' WHEN r < 998 THEN 'cancelled' ELSE 'queued' END,
        1, 0, 'per_success', 1, r % 4, CASE WHEN r < 998 THEN 1 + r % 4 ELSE 0 END, CASE WHEN r < 750 THEN 100 ELSE 0 END, FIRST + i * 1000, FIRST + i * 1000 + r * 3,
        CASE WHEN r < 998 THEN FIRST + i * 1000 + r END, CASE WHEN r < 998 THEN FIRST + i * 1000 + r * 3 END,
        CASE i % 7 WHEN 0 THEN 'song ' WHEN 1 THEN 'picture ' WHEN 2 THEN 'film ' WHEN 3 THEN 'letter ' WHEN 4 THEN 'map ' WHEN 5 THEN 'poem ' ELSE 'report ' END
            || i || CASE WHEN i % 100000 = 7 THEN ' RARE' ELSE '' END,
        'category ' || (i % 12), 'fast', CASE WHEN r >= 750 AND r < 930 THEN 'The upstream answered with status 500.' ELSE '' END,
        '{\"prompt\":\"a song about rain, number ' || i || '\"}', '{}',
        CASE WHEN r < 750 THEN '{\"ok\":true,\"result\":{\"url\":\"https://files.example.com/results/' || i || '.mp3\",\"seconds\":183,\"title\":\"Rain on the roof\",\"model\":\"v4\"}}' END,
        CASE WHEN r < 998 THEN 1 END
    FROM drawn";

/// What these tasks would have counted, and 50,000 calls of five custom APIs a day beside them: the sums of the dashboard do not read the tasks.
const USAGE_ROWS: &str = "INSERT INTO usage_slots (user_id, kind, subject_id, slot, begun, succeeded, failed, cancelled, points)
    SELECT user_id, 'feature', feature_id, created_at - created_at % 900000, COUNT(*), SUM(CASE WHEN status = 'succeeded' THEN 1 ELSE 0 END),
        SUM(CASE WHEN status = 'failed' THEN 1 ELSE 0 END), SUM(CASE WHEN status = 'cancelled' THEN 1 ELSE 0 END), 0
    FROM tasks GROUP BY 1, 3, 4
    UNION ALL
    SELECT user_id, 'task_time', (finished_at - started_at) / 200, created_at - created_at % 900000, COUNT(*), 0, 0, 0, 0
    FROM tasks WHERE finished_at IS NOT NULL GROUP BY 1, 3, 4
    UNION ALL
    SELECT user_id, 'custom_api', 1 + seq % 5, created_at - created_at % 900000, COUNT(*) * 10, COUNT(*) * 9, COUNT(*), 0, COUNT(*) * 30
    FROM tasks GROUP BY 1, 3, 4";

const QUEUE_ROWS: &str = "INSERT INTO queue (id, user_id, bucket, state, lease, lease_until, run_at, run, attempt, attempt_open, paid, retries, rescues, progress, updated_at, error)
    SELECT id, user_id, (CAST(1 AS BIGINT) << 60) | (feature_id << 32) | user_id, 0, 0, 0, created_at, 1, 0, false, false, 0, 0, 0, created_at, ''
    FROM tasks WHERE status = 'queued'";

const COUNTERS: &str = "UPDATE accounts SET task_seq = n.last, tasks_total = n.total, tasks_succeeded = n.succeeded, tasks_failed = n.failed, tasks_cancelled = n.cancelled
    FROM (SELECT user_id, max(seq) AS last, count(*) AS total, sum(CASE status WHEN 'succeeded' THEN 1 ELSE 0 END) AS succeeded, sum(CASE status WHEN 'failed' THEN 1 ELSE 0 END) AS failed,
            sum(CASE status WHEN 'cancelled' THEN 1 ELSE 0 END) AS cancelled FROM tasks GROUP BY user_id) AS n
    WHERE n.user_id = accounts.user_id";

/// Writes so many tasks into a database that has the product's schema and users with the numbers 1 to 16, and that nobody has open.
pub async fn fill(store: &Store, database: &str, tasks: i64) -> Outcome {
    let public_id = if store.is_postgres() { "'task_' || md5(i::text)" } else { "'task_' || lower(hex(randomblob(16)))" };
    let words =
        [("TASKS", tasks.to_string()), ("PUBLIC_ID", public_id.to_owned()), ("FIRST", FIRST.0.to_string()), ("RARE", RARE.to_owned())];
    let tasks = words.iter().fold(TASK_ROWS.to_owned(), |text, (word, value)| text.replace(word, value));
    store.fill(database, vec![tasks, USAGE_ROWS.to_owned(), QUEUE_ROWS.to_owned(), COUNTERS.to_owned()]).await
}
