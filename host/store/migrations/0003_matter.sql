-- Matters: what a customer or a program has with the bank over time. `owner` is the customer, or the branch where
-- there is none; `program` is empty where the matter is between the customer and the bank alone.

CREATE TABLE matter (
    kind TEXT NOT NULL,
    id TEXT PRIMARY KEY,
    revision BIGINT NOT NULL,
    program TEXT NOT NULL,
    branch TEXT NOT NULL,
    owner TEXT NOT NULL,
    customer TEXT,
    session TEXT,
    own_key TEXT,
    about TEXT,
    ticket TEXT,
    asked TEXT,
    made_ms BIGINT NOT NULL,
    updated_ms BIGINT NOT NULL,
    due_ms BIGINT,
    body TEXT NOT NULL,
    sealed BYTES
);
-- One matter for each key; for matter_by_key.
CREATE UNIQUE INDEX matter_by_key ON matter (owner, kind, program, own_key) WHERE own_key IS NOT NULL;
-- For matters_of, a customer's own.
CREATE INDEX matter_by_customer ON matter (customer, kind, id) WHERE customer IS NOT NULL;
-- For matters_in, a program's in its branch.
CREATE INDEX matter_by_branch ON matter (branch, kind, program, id);
-- For matters_about.
CREATE INDEX matter_by_about ON matter (about, kind, id) WHERE about IS NOT NULL;
-- For matter_by_ticket.
CREATE INDEX matter_by_ticket ON matter (ticket) WHERE ticket IS NOT NULL;
-- For matters_due: only those that the host still has to look at.
CREATE INDEX matter_by_due ON matter (kind, due_ms) WHERE due_ms IS NOT NULL;
-- For matters, the bank's own lists of a kind.
CREATE INDEX matter_by_kind ON matter (kind, id);
