-- A change of a catalog entry names the version that it was made from, so that two administrators do not overwrite each other unseen.
ALTER TABLE rules ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE channels ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE features ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
