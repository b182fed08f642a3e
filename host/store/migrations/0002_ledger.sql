-- Limits as accounts, the place of money in the audit trail, and signed checkpoints of that trail.

-- Whoever writes holds this row: from here on no host of an older release has a batch open, and none of its writes
-- falls between the copy and the drop below.
UPDATE head SET id = 1 WHERE id = 1;
-- Checkpoints made so far.
ALTER TABLE head ADD COLUMN checkpoint BIGINT NOT NULL DEFAULT 0;

-- The same columns as before, so that hosts of the older release go on writing. Only the CHECK has changed, which
-- SQLite can't alter: three kinds may be overdrawn, see AccountKind.
CREATE TABLE account_next (
    id NUMBER_KEY,
    kind TEXT NOT NULL,
    owner TEXT NOT NULL,
    currency TEXT NOT NULL,
    debits_pending BIGINT NOT NULL CHECK (debits_pending >= 0),
    debits_posted BIGINT NOT NULL CHECK (debits_posted >= 0),
    credits_pending BIGINT NOT NULL CHECK (credits_pending >= 0),
    credits_posted BIGINT NOT NULL CHECK (credits_posted >= 0),
    CHECK (kind IN ('treasury', 'control', 'transit') OR debits_posted + debits_pending <= credits_posted)
);
INSERT INTO account_next (id, kind, owner, currency, debits_pending, debits_posted, credits_pending, credits_posted)
    SELECT id, kind, owner, currency, debits_pending, debits_posted, credits_pending, credits_posted FROM account;
DROP TABLE account;
ALTER TABLE account_next RENAME TO account;
-- Accounts are named by kind, owner and currency; rows of transfer name them by number.
CREATE UNIQUE INDEX account_by_name ON account (owner, kind, currency);

-- What the credited account might be filled to.
ALTER TABLE transfer ADD COLUMN ceiling BIGINT;
-- The audit record that is evidence of the transfer, and of the payment's newest revision: where a proof begins.
-- NULL where a host of the older release wrote the row.
ALTER TABLE transfer ADD COLUMN audit BIGINT;
ALTER TABLE payment ADD COLUMN audit BIGINT;

-- For pendings_expired, asked once a second: only what still reserves something.
CREATE INDEX pending_by_expiry ON pending (expires_ms) WHERE remaining > 0;

-- Signed heads of the audit trail. `body` is what was signed.
CREATE TABLE checkpoint (
    number NUMBER_KEY,
    last_seq BIGINT NOT NULL,
    body TEXT NOT NULL,
    signature TEXT NOT NULL
);
-- For checkpoint_over: the first checkpoint that covers a record.
CREATE UNIQUE INDEX checkpoint_by_last ON checkpoint (last_seq);
