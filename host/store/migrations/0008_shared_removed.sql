-- A shared value that was removed keeps its line with the version, so that nobody takes one made anew for the old one,
-- and those who watch it are told.
ALTER TABLE shared ADD COLUMN removed BIGINT NOT NULL DEFAULT 0;
