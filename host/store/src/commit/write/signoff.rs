//! Sign-offs of releases, as the database holds them itself.

use crate::commit::overlay::Overlay;
use crate::rows::RowSet;
use crate::statements::Statements;

const SIGNOFFS: &str = "INSERT INTO signoff (release, round, person, decision, maker, staff, desk, package, at_ms) \
     SELECT value->>0, CAST(value->>1 AS BIGINT), value->>2, value->>3, value->>4, value->>5, value->>6, value->>7, \
     CAST(value->>8 AS BIGINT) FROM jsonb_each($1)";

pub(super) async fn signoffs(overlay: &Overlay, to: &mut Statements<'_>) -> Result<(), sqlx::Error> {
    let mut set = RowSet::default();
    for made in &overlay.added.signoffs {
        let signoff = &made.signoff;
        let mut row = set.row();
        row.text(&made.release.to_string()).number(i64::from(signoff.round)).text(&signoff.person);
        row.text(signoff.decision.as_str()).text(&made.maker).text(signoff.by.as_str());
        row.text(signoff.desk.as_str()).text(signoff.package.as_str()).number(signoff.at_ms);
    }
    set.write(SIGNOFFS, to).await
}
