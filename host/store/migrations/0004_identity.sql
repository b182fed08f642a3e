-- How somebody signs in: passkeys, providers, challenges that wait for an answer, and what a sign-in is known by.

-- `scopes` NULL: a person's. Else a JSON array of words.
ALTER TABLE token ADD COLUMN how TEXT NOT NULL DEFAULT 'password';
ALTER TABLE token ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE token ADD COLUMN scopes TEXT;
-- For tokens_of: where somebody is signed in.
CREATE INDEX token_by_who ON token (who);

CREATE TABLE passkey (
    id TEXT PRIMARY KEY,
    who TEXT NOT NULL,
    name TEXT NOT NULL,
    made_ms BIGINT NOT NULL,
    used_ms BIGINT,
    credential TEXT NOT NULL
);
-- For passkeys_of, asked before each decision of staff.
CREATE INDEX passkey_by_who ON passkey (who);

-- Whose a provider's subject is; `id` is a digest of both.
CREATE TABLE binding (
    id TEXT PRIMARY KEY,
    provider TEXT NOT NULL,
    who TEXT NOT NULL,
    made_ms BIGINT NOT NULL
);
-- For bindings_of, and for erasing a customer.
CREATE INDEX binding_by_who ON binding (who);

CREATE TABLE challenge (
    id TEXT PRIMARY KEY,
    purpose TEXT NOT NULL,
    who TEXT,
    expires_ms BIGINT NOT NULL,
    body TEXT NOT NULL
);
-- For sweeping out those that are over, whenever one is written.
CREATE INDEX challenge_by_expiry ON challenge (expires_ms);

-- A visitor's record that another one has taken over. It stays as it is, under its own key.
ALTER TABLE customer ADD COLUMN taken_over_by TEXT;
-- For visitors_of: erasing a customer erases what was taken over too.
CREATE INDEX customer_by_owner ON customer (taken_over_by) WHERE taken_over_by IS NOT NULL;

-- Subjects of visitors in programs that knew the customer under another one already.
CREATE TABLE former_subject (
    program TEXT NOT NULL,
    subject TEXT NOT NULL,
    customer TEXT NOT NULL,
    PRIMARY KEY (program, subject)
);
