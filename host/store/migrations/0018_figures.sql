-- What releases are measured at, by the minute: every host adds to it. Rows are forgotten after some days.
-- The key serves the reads of one release from a minute on.
CREATE TABLE release_minute (
    release TEXT NOT NULL,
    minute BIGINT NOT NULL,
    what TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (release, minute, what)
);
-- For forgetting the rows before a minute.
CREATE INDEX release_minute_age ON release_minute (minute);
