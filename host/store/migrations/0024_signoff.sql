-- Who signed a release off. The document of the release has them too; here the database itself holds that nobody signs
-- what they made, and that one human being signs once in a round, whatever accounts they have.
CREATE TABLE signoff (
    release TEXT NOT NULL,
    round BIGINT NOT NULL,
    person TEXT NOT NULL,
    decision TEXT NOT NULL,
    -- The human being who uploaded it.
    maker TEXT NOT NULL,
    staff TEXT NOT NULL,
    desk TEXT NOT NULL,
    package TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (release, round, person, decision),
    CHECK (person <> maker)
);
