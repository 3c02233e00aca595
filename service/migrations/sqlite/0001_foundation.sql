-- Users, how they log in, and what they log in with.
CREATE TABLE users (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    username TEXT NOT NULL,
    username_key TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('user', 'admin')),
    enabled BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE sessions (
    id INTEGER NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    token_hash TEXT NOT NULL UNIQUE,
    address TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE api_keys (
    id INTEGER NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    prefix TEXT NOT NULL,
    secret_hash TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    allowed_addresses TEXT NOT NULL,
    allow_query BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    last_used_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX api_keys_user ON api_keys (user_id);

-- Failed log-ins by subject: `user:<name>` or `address:<address>`.
CREATE TABLE login_failures (
    subject TEXT NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    blocked_until BIGINT NOT NULL
);

CREATE TABLE settings (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- The catalog: definitions are JSON of the model's types. A channel's credential stands apart, so that it never leaves by an export.
CREATE TABLE rules (
    id INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    definition TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE channels (
    id INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    definition TEXT NOT NULL,
    credential TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE features (
    id INTEGER NOT NULL PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    rule_id BIGINT NOT NULL REFERENCES rules (id),
    definition TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- The hot tables from here on have no foreign keys: each would lock and read its parent row once more for every row of a batch.
-- `doctor` looks for orphans instead.

-- Points. The counters of tasks stand here because every batch that changes them has this row in hand anyway.
CREATE TABLE accounts (
    user_id INTEGER NOT NULL PRIMARY KEY REFERENCES users (id),
    available BIGINT NOT NULL CHECK (available >= 0),
    held BIGINT NOT NULL CHECK (held >= 0),
    task_seq BIGINT NOT NULL DEFAULT 0,
    tasks_total BIGINT NOT NULL DEFAULT 0,
    tasks_succeeded BIGINT NOT NULL DEFAULT 0,
    tasks_failed BIGINT NOT NULL DEFAULT 0,
    tasks_cancelled BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE holds (
    reference TEXT NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    captured BIGINT NOT NULL DEFAULT 0 CHECK (captured >= 0),
    released BIGINT NOT NULL DEFAULT 0 CHECK (released >= 0),
    refunded BIGINT NOT NULL DEFAULT 0 CHECK (refunded >= 0),
    created_at BIGINT NOT NULL,
    settled_at BIGINT,
    CONSTRAINT holds_settled_in_full CHECK (captured + released IN (0, amount)),
    CONSTRAINT holds_refunds_within_capture CHECK (refunded <= captured)
) WITHOUT ROWID;

CREATE TABLE ledger_entries (
    id INTEGER NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('hold', 'capture', 'release', 'refund', 'recharge', 'reverse_recharge')),
    points BIGINT NOT NULL CHECK (points > 0),
    available_delta BIGINT NOT NULL,
    held_delta BIGINT NOT NULL,
    system_delta BIGINT NOT NULL,
    available_after BIGINT NOT NULL CHECK (available_after >= 0),
    held_after BIGINT NOT NULL CHECK (held_after >= 0),
    reference TEXT NOT NULL UNIQUE,
    note TEXT NOT NULL,
    actor_id BIGINT,
    created_at BIGINT NOT NULL,
    CONSTRAINT ledger_entries_double_entry CHECK (available_delta + held_delta + system_delta = 0)
);
CREATE INDEX ledger_entries_user ON ledger_entries (user_id, id);

-- Tasks are written at submission and at settlement; while they live their state is in `queue`. Bodies stand last, so that lists do not read them.
CREATE TABLE tasks (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    public_id TEXT NOT NULL UNIQUE,
    user_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    feature_id BIGINT NOT NULL,
    rule_id BIGINT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('queued', 'succeeded', 'failed', 'cancelled')),
    run BIGINT NOT NULL,
    points BIGINT NOT NULL CHECK (points >= 0),
    price_kind TEXT NOT NULL,
    priority BIGINT NOT NULL,
    max_retries BIGINT,
    interval_seconds BIGINT,
    retry_count BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    progress BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    started_at BIGINT,
    finished_at BIGINT,
    name TEXT NOT NULL,
    category TEXT NOT NULL,
    feature_name TEXT NOT NULL,
    error TEXT NOT NULL,
    payload TEXT NOT NULL,
    headers TEXT NOT NULL,
    response TEXT
);
CREATE INDEX tasks_user ON tasks (user_id, id);
CREATE INDEX tasks_user_status ON tasks (user_id, status, id);

-- The life of a task that has not ended. `state`: 0 queued, 1 retry_wait, 2 waiting_upstream, 3 running, 4 waiting_upstream and being polled.
-- `bucket` puts priority, feature and user into one number, so that a loose scan finds who waits without reading every row.
CREATE TABLE queue (
    id INTEGER NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL,
    bucket BIGINT NOT NULL,
    state BIGINT NOT NULL CHECK (state BETWEEN 0 AND 4),
    lease BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    run_at BIGINT NOT NULL,
    run BIGINT NOT NULL,
    attempt BIGINT NOT NULL,
    attempt_open BOOLEAN NOT NULL,
    paid BOOLEAN NOT NULL,
    retries BIGINT NOT NULL,
    rescues BIGINT NOT NULL,
    progress BIGINT NOT NULL,
    node TEXT,
    channel_id BIGINT,
    upstream_id TEXT,
    started_at BIGINT,
    attempt_started_at BIGINT,
    updated_at BIGINT NOT NULL,
    error TEXT NOT NULL
);
CREATE INDEX queue_ready ON queue (bucket, id) WHERE state = 0;
CREATE INDEX queue_retry ON queue (run_at) WHERE state = 1;
CREATE INDEX queue_waiting ON queue (run_at) WHERE state = 2;
CREATE INDEX queue_claimed ON queue (id) WHERE state >= 3;

CREATE TABLE attempts (
    id INTEGER NOT NULL PRIMARY KEY,
    task_id BIGINT NOT NULL,
    attempt_no BIGINT NOT NULL,
    run BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    duration BIGINT NOT NULL,
    status_code BIGINT NOT NULL,
    error TEXT NOT NULL,
    response TEXT,
    UNIQUE (task_id, attempt_no)
);

-- First answers of requests with an idempotency key, kept for a day.
CREATE TABLE idempotency (
    user_id BIGINT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    task_id BIGINT NOT NULL,
    response TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_age ON idempotency (created_at);

-- Entries are never changed, a settled hold never changes but for refunds.
CREATE TRIGGER ledger_entries_no_update BEFORE UPDATE ON ledger_entries BEGIN SELECT RAISE(ABORT, 'ledger entries are append-only'); END;
CREATE TRIGGER ledger_entries_no_delete BEFORE DELETE ON ledger_entries BEGIN SELECT RAISE(ABORT, 'ledger entries are append-only'); END;
CREATE TRIGGER holds_terminal BEFORE UPDATE ON holds
WHEN (OLD.captured + OLD.released > 0 AND (NEW.captured <> OLD.captured OR NEW.released <> OLD.released))
    OR NEW.amount <> OLD.amount OR NEW.user_id <> OLD.user_id OR NEW.refunded < OLD.refunded
BEGIN SELECT RAISE(ABORT, 'a settled hold does not change'); END;
CREATE TRIGGER holds_no_delete BEFORE DELETE ON holds BEGIN SELECT RAISE(ABORT, 'holds are kept'); END;
