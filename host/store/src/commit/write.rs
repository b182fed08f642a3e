//! Writes what a batch came to: one statement for each kind of row.

mod people;
mod signoff;

use super::overlay::{Overlay, SessionNow};
use crate::matter::program_column;
use crate::rows::{RowSet, stored};
use crate::statements::{Bound, Statements};
use xitai_model::notice::counts_over;

const SESSIONS_OPENED: &str = "INSERT INTO session (id, owner, program, branch, customer, position, standing, updated_ms, opening, state) \
     SELECT value->>0, value->>1, value->>2, value->>3, value->>4, CAST(value->>5 AS BIGINT), value->>6, \
     CAST(value->>7 AS BIGINT), substr($2, CAST(value->>8 AS INTEGER), CAST(value->>9 AS INTEGER)), \
     substr($2, CAST(value->>10 AS INTEGER), CAST(value->>11 AS INTEGER)) FROM jsonb_each($1)";
const SESSIONS_MOVED: &str = "UPDATE session SET position = moved.position, standing = moved.standing, \
     updated_ms = moved.updated_ms, state = moved.state FROM (SELECT value->>0 AS id, \
     CAST(value->>1 AS BIGINT) AS position, value->>2 AS standing, CAST(value->>3 AS BIGINT) AS updated_ms, \
     substr($2, CAST(value->>4 AS INTEGER), CAST(value->>5 AS INTEGER)) AS state FROM jsonb_each($1)) moved \
     WHERE session.id = moved.id";
const BACKGROUNDS: &str = "INSERT INTO background (program, branch, session, release) \
     SELECT value->>0, value->>1, value->>2, value->>3 FROM jsonb_each($1) WHERE true \
     ON CONFLICT (program, branch) DO UPDATE SET session = excluded.session, release = excluded.release";
const DEVICES: &str = "INSERT INTO device (session, device, client_seq, event_digest, position) \
     SELECT value->>0, value->>1, CAST(value->>2 AS BIGINT), value->>3, CAST(value->>4 AS BIGINT) \
     FROM jsonb_each($1) WHERE true ON CONFLICT (session, device) DO UPDATE SET client_seq = excluded.client_seq, \
     event_digest = excluded.event_digest, position = excluded.position";
const STEPS: &str = "INSERT INTO step (session, position, at_ms, release, device, client_seq, event_digest, \
     step_digest, body) SELECT value->>0, CAST(value->>1 AS BIGINT), CAST(value->>2 AS BIGINT), value->>3, value->>4, \
     CAST(value->>5 AS BIGINT), value->>6, value->>7, \
     substr($2, CAST(value->>8 AS INTEGER), CAST(value->>9 AS INTEGER)) FROM jsonb_each($1)";
const INBOX: &str = "INSERT INTO inbox (session, entry, event, merge_key, at_ms) \
     SELECT value->>0, CAST(value->>1 AS BIGINT), value->>2, value->>3, CAST(value->>4 AS BIGINT) FROM jsonb_each($1)";
const INBOX_TAKEN: &str = "DELETE FROM inbox WHERE (session, entry) IN \
     (SELECT value->>0, CAST(value->>1 AS BIGINT) FROM jsonb_each($1))";
const WAKEUPS: &str = "INSERT INTO wakeup (session, name, due_ms) \
     SELECT value->>0, value->>1, CAST(value->>2 AS BIGINT) FROM jsonb_each($1) WHERE true \
     ON CONFLICT (session, name) DO UPDATE SET due_ms = excluded.due_ms";
const WAKEUPS_REMOVED: &str = "DELETE FROM wakeup WHERE (session, name) IN \
     (SELECT value->>0, value->>1 FROM jsonb_each($1))";
const WATCHES_REMOVED: &str = "DELETE FROM watch WHERE session IN (SELECT value->>0 FROM jsonb_each($1))";
const WATCHES: &str = "INSERT INTO watch (session, program, branch, name, seen) \
     SELECT value->>0, value->>1, value->>2, value->>3, CAST(value->>4 AS BIGINT) FROM jsonb_each($1)";
const STORAGE: &str = "INSERT INTO storage (program, customer, name, version, value_bytes, body) \
     SELECT value->>0, value->>1, value->>2, CAST(value->>3 AS BIGINT), CAST(value->>4 AS BIGINT), \
     substr($2, CAST(value->>5 AS INTEGER), CAST(value->>6 AS INTEGER)) FROM jsonb_each($1) WHERE true \
     ON CONFLICT (program, customer, name) DO UPDATE SET version = excluded.version, \
     value_bytes = excluded.value_bytes, body = excluded.body";
const SHARED: &str = "INSERT INTO shared (program, branch, name, version, change, changed_ms, body, removed) \
     SELECT value->>0, value->>1, value->>2, CAST(value->>3 AS BIGINT), CAST(value->>4 AS BIGINT), \
     CAST(value->>5 AS BIGINT), substr($2, CAST(value->>6 AS INTEGER), CAST(value->>7 AS INTEGER)), \
     CAST(value->>8 AS BIGINT) \
     FROM jsonb_each($1) WHERE true ON CONFLICT (program, branch, name) DO UPDATE SET version = excluded.version, \
     change = excluded.change, changed_ms = excluded.changed_ms, body = excluded.body, removed = excluded.removed";
const COUNTERS: &str = "INSERT INTO counter (program, branch, name, amount, version, change, changed_ms) \
     SELECT value->>0, value->>1, value->>2, CAST(value->>3 AS BIGINT), CAST(value->>4 AS BIGINT), \
     CAST(value->>5 AS BIGINT), CAST(value->>6 AS BIGINT) FROM jsonb_each($1) WHERE true \
     ON CONFLICT (program, branch, name) DO UPDATE SET amount = excluded.amount, version = excluded.version, \
     change = excluded.change, changed_ms = excluded.changed_ms";
/// Counts of days that are over, a few with each that is made.
const COUNTERS_OVER: &str = "DELETE FROM counter WHERE (program, branch, name) IN \
     (SELECT program, branch, name FROM counter WHERE name >= $1 AND name < $2 LIMIT 64)";
const SERIES: &str = "INSERT INTO series (program, branch, name, given) \
     SELECT value->>0, value->>1, value->>2, CAST(value->>3 AS BIGINT) FROM jsonb_each($1) WHERE true \
     ON CONFLICT (program, branch, name) DO UPDATE SET given = excluded.given";
const PAYMENTS_MADE: &str = "INSERT INTO payment (id, revision, program, branch, customer, order_key, updated_ms, due_ms, body, \
     audit) SELECT value->>0, CAST(value->>1 AS BIGINT), value->>2, value->>3, value->>4, value->>5, \
     CAST(value->>6 AS BIGINT), CAST(value->>7 AS BIGINT), value->>8, CAST(value->>9 AS BIGINT) FROM jsonb_each($1)";
const PAYMENTS_MOVED: &str = "UPDATE payment SET revision = moved.revision, updated_ms = moved.updated_ms, \
     due_ms = moved.due_ms, body = moved.body, audit = moved.audit FROM (SELECT value->>0 AS id, \
     CAST(value->>1 AS BIGINT) AS revision, CAST(value->>2 AS BIGINT) AS updated_ms, \
     CAST(value->>3 AS BIGINT) AS due_ms, value->>4 AS body, CAST(value->>5 AS BIGINT) AS audit \
     FROM jsonb_each($1)) moved WHERE payment.id = moved.id";
const MATTERS: &str = "INSERT INTO matter (kind, id, revision, program, branch, owner, customer, session, own_key, about, \
     ticket, asked, made_ms, updated_ms, due_ms, body, sealed) \
     SELECT value->>0, value->>1, CAST(value->>2 AS BIGINT), value->>3, value->>4, value->>5, value->>6, value->>7, \
     value->>8, value->>9, value->>10, value->>11, CAST(value->>12 AS BIGINT), CAST(value->>13 AS BIGINT), \
     CAST(value->>14 AS BIGINT), value->>15, substr($2, CAST(value->>16 AS INTEGER), CAST(value->>17 AS INTEGER)) \
     FROM jsonb_each($1) WHERE true ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, \
     session = excluded.session, about = excluded.about, ticket = excluded.ticket, asked = excluded.asked, updated_ms = excluded.updated_ms, \
     due_ms = excluded.due_ms, body = excluded.body, sealed = excluded.sealed";
const RECORDS: &str = "INSERT INTO record (noun, id, version, change, body) \
     SELECT value->>0, value->>1, CAST(value->>2 AS BIGINT), CAST(value->>3 AS BIGINT), value->>4 \
     FROM jsonb_each($1) WHERE true ON CONFLICT (noun, id) DO UPDATE SET version = excluded.version, \
     change = excluded.change, body = excluded.body";
const CUSTOMERS: &str = "INSERT INTO customer (id, login, password_hash, level, branch, profile) \
     SELECT value->>0, value->>1, value->>2, value->>3, value->>4, \
     substr($2, CAST(value->>5 AS INTEGER), CAST(value->>6 AS INTEGER)) FROM jsonb_each($1) WHERE true \
     ON CONFLICT (id) DO UPDATE SET login = excluded.login, password_hash = excluded.password_hash, \
     level = excluded.level, branch = excluded.branch, profile = excluded.profile";
const SUBJECTS: &str = "INSERT INTO subject (program, customer, subject) \
     SELECT value->>0, value->>1, value->>2 FROM jsonb_each($1)";
const TOKENS: &str = "INSERT INTO token (digest, who, made_ms, expires_ms, proved_ms, how, name, scopes) \
     SELECT value->>0, value->>1, CAST(value->>2 AS BIGINT), CAST(value->>3 AS BIGINT), CAST(value->>4 AS BIGINT), \
     value->>5, value->>6, value->>7 FROM jsonb_each($1) WHERE true ON CONFLICT (digest) DO UPDATE SET who = excluded.who, \
     made_ms = excluded.made_ms, expires_ms = excluded.expires_ms, proved_ms = excluded.proved_ms, \
     scopes = excluded.scopes";
const SIGN_INS_ENDED: &str = "DELETE FROM token WHERE who = $1";
const TOKENS_REVOKED: &str = "DELETE FROM token WHERE digest IN (SELECT value->>0 FROM jsonb_each($1))";
const ACCOUNTS: &str = "INSERT INTO account (id, kind, owner, currency, debits_pending, debits_posted, \
     credits_pending, credits_posted) SELECT CAST(value->>0 AS BIGINT), value->>1, value->>2, value->>3, \
     CAST(value->>4 AS BIGINT), CAST(value->>5 AS BIGINT), CAST(value->>6 AS BIGINT), CAST(value->>7 AS BIGINT) \
     FROM jsonb_each($1) WHERE true ON CONFLICT (id) DO UPDATE SET debits_pending = excluded.debits_pending, \
     debits_posted = excluded.debits_posted, credits_pending = excluded.credits_pending, \
     credits_posted = excluded.credits_posted";
const TRANSFERS: &str = "INSERT INTO transfer (id, debit, credit, minor, movement, pending, expires_ms, purpose, payment, at_ms, ceiling, \
     audit) \
     SELECT CAST(value->>0 AS BIGINT), CAST(value->>1 AS BIGINT), CAST(value->>2 AS BIGINT), \
     CAST(value->>3 AS BIGINT), value->>4, CAST(value->>5 AS BIGINT), CAST(value->>6 AS BIGINT), value->>7, \
     value->>8, CAST(value->>9 AS BIGINT), CAST(value->>10 AS BIGINT), CAST(value->>11 AS BIGINT) \
     FROM jsonb_each($1)";
const PENDINGS: &str = "INSERT INTO pending (transfer, remaining, expires_ms) \
     SELECT CAST(value->>0 AS BIGINT), CAST(value->>1 AS BIGINT), CAST(value->>2 AS BIGINT) \
     FROM jsonb_each($1) WHERE true ON CONFLICT (transfer) DO UPDATE SET remaining = excluded.remaining";
const CHECKPOINTS: &str = "INSERT INTO checkpoint (number, last_seq, body, signature) \
     SELECT CAST(value->>0 AS BIGINT), CAST(value->>1 AS BIGINT), value->>2, value->>3 FROM jsonb_each($1)";
const KEYS: &str = "INSERT INTO data_key (owner, wrapped) \
     SELECT value->>0, substr($2, CAST(value->>1 AS INTEGER), CAST(value->>2 AS INTEGER)) FROM jsonb_each($1) \
     WHERE true ON CONFLICT (owner) DO UPDATE SET wrapped = excluded.wrapped";
const LOG: &str = "INSERT INTO log (id, program, version, branch, session, at_ms, level, code, line) \
     SELECT CAST(value->>0 AS BIGINT), value->>1, value->>2, value->>3, value->>4, CAST(value->>5 AS BIGINT), \
     value->>6, value->>7, value->>8 FROM jsonb_each($1)";
const AUDIT: &str = "INSERT INTO audit (seq, at_ms, actor, action, subject, detail, request, evidence_rows, evidence, \
     previous, hash) SELECT CAST(value->>0 AS BIGINT), CAST(value->>1 AS BIGINT), value->>2, value->>3, value->>4, \
     value->>5, value->>6, value->>7, value->>8, value->>9, value->>10 FROM jsonb_each($1)";

/// What an erased customer leaves nothing in. The rows sealed under the key stay and can't be read.
const ERASED: &[&str] = &[
    "DELETE FROM inbox WHERE session IN (SELECT id FROM session WHERE customer = $1)",
    "DELETE FROM wakeup WHERE session IN (SELECT id FROM session WHERE customer = $1)",
    "DELETE FROM watch WHERE session IN (SELECT id FROM session WHERE customer = $1)",
    "DELETE FROM passkey WHERE who = '{\"customer\":\"' || $1 || '\"}'",
    "DELETE FROM binding WHERE who = '{\"customer\":\"' || $1 || '\"}'",
    "DELETE FROM challenge WHERE who = '{\"customer\":\"' || $1 || '\"}'",
    "UPDATE customer SET login = 'erased:' || id, password_hash = '' WHERE id = $1",
];

pub(crate) async fn write(overlay: &Overlay, to: &mut Statements<'_>) -> Result<(), sqlx::Error> {
    keys_and_people(overlay, to).await?;
    sessions(overlay, to).await?;
    inboxes(overlay, to).await?;
    services(overlay, to).await?;
    books(overlay, to).await?;
    matters(overlay, to).await?;
    documents(overlay, to).await?;
    signoff::signoffs(overlay, to).await?;
    people::taken_over(overlay, to).await?;
    for customer in &overlay.added.erased {
        for statement in ERASED {
            to.run(statement, Bound::default().and(customer.to_string())).await?;
        }
    }
    trail(overlay, to).await
}

async fn keys_and_people(overlay: &Overlay, to: &mut Statements<'_>) -> Result<(), sqlx::Error> {
    let mut set = RowSet::default();
    for (owner, wrapped) in overlay.keys.written() {
        set.row().text(owner.as_str()).optional_bytes(wrapped.as_deref());
    }
    set.write_with_bytes(KEYS, to).await?;
    let mut set = RowSet::default();
    for (id, customer) in overlay.customers.written() {
        let mut row = set.row();
        row.text(id.as_str()).text(&customer.login).text(&customer.password_hash).text(&customer.level);
        row.text(&customer.branch).bytes(&customer.profile);
    }
    set.write_with_bytes(CUSTOMERS, to).await?;
    let mut set = RowSet::default();
    for ((program, customer), subject) in overlay.subjects.written() {
        set.row().text(program.as_str()).text(customer.as_str()).text(subject);
    }
    set.write(SUBJECTS, to).await?;
    // Before those that are made: what is in the overlay is newer than the ending.
    for who in &overlay.added.sign_ins_ended {
        to.run(SIGN_INS_ENDED, Bound::default().and(who.clone())).await?;
    }
    let (mut made, mut revoked) = (RowSet::default(), RowSet::default());
    for (digest, token) in overlay.tokens.written() {
        match token {
            Some(token) => {
                let mut row = made.row();
                row.text(digest).text(&token.who).number(token.made_ms);
                row.number(token.expires_ms).number(token.proved_ms).text(&token.how).text(&token.name);
                row.optional_text(token.scopes.as_deref());
            }
            None => {
                revoked.row().text(digest);
            }
        }
    }
    made.write(TOKENS, to).await?;
    revoked.write(TOKENS_REVOKED, to).await?;
    people::presence(overlay, to).await
}

async fn sessions(overlay: &Overlay, to: &mut Statements<'_>) -> Result<(), sqlx::Error> {
    let (mut opened, mut moved) = (RowSet::default(), RowSet::default());
    for (id, session) in overlay.sessions.written() {
        let SessionNow { position, opened: columns, moved: Some(now) } = session else { continue };
        match columns {
            Some(columns) => {
                let mut row = opened.row();
                row.text(id.as_str()).text(columns.owner.as_str()).text(columns.program.as_str());
                row.text(columns.branch.as_str()).optional_text(columns.customer.as_ref().map(|id| id.as_str()));
                row.number(stored(*position)).text(&now.standing).number(now.updated_ms);
                row.bytes(&columns.opening).bytes(&now.state);
            }
            None => {
                let mut row = moved.row();
                row.text(id.as_str()).number(stored(*position)).text(&now.standing);
                row.number(now.updated_ms).bytes(&now.state);
            }
        }
    }
    opened.write_with_bytes(SESSIONS_OPENED, to).await?;
    moved.write_with_bytes(SESSIONS_MOVED, to).await?;
    let mut set = RowSet::default();
    for ((program, branch), (session, release)) in overlay.backgrounds.written() {
        set.row().text(program.as_str()).text(branch.as_str()).text(session.as_str()).text(release);
    }
    set.write(BACKGROUNDS, to).await?;
    let mut set = RowSet::default();
    for ((session, device), mark) in overlay.devices.written() {
        let mut row = set.row();
        row.text(session.as_str()).text(device.as_str()).number(stored(mark.client_seq));
        row.text(&mark.event_digest).number(stored(mark.position));
    }
    set.write(DEVICES, to).await?;
    let mut set = RowSet::default();
    for step in &overlay.added.steps {
        let c = &step.columns;
        let mut row = set.row();
        row.text(&c.session).number(stored(c.position)).number(c.at_ms).text(&c.release);
        row.optional_text(c.device.as_deref()).optional_number(c.client_seq);
        row.optional_text(c.event_digest.as_deref()).optional_text(c.step_digest.as_deref()).bytes(&step.body);
    }
    set.write_with_bytes(STEPS, to).await
}

async fn inboxes(overlay: &Overlay, to: &mut Statements<'_>) -> Result<(), sqlx::Error> {
    let mut set = RowSet::default();
    for added in &overlay.added.inbox {
        let mut row = set.row();
        let event = serde_json::to_string(&added.event).expect("an event is plain JSON");
        row.text(added.session.as_str()).number(added.entry).text(&event);
        row.optional_text(added.merge_key.as_deref()).number(added.at_ms);
    }
    set.write(INBOX, to).await?;
    let mut set = RowSet::default();
    for (session, entry) in &overlay.added.inbox_taken {
        set.row().text(session.as_str()).number(*entry);
    }
    set.write(INBOX_TAKEN, to).await?;
    let (mut due, mut removed) = (RowSet::default(), RowSet::default());
    for ((session, name), due_ms) in overlay.wakeups.written() {
        match due_ms {
            Some(due_ms) => {
                due.row().text(session.as_str()).text(name).number(*due_ms);
            }
            None => {
                removed.row().text(session.as_str()).text(name);
            }
        }
    }
    due.write(WAKEUPS, to).await?;
    removed.write(WAKEUPS_REMOVED, to).await?;
    let (mut sessions, mut watches) = (RowSet::default(), RowSet::default());
    for (session, watched) in overlay.watches.written() {
        sessions.row().text(session.as_str());
        for (key, seen) in watched {
            let mut row = watches.row();
            row.text(session.as_str()).text(key.program.as_str()).text(key.branch.as_str());
            row.text(&key.name).number(stored(*seen));
        }
    }
    sessions.write(WATCHES_REMOVED, to).await?;
    watches.write(WATCHES, to).await
}

async fn services(overlay: &Overlay, to: &mut Statements<'_>) -> Result<(), sqlx::Error> {
    let mut set = RowSet::default();
    for (key, value) in overlay.storage.written() {
        let mut row = set.row();
        row.text(key.program.as_str()).text(key.customer.as_str()).text(&key.key).number(stored(value.version));
        row.number(value.value_bytes as i64).optional_bytes(value.body.as_deref());
    }
    set.write_with_bytes(STORAGE, to).await?;
    let mut set = RowSet::default();
    for (key, value) in overlay.shared.written() {
        let Some(body) = &value.written else { continue };
        let mut row = set.row();
        row.text(key.program.as_str()).text(key.branch.as_str()).text(&key.name).number(stored(value.version));
        row.number(value.change).number(value.changed_ms).bytes(body.as_deref().unwrap_or_default());
        row.number(i64::from(body.is_none()));
    }
    set.write_with_bytes(SHARED, to).await?;
    let mut set = RowSet::default();
    for (key, counter) in overlay.counters.written() {
        let mut row = set.row();
        row.text(key.program.as_str()).text(key.branch.as_str()).text(&key.name).number(counter.amount);
        row.number(stored(counter.version)).number(counter.change).number(counter.changed_ms);
    }
    set.write(COUNTERS, to).await?;
    if let Some((from, to_name)) = overlay.counters.written().find_map(|(key, _)| counts_over(&key.name)) {
        to.run(COUNTERS_OVER, Bound::default().and(from).and(to_name)).await?;
    }
    let mut set = RowSet::default();
    for (key, given) in overlay.series.written() {
        set.row().text(key.program.as_str()).text(key.branch.as_str()).text(&key.name).number(stored(*given));
    }
    set.write(SERIES, to).await
}

async fn books(overlay: &Overlay, to: &mut Statements<'_>) -> Result<(), sqlx::Error> {
    let (mut made, mut moved) = (RowSet::default(), RowSet::default());
    for (id, payment) in overlay.payments.written() {
        let Some(columns) = &payment.written else { continue };
        let mut row = if payment.made { made.row() } else { moved.row() };
        row.text(id.as_str()).number(stored(payment.revision));
        if payment.made {
            row.text(columns.program.as_str()).text(columns.branch.as_str());
            row.text(columns.customer.as_str()).text(&columns.order_key);
        }
        row.number(columns.updated_ms).optional_number(columns.due_ms).text(&columns.body);
        row.number(stored(columns.audit_seq));
    }
    made.write(PAYMENTS_MADE, to).await?;
    moved.write(PAYMENTS_MOVED, to).await?;
    let mut set = RowSet::default();
    for (key, account) in overlay.accounts.written() {
        let sums = &account.balances;
        let mut row = set.row();
        row.number(account.id).text(key.kind.as_str()).text(&key.owner).text(key.currency.as_str());
        row.number(sums.debits_pending).number(sums.debits_posted);
        row.number(sums.credits_pending).number(sums.credits_posted);
    }
    set.write(ACCOUNTS, to).await?;
    let mut set = RowSet::default();
    for added in &overlay.added.transfers {
        let transfer = &added.booked.transfer;
        let (movement, pending, expires_ms) = transfer.movement.columns();
        let mut row = set.row();
        row.number(added.booked.id).number(added.debit).number(added.credit).number(transfer.amount.minor);
        row.text(movement).optional_number(pending).optional_number(expires_ms).text(transfer.purpose.as_str());
        row.optional_text(transfer.payment.as_ref().map(|payment| payment.as_str())).number(added.booked.at_ms);
        row.optional_number(transfer.ceiling).number(stored(added.audit_seq));
    }
    set.write(TRANSFERS, to).await?;
    let mut set = RowSet::default();
    for (id, pending) in overlay.pendings.written() {
        set.row().number(*id).number(pending.left).number(pending.expires_ms);
    }
    set.write(PENDINGS, to).await
}

async fn matters(overlay: &Overlay, to: &mut Statements<'_>) -> Result<(), sqlx::Error> {
    let mut set = RowSet::default();
    for (id, now) in overlay.matters.written() {
        let Some(columns) = &now.written else { continue };
        let it = &columns.matter;
        let mut row = set.row();
        row.text(it.kind.as_str()).text(id.as_str()).number(stored(it.revision));
        row.text(program_column(it.program.as_ref())).text(it.branch.as_str()).text(it.owner());
        row.optional_text(it.customer.as_ref().map(|id| id.as_str()));
        row.optional_text(it.session.as_ref().map(|id| id.as_str())).optional_text(it.key.as_deref());
        row.optional_text(it.about.as_deref()).optional_text(it.ticket.as_ref().map(|id| id.as_str()));
        row.optional_text(columns.asked.as_deref());
        row.number(it.made_ms).number(it.updated_ms).optional_number(it.due_ms).text(&columns.body);
        row.optional_bytes(columns.sealed.as_deref());
    }
    set.write_with_bytes(MATTERS, to).await
}

async fn documents(overlay: &Overlay, to: &mut Statements<'_>) -> Result<(), sqlx::Error> {
    let mut set = RowSet::default();
    for ((noun, id), record) in overlay.records.written() {
        let mut row = set.row();
        row.text(noun.as_str()).text(id).number(stored(record.version));
        row.number(stored(record.change)).text(&record.body);
    }
    set.write(RECORDS, to).await
}

async fn trail(overlay: &Overlay, to: &mut Statements<'_>) -> Result<(), sqlx::Error> {
    let mut set = RowSet::default();
    for (id, line) in &overlay.added.log {
        let mut row = set.row();
        row.number(*id).text(line.program.as_str()).text(&line.version).text(line.branch.as_str());
        row.optional_text(line.session.as_ref().map(|id| id.as_str())).number(line.at_ms);
        row.text(&line.level).text(&line.code).text(&line.text);
    }
    set.write(LOG, to).await?;
    let mut set = RowSet::default();
    for (record, evidence_rows) in &overlay.added.audit {
        let event = &record.event;
        let mut row = set.row();
        row.number(stored(record.seq)).number(event.at_ms).text(&event.actor).text(&event.action);
        row.text(&event.subject).text(&event.detail.to_string()).optional_text(event.request.as_deref());
        row.text(evidence_rows).text(record.evidence.as_str()).text(record.previous.as_str());
        row.text(record.hash.as_str());
    }
    set.write(AUDIT, to).await?;
    let mut set = RowSet::default();
    for signed in &overlay.added.checkpoints {
        let checkpoint = &signed.checkpoint;
        let mut row = set.row();
        row.number(stored(checkpoint.number)).number(stored(checkpoint.last_seq));
        row.text(&checkpoint.text()).text(signed.signature.as_str());
    }
    set.write(CHECKPOINTS, to).await
}
