-- Whether the upstream's last answer about a job was not understood: the task centre shows such a task as UNKNOWN. It is not an end.
ALTER TABLE queue ADD COLUMN upstream_unknown BOOLEAN NOT NULL DEFAULT FALSE;
