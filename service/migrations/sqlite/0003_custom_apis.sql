-- Custom APIs: part of the catalog. The definition is JSON of the model's type.
CREATE TABLE custom_apis (
    id INTEGER NOT NULL PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    rule_id BIGINT NOT NULL REFERENCES rules (id),
    definition TEXT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- Holds of calls that have not ended, for the duty that gives back what a killed server left. Nearly always empty.
CREATE INDEX holds_open_calls ON holds (created_at) WHERE settled_at IS NULL AND reference >= 'call:' AND reference < 'call;';
