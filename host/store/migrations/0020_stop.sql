-- What a stop meets: what of a program is still open, in pages.

-- For payments_open: only those that can still go on.
CREATE INDEX payment_open ON payment (program, id) WHERE due_ms IS NOT NULL;
-- For matters_open and matters_waiting: only those that the host still has to look at.
CREATE INDEX matter_open ON matter (program, kind, branch, id) WHERE due_ms IS NOT NULL;
