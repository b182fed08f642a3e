//! Passkeys, bindings, challenges, and visitors whose record another one takes over.

use crate::commit::overlay::Overlay;
use crate::rows::RowSet;
use crate::statements::{Bound, Statements};

const PASSKEYS: &str = "INSERT INTO passkey (id, who, name, made_ms, used_ms, credential) \
     SELECT value->>0, value->>1, value->>2, CAST(value->>3 AS BIGINT), CAST(value->>4 AS BIGINT), value->>5 \
     FROM jsonb_each($1) WHERE true ON CONFLICT (id) DO UPDATE SET name = excluded.name, used_ms = excluded.used_ms, \
     credential = excluded.credential";
const PASSKEYS_REMOVED: &str = "DELETE FROM passkey WHERE id IN (SELECT value->>0 FROM jsonb_each($1))";
const BINDINGS: &str = "INSERT INTO binding (id, provider, who, made_ms) \
     SELECT value->>0, value->>1, value->>2, CAST(value->>3 AS BIGINT) FROM jsonb_each($1) WHERE true \
     ON CONFLICT (id) DO UPDATE SET who = excluded.who, made_ms = excluded.made_ms";
const BINDINGS_REMOVED: &str = "DELETE FROM binding WHERE id IN (SELECT value->>0 FROM jsonb_each($1))";
const CHALLENGES: &str = "INSERT INTO challenge (id, purpose, who, expires_ms, body) \
     SELECT value->>0, value->>1, value->>2, CAST(value->>3 AS BIGINT), value->>4 FROM jsonb_each($1) WHERE true \
     ON CONFLICT (id) DO UPDATE SET purpose = excluded.purpose, who = excluded.who, \
     expires_ms = excluded.expires_ms, body = excluded.body";
const CHALLENGES_TAKEN: &str = "DELETE FROM challenge WHERE id IN (SELECT value->>0 FROM jsonb_each($1))";
const CHALLENGES_OVER: &str = "DELETE FROM challenge WHERE expires_ms < $1";

/// Where a program knows both, the visitor's subject leads to the other customer from now on; else it is the other's.
const TAKEN_OVER: &[&str] = &[
    "UPDATE former_subject SET customer = $2 WHERE customer = $1",
    "INSERT INTO former_subject (program, subject, customer) SELECT program, subject, $2 FROM subject \
     WHERE customer = $1 AND program IN (SELECT program FROM subject WHERE customer = $2)",
    "DELETE FROM subject WHERE customer = $1 AND program IN (SELECT program FROM subject WHERE customer = $2)",
    "UPDATE subject SET customer = $2 WHERE customer = $1",
    "UPDATE customer SET taken_over_by = $2 WHERE taken_over_by = $1 OR id = $1",
];
/// Nobody comes back to the visitor's record: nothing wakes in it.
const TAKEN_OVER_ENDS: &[&str] = &[
    "DELETE FROM inbox WHERE session IN (SELECT id FROM session WHERE customer = $1)",
    "DELETE FROM wakeup WHERE session IN (SELECT id FROM session WHERE customer = $1)",
    "DELETE FROM watch WHERE session IN (SELECT id FROM session WHERE customer = $1)",
];

pub(super) async fn presence(overlay: &Overlay, to: &mut Statements<'_>) -> Result<(), sqlx::Error> {
    let (mut kept, mut removed) = (RowSet::default(), RowSet::default());
    for (id, passkey) in overlay.passkeys.written() {
        match passkey {
            Some(passkey) => {
                let mut row = kept.row();
                row.text(id).text(&passkey.who).text(&passkey.name).number(passkey.made_ms);
                row.optional_number(passkey.used_ms).text(&passkey.credential);
            }
            None => {
                removed.row().text(id);
            }
        }
    }
    kept.write(PASSKEYS, to).await?;
    removed.write(PASSKEYS_REMOVED, to).await?;
    let (mut kept, mut removed) = (RowSet::default(), RowSet::default());
    for (id, binding) in overlay.bindings.written() {
        match binding {
            Some(binding) => {
                kept.row().text(id).text(&binding.provider).text(&binding.who).number(binding.made_ms);
            }
            None => {
                removed.row().text(id);
            }
        }
    }
    kept.write(BINDINGS, to).await?;
    removed.write(BINDINGS_REMOVED, to).await?;
    challenges(overlay, to).await
}

async fn challenges(overlay: &Overlay, to: &mut Statements<'_>) -> Result<(), sqlx::Error> {
    let (mut asked, mut taken) = (RowSet::default(), RowSet::default());
    for (id, challenge) in overlay.challenges.written() {
        match challenge.as_ref().and_then(|now| now.written.as_ref()) {
            Some(columns) => {
                let mut row = asked.row();
                row.text(id).text(&columns.purpose).optional_text(columns.who.as_deref());
                row.number(columns.expires_ms).text(&columns.body);
            }
            None => {
                taken.row().text(id);
            }
        }
    }
    let writes = asked.len() > 0;
    asked.write(CHALLENGES, to).await?;
    taken.write(CHALLENGES_TAKEN, to).await?;
    if let (true, Some(now_ms)) = (writes, overlay.added.audit.iter().map(|(record, _)| record.event.at_ms).min()) {
        to.run(CHALLENGES_OVER, Bound::default().and(now_ms)).await?;
    }
    Ok(())
}

pub(super) async fn taken_over(overlay: &Overlay, to: &mut Statements<'_>) -> Result<(), sqlx::Error> {
    for (visitor, by) in &overlay.added.taken_over {
        for statement in TAKEN_OVER {
            to.run(statement, Bound::default().and(visitor.to_string()).and(by.to_string())).await?;
        }
        for statement in TAKEN_OVER_ENDS {
            to.run(statement, Bound::default().and(visitor.to_string())).await?;
        }
    }
    Ok(())
}
