-- Webhooks, the outbox of their deliveries, and the second factor of log-ins.

-- How many of a user's webhooks are switched on. It stands beside the points because whatever ends a task has this row in hand anyway: users
-- without webhooks cost nothing.
ALTER TABLE accounts ADD COLUMN webhooks BIGINT NOT NULL DEFAULT 0;

-- `secret` and `headers` hold secrets that are needed as they are, so they cannot be digests; no answer, log or export holds them.
CREATE TABLE webhooks (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    url TEXT NOT NULL,
    events TEXT NOT NULL,
    all_tasks BOOLEAN NOT NULL,
    language TEXT NOT NULL,
    headers TEXT NOT NULL,
    secret TEXT,
    old_secret TEXT,
    old_secret_until BIGINT,
    enabled BOOLEAN NOT NULL,
    disabled_reason TEXT,
    failing_since BIGINT,
    paused_until BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX webhooks_user ON webhooks (user_id, id);

-- Which webhooks a task chose.
CREATE TABLE task_webhooks (
    task_id BIGINT NOT NULL,
    webhook_id BIGINT NOT NULL,
    PRIMARY KEY (task_id, webhook_id)
) WITHOUT ROWID;
CREATE INDEX task_webhooks_webhook ON task_webhooks (webhook_id);

-- `state`: 0 pending, 1 sending, 2 delivered, 3 failed. `tries` counts the attempts since the event or since it was last sent again.
CREATE TABLE webhook_deliveries (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    message_id TEXT NOT NULL UNIQUE,
    webhook_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    event TEXT NOT NULL,
    event_key TEXT NOT NULL,
    task_id BIGINT,
    state BIGINT NOT NULL CHECK (state BETWEEN 0 AND 3),
    lease BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    status_code BIGINT NOT NULL,
    error TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    finished_at BIGINT,
    body TEXT NOT NULL,
    UNIQUE (webhook_id, event_key)
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_at) WHERE state = 0;
CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (webhook_id, next_at) WHERE state = 0;
CREATE INDEX webhook_deliveries_sending ON webhook_deliveries (lease_until) WHERE state = 1;
CREATE INDEX webhook_deliveries_webhook ON webhook_deliveries (webhook_id, id);
CREATE INDEX webhook_deliveries_user ON webhook_deliveries (user_id, id);
CREATE INDEX webhook_deliveries_age ON webhook_deliveries (finished_at) WHERE state >= 2;

CREATE TABLE webhook_attempts (
    id INTEGER NOT NULL PRIMARY KEY,
    delivery_id BIGINT NOT NULL,
    attempt_no BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    duration BIGINT NOT NULL,
    status_code BIGINT NOT NULL,
    error TEXT NOT NULL,
    response TEXT NOT NULL,
    UNIQUE (delivery_id, attempt_no)
);

-- The second factor. It counts from `confirmed_at` on; `last_step` is the last time step whose code was taken, so that none is taken twice.
CREATE TABLE totp (
    user_id INTEGER NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    secret TEXT NOT NULL,
    confirmed_at BIGINT,
    last_step BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE recovery_codes (
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    code_hash TEXT NOT NULL,
    PRIMARY KEY (user_id, code_hash)
) WITHOUT ROWID;

-- Log-ins whose password was right and whose second factor is still to come.
CREATE TABLE login_challenges (
    token_hash TEXT NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL
);
CREATE INDEX login_challenges_expiry ON login_challenges (expires_at);
