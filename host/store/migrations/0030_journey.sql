-- Visits of programs by the day: every host adds to it, and it names nobody. `day` is that of the bank, as days since
-- 1970; `channel` is the customer's, or `staff`; `origin` is what led there, and `code` the set of launch codes, where
-- one did; `page` is where the visit began; `what` is how far it came. Rows are forgotten after some hundred days.
-- The key serves the reads of one program over a stretch of days.
CREATE TABLE program_day (
    program TEXT NOT NULL,
    day BIGINT NOT NULL,
    branch TEXT NOT NULL,
    channel TEXT NOT NULL,
    origin TEXT NOT NULL,
    page TEXT NOT NULL,
    code TEXT NOT NULL,
    what TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (program, day, branch, channel, origin, page, code, what)
);
-- For the sums of all programs over a stretch of days, and for forgetting those before a day.
CREATE INDEX program_day_age ON program_day (day);
