-- Tables of the product. The text is portable but for the words BYTES and NUMBER_KEY, which dialect.rs replaces.
-- No secondary index without the read that needs it named above it: on the hot tables (step, transfer, audit) each
-- one costs a factor of up to three in commits a second.

-- One row: the numbers that each commit continues. Reading it FOR UPDATE is also what makes one writer at a time
-- of many hosts on PostgreSQL.
CREATE TABLE head (
    id BIGINT PRIMARY KEY,
    audit_seq BIGINT NOT NULL,
    audit_hash TEXT NOT NULL,
    transfer BIGINT NOT NULL,
    account BIGINT NOT NULL,
    inbox_entry BIGINT NOT NULL,
    log_line BIGINT NOT NULL,
    generation BIGINT NOT NULL,
    record_change BIGINT NOT NULL,
    shared_change BIGINT NOT NULL,
    erasures BIGINT NOT NULL
);
INSERT INTO head VALUES
    (1, 0, 'sha256:0000000000000000000000000000000000000000000000000000000000000000', 0, 0, 0, 0, 0, 0, 0, 0);

-- Data keys, wrapped by the host's master key. A NULL is a destroyed key and stays as its gravestone.
CREATE TABLE data_key (
    owner TEXT PRIMARY KEY,
    wrapped BYTES
);

CREATE TABLE session (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    program TEXT NOT NULL,
    branch TEXT NOT NULL,
    customer TEXT,
    position BIGINT NOT NULL,
    opening BYTES NOT NULL,
    state BYTES NOT NULL,
    standing TEXT NOT NULL,
    updated_ms BIGINT NOT NULL
);
-- For sessions_of, and for erasing a customer. Written once for each session: neither column ever changes.
CREATE INDEX session_by_customer ON session (customer, id);

CREATE TABLE background (
    program TEXT NOT NULL,
    branch TEXT NOT NULL,
    session TEXT NOT NULL,
    release TEXT NOT NULL,
    PRIMARY KEY (program, branch)
);

CREATE TABLE device (
    session TEXT NOT NULL,
    device TEXT NOT NULL,
    client_seq BIGINT NOT NULL,
    event_digest TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (session, device)
);

CREATE TABLE step (
    session TEXT NOT NULL,
    position BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    release TEXT NOT NULL,
    device TEXT,
    client_seq BIGINT,
    event_digest TEXT,
    step_digest TEXT,
    body BYTES NOT NULL,
    PRIMARY KEY (session, position)
);

CREATE TABLE inbox (
    session TEXT NOT NULL,
    entry BIGINT NOT NULL,
    event TEXT NOT NULL,
    merge_key TEXT,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (session, entry)
);

CREATE TABLE wakeup (
    session TEXT NOT NULL,
    name TEXT NOT NULL,
    due_ms BIGINT NOT NULL,
    PRIMARY KEY (session, name)
);
-- For wakeups_due, asked twice a second.
CREATE INDEX wakeup_by_due ON wakeup (due_ms);

CREATE TABLE watch (
    session TEXT NOT NULL,
    program TEXT NOT NULL,
    branch TEXT NOT NULL,
    name TEXT NOT NULL,
    seen BIGINT NOT NULL,
    PRIMARY KEY (session, program, branch, name)
);
-- For watches_behind: who watches a name that changed.
CREATE INDEX watch_by_name ON watch (program, branch, name);

CREATE TABLE storage (
    program TEXT NOT NULL,
    customer TEXT NOT NULL,
    name TEXT NOT NULL,
    version BIGINT NOT NULL,
    value_bytes BIGINT NOT NULL,
    body BYTES,
    PRIMARY KEY (program, customer, name)
);

CREATE TABLE shared (
    program TEXT NOT NULL,
    branch TEXT NOT NULL,
    name TEXT NOT NULL,
    version BIGINT NOT NULL,
    change BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL,
    body BYTES NOT NULL,
    PRIMARY KEY (program, branch, name)
);
-- For watches_behind: what changed since it last looked.
CREATE INDEX shared_by_change ON shared (change);

CREATE TABLE counter (
    program TEXT NOT NULL,
    branch TEXT NOT NULL,
    name TEXT NOT NULL,
    amount BIGINT NOT NULL,
    version BIGINT NOT NULL,
    change BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL,
    PRIMARY KEY (program, branch, name)
);
-- For watches_behind, as above.
CREATE INDEX counter_by_change ON counter (change);

-- What counter_next has given out.
CREATE TABLE series (
    program TEXT NOT NULL,
    branch TEXT NOT NULL,
    name TEXT NOT NULL,
    given BIGINT NOT NULL,
    PRIMARY KEY (program, branch, name)
);

CREATE TABLE payment (
    id TEXT PRIMARY KEY,
    revision BIGINT NOT NULL,
    program TEXT NOT NULL,
    branch TEXT NOT NULL,
    customer TEXT NOT NULL,
    order_key TEXT NOT NULL,
    updated_ms BIGINT NOT NULL,
    due_ms BIGINT,
    body TEXT NOT NULL
);
-- One payment for each order key; also serves payments_of, by its first column.
CREATE UNIQUE INDEX payment_by_key ON payment (customer, program, order_key);
-- For payments, the merchant's list.
CREATE INDEX payment_by_branch ON payment (program, branch, updated_ms, id);
-- For payments_expiring: only those that still can expire.
CREATE INDEX payment_by_due ON payment (due_ms) WHERE due_ms IS NOT NULL;

CREATE TABLE account (
    id NUMBER_KEY,
    kind TEXT NOT NULL,
    owner TEXT NOT NULL,
    currency TEXT NOT NULL,
    debits_pending BIGINT NOT NULL CHECK (debits_pending >= 0),
    debits_posted BIGINT NOT NULL CHECK (debits_posted >= 0),
    credits_pending BIGINT NOT NULL CHECK (credits_pending >= 0),
    credits_posted BIGINT NOT NULL CHECK (credits_posted >= 0),
    CHECK (kind = 'treasury' OR debits_posted + debits_pending <= credits_posted)
);
-- Accounts are named by kind, owner and currency; rows of transfer name them by number.
CREATE UNIQUE INDEX account_by_name ON account (owner, kind, currency);

CREATE TABLE transfer (
    id NUMBER_KEY,
    debit BIGINT NOT NULL,
    credit BIGINT NOT NULL,
    minor BIGINT NOT NULL CHECK (minor > 0),
    movement TEXT NOT NULL,
    pending BIGINT,
    expires_ms BIGINT,
    purpose TEXT NOT NULL,
    payment TEXT,
    at_ms BIGINT NOT NULL
);
-- For transfers_of. Ids of payments grow with time, so that its pages stay dense; transfers of no payment are not in it.
CREATE INDEX transfer_by_payment ON transfer (payment) WHERE payment IS NOT NULL;

-- What is left of pending transfers. A resolved one stays with nothing left, so that it can't be resolved twice.
CREATE TABLE pending (
    transfer BIGINT PRIMARY KEY,
    remaining BIGINT NOT NULL CHECK (remaining >= 0),
    expires_ms BIGINT NOT NULL
);

CREATE TABLE record (
    noun TEXT NOT NULL,
    id TEXT NOT NULL,
    version BIGINT NOT NULL,
    change BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (noun, id)
);
-- For records_since, asked by each host twice a second.
CREATE INDEX record_by_change ON record (change);

CREATE TABLE customer (
    id TEXT PRIMARY KEY,
    login TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    level TEXT NOT NULL,
    branch TEXT NOT NULL,
    profile BYTES NOT NULL
);
-- For customer_by_login; keeps sign-in names unique.
CREATE UNIQUE INDEX customer_login ON customer (login);

CREATE TABLE subject (
    program TEXT NOT NULL,
    customer TEXT NOT NULL,
    subject TEXT NOT NULL,
    PRIMARY KEY (program, customer)
);
-- For customer_of_subject; keeps pairwise ids unique.
CREATE UNIQUE INDEX subject_by_text ON subject (program, subject);

CREATE TABLE token (
    digest TEXT PRIMARY KEY,
    who TEXT NOT NULL,
    made_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    proved_ms BIGINT NOT NULL
);

CREATE TABLE audit (
    seq NUMBER_KEY,
    at_ms BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    request TEXT,
    -- Names the rows that `evidence` is the digest of.
    evidence_rows TEXT NOT NULL,
    evidence TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
);

CREATE TABLE log (
    id NUMBER_KEY,
    program TEXT NOT NULL,
    version TEXT NOT NULL,
    branch TEXT NOT NULL,
    session TEXT,
    at_ms BIGINT NOT NULL,
    level TEXT NOT NULL,
    code TEXT NOT NULL,
    line TEXT NOT NULL
);
-- For logs of one program.
CREATE INDEX log_by_program ON log (program, id);

CREATE TABLE blob (
    digest TEXT PRIMARY KEY,
    body BYTES NOT NULL
);
