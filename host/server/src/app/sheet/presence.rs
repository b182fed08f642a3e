//! The sheet on which a customer proves once more that it is them: by a passkey over this very sheet, else by what the
//! bank's policy allows.

use super::ask::words_of;
use super::kinds::{Agreed, Face};
use crate::app::ctx::Ctx;
use crate::app::{App, identity, sign_in};
use crate::http::problem::Problem;
use serde_json::json;
use xitai_model::code;
use xitai_model::identity::Who;
use xitai_model::limits::PASSWORD_BYTES_MAX;
use xitai_model::matter::Matter;
use xitai_model::payment::Evidence;
use xitai_model::presence::{Asking, Factor, factor};
use xitai_model::program::Outcome;
use xitai_model::session::Session;
use xitai_model::sheet::{Answers, Field, FieldInput, Part};

/// The name of the one answer.
const PASSWORD: &str = "password";

fn asking(matter: &Matter) -> Result<Asking, Problem> {
    matter.read().map_err(Problem::internal)
}

/// How the session's customer can prove it. Staff do it as who they are, and not as the record that their data hang on.
pub(super) async fn factor_of(app: &App, session: &Session) -> Result<Factor, Problem> {
    let (who, has_password) = match (&session.opening.staff, &session.opening.customer) {
        (Some(staff), _) => {
            let has_password = app.catalog().staff(staff).is_some_and(|staff| !staff.password_hash.is_empty());
            (Who::Staff(staff.clone()), has_password)
        }
        (None, Some(customer)) => {
            let record = app.store.customer(customer).await?;
            let has_password = record.is_some_and(|record| !record.password_hash.is_empty());
            (Who::Customer(customer.clone()), has_password)
        }
        (None, None) => return Err(Problem::new(code::SHEET_NO_CUSTOMER)),
    };
    let has_passkey = identity::has_passkey(app, &who).await?;
    Ok(factor(app.identity.step_up, has_passkey, has_password))
}

/// What the sheet shows of the proof, whatever else it asks for.
pub(super) fn parts_of(factor: Factor, words: &crate::words::Words) -> Vec<Part> {
    match factor {
        Factor::Passkey => vec![Part::Text { text: words.say("sheet-presence-passkey") }],
        Factor::Password => vec![
            Part::Text { text: words.say("sheet-presence-password") },
            Part::Field(Field {
                name: PASSWORD.to_owned(),
                label: words.say("password"),
                hint: String::new(),
                input: FieldInput::Secret { chars_max: PASSWORD_BYTES_MAX as u32 },
                required: true,
            }),
        ],
        Factor::None => vec![Part::Warning { text: words.say("sheet-presence-none") }],
    }
}

pub(super) async fn face(app: &App, session: &Session, matter: &Matter) -> Result<Face, Problem> {
    let (asking, words) = (asking(matter)?, words_of(session));
    let mut parts = vec![
        Part::Text { text: words.say("sheet-presence-explained") },
        Part::Facts { facts: vec![(words.say("consent-purpose"), asking.purpose)] },
    ];
    parts.extend(parts_of(factor_of(app, session).await?, &words));
    Ok(Face { title: words.say("sheet-presence"), parts, confirm: words.say("sheet-presence-confirm"), then: None })
}

/// The evidence with how presence was proved, where it was.
pub(super) async fn proved(
    app: &App,
    ctx: &Ctx,
    session: &Session,
    answers: &Answers,
    evidence: &Evidence,
) -> Result<Evidence, Problem> {
    // What came along was checked against the digest of this sheet before.
    if ctx.step_up.is_some() {
        return Ok(evidence.clone());
    }
    match factor_of(app, session).await? {
        Factor::Passkey => Err(Problem::new(code::AUTH_STEP_UP)
            .member("step_up", json!({ "digest": evidence.digest, "has_passkey": true }))),
        Factor::None => Err(Problem::new(code::AUTH_NO_PASSKEY)),
        Factor::Password => {
            let password = answers.get(PASSWORD).unwrap_or_default();
            if !sign_in::is_own_password(app, ctx, password).await? {
                return Err(Problem::new(code::AUTH_BAD_PASSWORD));
            }
            Ok(Evidence { proof: PASSWORD.to_owned(), ..evidence.clone() })
        }
    }
}

pub(super) async fn agree(
    app: &App,
    ctx: &Ctx,
    session: &Session,
    matter: &Matter,
    answers: &Answers,
    evidence: &Evidence,
) -> Result<Agreed, Problem> {
    let asking = asking(matter)?;
    let evidence = proved(app, ctx, session, answers, evidence).await?;
    let matter = matter.agreed(&asking, &evidence, ctx.now_ms);
    Ok(Agreed { proves: true, ..Agreed::of(matter) })
}

pub(super) fn over(matter: &Matter, outcome: Outcome, now_ms: i64) -> Result<Matter, Problem> {
    Ok(matter.over(&asking(matter)?, outcome, now_ms))
}
