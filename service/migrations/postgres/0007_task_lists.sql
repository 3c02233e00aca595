-- One index for each way into a list of tasks, so that no page of a long one is sorted or searched row by row. What changes while a task
-- lives is indexed once it has ended, so that a settlement adds entries and moves none.
DROP INDEX tasks_user;
DROP INDEX tasks_user_status;
CREATE INDEX tasks_user_seq ON tasks (user_id, seq, name, id);
CREATE INDEX tasks_user_created ON tasks (user_id, created_at, id);
CREATE INDEX tasks_user_feature ON tasks (user_id, feature_id, id);
CREATE INDEX tasks_user_category ON tasks (user_id, category, id);
CREATE INDEX tasks_user_name ON tasks (user_id, name, id);
CREATE INDEX tasks_living ON tasks (user_id, id) WHERE status = 'queued';
CREATE INDEX tasks_ended_status ON tasks (user_id, status, id) WHERE status <> 'queued';
CREATE INDEX tasks_ended_updated ON tasks (user_id, updated_at, id) WHERE status <> 'queued';
CREATE INDEX tasks_ended_retries ON tasks (user_id, retry_count, id) WHERE status <> 'queued';
