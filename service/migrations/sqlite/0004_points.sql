-- What each account used, by quarter of an hour: the borders of days lie on one in every time zone. The books of points write it in the transaction
-- of the movement, so it is never behind; a closed quarter never changes.
--
-- `kind` says what `subject_id` numbers. `feature`: `begun` runs, their ends, `points` captured. `custom_api`: `begun` calls, likewise.
-- `task_time` and `call_time`: `begun` ends whose duration fell into the class `subject_id` of `model::dashboard::TIME_CLASSES`.
-- `release`, `refund`, `recharge`, `reverse_recharge`: `begun` entries with `points` in all; their `subject_id` is 0.
-- The order of the key is another on the other engine: see `service/src/dashboard/read.rs`.
CREATE TABLE usage_slots (
    user_id BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('feature', 'custom_api', 'task_time', 'call_time', 'release', 'refund', 'recharge', 'reverse_recharge')),
    subject_id BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    begun BIGINT NOT NULL,
    succeeded BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    cancelled BIGINT NOT NULL,
    points BIGINT NOT NULL,
    PRIMARY KEY (user_id, kind, subject_id, slot)
) WITHOUT ROWID;

-- What there was before.
INSERT INTO usage_slots (user_id, kind, subject_id, slot, begun, succeeded, failed, cancelled, points)
SELECT user_id, kind, subject_id, slot, SUM(begun), SUM(succeeded), SUM(failed), SUM(cancelled), SUM(points) FROM (
    SELECT user_id, 'feature' AS kind, feature_id AS subject_id, created_at - created_at % 900000 AS slot, 1 AS begun, 0 AS succeeded, 0 AS failed, 0 AS cancelled, 0 AS points
    FROM tasks
    UNION ALL
    SELECT user_id, 'feature', feature_id, finished_at - finished_at % 900000, 0, status = 'succeeded', status = 'failed', status = 'cancelled', 0
    FROM tasks WHERE finished_at IS NOT NULL
    UNION ALL
    SELECT e.user_id, 'feature', COALESCE((SELECT t.feature_id FROM tasks t
        WHERE t.id = CAST(substr(e.reference, 6, instr(substr(e.reference, 6), ':') - 1) AS INTEGER)), 0),
        e.created_at - e.created_at % 900000, 0, 0, 0, 0, e.points
    FROM ledger_entries e WHERE e.kind = 'capture' AND e.reference LIKE 'task:%'
    UNION ALL
    SELECT user_id, kind, 0, created_at - created_at % 900000, 1, 0, 0, 0, points
    FROM ledger_entries WHERE kind IN ('release', 'refund', 'recharge', 'reverse_recharge')
) AS rows GROUP BY user_id, kind, subject_id, slot;

-- Rare kinds of entries, among the many of tasks.
CREATE INDEX ledger_entries_rare ON ledger_entries (user_id, id) WHERE kind IN ('refund', 'recharge', 'reverse_recharge');
CREATE INDEX ledger_entries_by_hand ON ledger_entries (id) WHERE kind IN ('recharge', 'reverse_recharge');

-- Under how many available points the owner wants to be told; 0 for never.
ALTER TABLE accounts ADD COLUMN low_balance BIGINT NOT NULL DEFAULT 0;

-- Codes that add points. The code itself is not here: a digest, and the characters by which people tell codes apart.
CREATE TABLE redemption_codes (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    batch TEXT NOT NULL,
    prefix TEXT NOT NULL,
    code_hash TEXT NOT NULL UNIQUE,
    points BIGINT NOT NULL CHECK (points > 0),
    uses BIGINT NOT NULL CHECK (uses > 0),
    used BIGINT NOT NULL DEFAULT 0,
    note TEXT NOT NULL,
    expires_at BIGINT,
    disabled_at BIGINT,
    created_by BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    CONSTRAINT redemption_codes_limit CHECK (used <= uses)
);
CREATE INDEX redemption_codes_batch ON redemption_codes (batch, id);

-- Who redeemed which code: once each.
CREATE TABLE redemptions (
    code_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (code_id, user_id)
) WITHOUT ROWID;
