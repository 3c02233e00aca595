//! Request logs in great number, written straight into a database: nine of ten of the first user, the rest of the other 15.

use super::store::Store;
use super::task_rows::FIRST;
use crate::Outcome;
use model::time::Timestamp;

/// The address that one of 500,000 requests came from.
pub const RARE_ADDRESS: &str = "192.0.2.7";
/// How many more keys each user has used: their numbers are the user's own plus 100, 200 and 300.
pub const MORE_KEYS: i64 = 3;

/// The records, in the order in which they came. Three of four come in the second half of their day. `what` is what was called: the custom APIs
/// weather, translate, stocks, convert and holidays, whose rules have the numbers 1 to 5, and the endpoints of tasks, where 6 is the rule of a
/// submission. The factors are odd, so that neighbours are unlike, and differ, so that one column says nothing about another.
const ROWS: &str = "INSERT INTO request_logs (user_id, key_id, created_at, rule_id, status_code, status_class, duration, consume_points, bytes, method, path,
        remote_addr, call_id, request_id, rule_name, raw_query, error)
    WITH RECURSIVE numbers (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM numbers WHERE i < ROWS),
    drawn AS (SELECT i, i % DAILY AS today, i * 2654435761 % 4294967296 / 4096 AS a, i * 2246822519 % 4294967296 / 4096 AS b, i * 3266489917 % 4294967296 / 4096 AS c
        FROM numbers),
    placed AS (SELECT i, a, b, c, a % 1000 AS what, CASE WHEN i % 10 <> 0 THEN 1 ELSE 2 + i / 10 % 15 END AS user_id,
            FIRST + i / DAILY * 86400000 + CASE WHEN today * 4 < DAILY THEN today * 172800000 / DAILY ELSE 43200000 + (today * 4 - DAILY) * 14400000 / DAILY END AS created_at,
            CASE WHEN b % 1000 < 880 THEN 200 WHEN b % 1000 < 900 THEN 404 WHEN b % 1000 < 930 THEN 422 WHEN b % 1000 < 950 THEN 429 WHEN b % 1000 < 980 THEN 502 ELSE 503 END AS status
        FROM drawn)
    SELECT user_id, CASE WHEN c % 10 < 2 THEN NULL WHEN c % 10 < 7 THEN user_id ELSE user_id + 100 * (c % 10 - 6) END, created_at,
        CASE WHEN what < 400 THEN 1 WHEN what < 600 THEN 2 WHEN what < 680 THEN 3 WHEN what < 760 THEN 4 WHEN what < 770 THEN 5 WHEN what >= 920 AND what < 980 THEN 6 END,
        status, status / 100, 5 + b % 400, CASE WHEN status = 200 AND (what < 770 OR what >= 920 AND what < 980) THEN 3 ELSE 0 END, 600,
        CASE WHEN what >= 400 AND what < 600 OR what >= 680 AND what < 760 OR what >= 920 AND what < 980 THEN 'POST' WHEN what < 980 THEN 'GET' WHEN what < 995 THEN 'PATCH' ELSE 'DELETE' END,
        CASE WHEN what < 400 THEN '/api/weather/city-' || (b % 40) WHEN what < 600 THEN '/api/translate' WHEN what < 680 THEN '/api/stocks/' || (b % 500)
            WHEN what < 760 THEN '/api/convert' WHEN what < 770 THEN '/api/holidays' WHEN what >= 920 AND what < 980 THEN '/api/features/1/tasks' ELSE '/api/tasks/' || (i / 5) END,
        CASE WHEN i % 500000 = 7 THEN 'RARE_ADDRESS' WHEN c % 100 < 70 THEN '203.0.113.' || (a % 20) WHEN c % 100 < 98 THEN '198.51.100.' || (a % 250)
            ELSE '10.' || (c % 200) || '.' || (b % 250) || '.' || (a % 250) END,
        CASE WHEN what < 770 THEN created_at || '-1-' || HEX ELSE '' END, 'req_' || HEX,
        CASE WHEN what < 400 THEN 'weather' WHEN what < 600 THEN 'translate' WHEN what < 680 THEN 'stocks' WHEN what < 760 THEN 'convert' WHEN what < 770 THEN 'holidays'
            WHEN what >= 920 AND what < 980 THEN 'song' ELSE '' END,
        CASE WHEN what < 400 THEN 'days=' || (1 + a % 7) ELSE '' END, CASE WHEN status = 200 THEN '' WHEN status < 500 THEN 'The call was refused.' ELSE 'The upstream failed.' END
    FROM placed ORDER BY i";

/// Bodies are as large as those of small calls, secrets masked as the writer masks them.
const BODY_ROWS: &str = "INSERT INTO request_log_bodies (log_id, request_body, response_body)
    SELECT id, CASE method WHEN 'POST' THEN '{\"text\":\"a song about rain, number ' || id || '\",\"secret\":\"***\"}' ELSE '' END, '{\"ok\":true,\"number\":' || id || '}'
    FROM request_logs";

const TOTAL_ROWS: &str =
    "INSERT INTO request_log_totals (user_id, logs, bytes) SELECT user_id, COUNT(*), SUM(bytes) FROM request_logs GROUP BY user_id";

const USAGE_ROWS: &str = "INSERT INTO api_usage (user_id, quarter, api_id, api_name, calls, succeeded, points)
    SELECT user_id, created_at / 900000, rule_id, MAX(rule_name), COUNT(*), SUM(CASE status_class WHEN 2 THEN 1 ELSE 0 END), SUM(consume_points)
    FROM request_logs WHERE rule_id <= 5 GROUP BY user_id, created_at / 900000, rule_id";

/// Writes so many records, spread between the first task and an instant, into a database that has the product's schema and users
/// with the numbers 1 to 16, and that nobody has open.
pub async fn fill(store: &Store, database: &str, rows: i64, last: Timestamp) -> Outcome {
    let hex = if store.is_postgres() { "substr(md5(i::text), 1, 16)" } else { "lower(hex(randomblob(8)))" };
    // Whole days take the same number of rows, so the last of them may come some hours after the instant.
    let daily = (rows * 86_400_000 / (last.0 - FIRST.0)).max(1);
    let words = [
        ("ROWS", rows.to_string()),
        ("DAILY", daily.to_string()),
        ("FIRST", FIRST.0.to_string()),
        ("RARE_ADDRESS", RARE_ADDRESS.to_owned()),
        ("HEX", hex.to_owned()),
    ];
    let text = words.iter().fold(ROWS.to_owned(), |text, (word, value)| text.replace(word, value));
    store.fill(&store.logs(database), vec![text, BODY_ROWS.to_owned(), TOTAL_ROWS.to_owned(), USAGE_ROWS.to_owned()]).await
}
