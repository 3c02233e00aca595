-- The id that the answer carried, by which people report what went wrong. Records from before have none.
ALTER TABLE request_logs ADD COLUMN request_id TEXT NOT NULL DEFAULT '';
-- Partial, so that making it over many old records writes nothing.
CREATE INDEX request_logs_request ON request_logs (request_id, user_id, created_at, id) WHERE request_id <> '';
