-- Limits of single users, which go before those of the system; none where absent.
ALTER TABLE users ADD COLUMN max_parallel BIGINT CHECK (max_parallel > 0);
ALTER TABLE users ADD COLUMN requests_per_minute BIGINT CHECK (requests_per_minute > 0);
-- They are read every two seconds, and few users have any.
CREATE INDEX users_limited ON users (id) WHERE max_parallel IS NOT NULL OR requests_per_minute IS NOT NULL;

-- Codes by which people may register while registration is by invitation.
CREATE TABLE invitations (
    id INTEGER NOT NULL PRIMARY KEY,
    code_hash TEXT NOT NULL UNIQUE,
    prefix TEXT NOT NULL,
    note TEXT NOT NULL,
    max_uses BIGINT NOT NULL CHECK (max_uses > 0),
    uses BIGINT NOT NULL DEFAULT 0 CHECK (uses BETWEEN 0 AND max_uses),
    created_by BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT
);

CREATE TABLE announcements (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    level TEXT NOT NULL CHECK (level IN ('info', 'success', 'warning', 'critical')),
    starts_at BIGINT,
    ends_at BIGINT,
    dismissible BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- Who has put which announcement away.
CREATE TABLE announcement_dismissals (
    announcement_id BIGINT NOT NULL REFERENCES announcements (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    dismissed_at BIGINT NOT NULL,
    PRIMARY KEY (announcement_id, user_id)
);
CREATE INDEX announcement_dismissals_user ON announcement_dismissals (user_id);

-- Which channel an attempt went through.
ALTER TABLE attempts ADD COLUMN channel_id BIGINT;

-- Administrators look for failed tasks of all users. The other states are found by walking backwards or in the queue.
CREATE INDEX tasks_failed ON tasks (id) WHERE status = 'failed';
