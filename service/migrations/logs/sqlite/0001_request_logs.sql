-- The record of requests. Rows are narrow and bodies stand apart, so that looking through many rows reads few pages.
CREATE TABLE request_logs (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    user_id BIGINT NOT NULL,
    key_id BIGINT,
    created_at BIGINT NOT NULL,
    rule_id BIGINT,
    status_code BIGINT NOT NULL,
    status_class BIGINT NOT NULL,
    duration BIGINT NOT NULL,
    consume_points BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    remote_addr TEXT NOT NULL,
    call_id TEXT NOT NULL,
    rule_name TEXT NOT NULL,
    raw_query TEXT NOT NULL,
    error TEXT NOT NULL
);
-- One index for each filter, each in the order of the list: a page of any filtered list is a search, however many rows there are.
CREATE INDEX request_logs_user ON request_logs (user_id, created_at, id);
CREATE INDEX request_logs_rule ON request_logs (user_id, rule_id, created_at, id) WHERE rule_id IS NOT NULL;
CREATE INDEX request_logs_key ON request_logs (user_id, key_id, created_at, id) WHERE key_id IS NOT NULL;
CREATE INDEX request_logs_status ON request_logs (user_id, status_class, created_at, id);
CREATE INDEX request_logs_method ON request_logs (user_id, method, created_at, id);
CREATE INDEX request_logs_path ON request_logs (user_id, path, created_at, id);
CREATE INDEX request_logs_address ON request_logs (user_id, remote_addr, created_at, id);
-- For administrators, and for what is pruned by age.
CREATE INDEX request_logs_age ON request_logs (created_at, id);

CREATE TABLE request_log_bodies (
    log_id INTEGER NOT NULL PRIMARY KEY,
    request_body TEXT NOT NULL,
    response_body TEXT NOT NULL
);

-- How many rows each user has and what they take, so that totals and the limit of size need no counting.
CREATE TABLE request_log_totals (
    user_id INTEGER NOT NULL PRIMARY KEY,
    logs BIGINT NOT NULL,
    bytes BIGINT NOT NULL
);

-- Calls of custom APIs by user and quarter of an hour: all that a day of any time zone can be made of. They outlive the rows above.
CREATE TABLE api_usage (
    user_id BIGINT NOT NULL,
    quarter BIGINT NOT NULL,
    api_id BIGINT NOT NULL,
    api_name TEXT NOT NULL,
    calls BIGINT NOT NULL,
    succeeded BIGINT NOT NULL,
    points BIGINT NOT NULL,
    PRIMARY KEY (user_id, quarter, api_id)
);
