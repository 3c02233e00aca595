-- How channels and their keys do. Row `key = ''` is the channel as a whole, others are its credentials by fingerprint; none is there for what never
-- failed. `disabled_at`: taken out of use by the program itself, until a call that is let through at `next_probe_at` is good or an administrator
-- says so. Nodes share it.
CREATE TABLE channel_health (
    channel_id BIGINT NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    failures BIGINT NOT NULL,
    last_error TEXT NOT NULL,
    last_error_at BIGINT NOT NULL,
    disabled_at BIGINT,
    reason TEXT NOT NULL,
    probes BIGINT NOT NULL,
    next_probe_at BIGINT,
    PRIMARY KEY (channel_id, key)
) WITHOUT ROWID;

-- Credentials beside the first, a JSON list. Like the first they never leave.
ALTER TABLE channels ADD COLUMN more_credentials TEXT;

-- The fingerprint of the credential that a job was submitted with, so that its polls use the same; and what its attempt tried before.
ALTER TABLE queue ADD COLUMN channel_key TEXT;
ALTER TABLE queue ADD COLUMN tried TEXT;

-- Channels that an attempt tried before the one that it ended with, a JSON list.
ALTER TABLE attempts ADD COLUMN tried TEXT;
