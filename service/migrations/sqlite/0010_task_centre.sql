-- The task centre lists tasks by platform, action, state and channel, of one user or of all. Which channel a task ended with stands in its row, so
-- that no attempt has to be looked up for it; while it lives, the queue tells.
ALTER TABLE tasks ADD COLUMN channel_id BIGINT;
UPDATE tasks SET channel_id = (SELECT a.channel_id FROM attempts a WHERE a.task_id = tasks.id ORDER BY a.attempt_no DESC LIMIT 1)
WHERE status <> 'queued';

-- One index for each way in, of ended tasks only: a settlement adds entries and moves none.
CREATE INDEX tasks_ended_user_feature ON tasks (user_id, feature_id, status, id) WHERE status <> 'queued';
CREATE INDEX tasks_ended_feature ON tasks (feature_id, status, id) WHERE status <> 'queued';
CREATE INDEX tasks_ended_channel ON tasks (channel_id, status, id) WHERE status <> 'queued';

-- Administrators look for tasks of all users that came to nothing.
DROP INDEX tasks_failed;
CREATE INDEX tasks_without_result ON tasks (id) WHERE status IN ('failed', 'cancelled');
