//! The kinds of sheets beside a payment's. A new one is a file that says what is shown, what an agreement makes, and
//! what is left when it is declined or over; the rest is the same for all.

use super::{agreement, consent, coupon, envelope, errand, mandate, presence, subscribe};
use crate::app::App;
use crate::app::ctx::Ctx;
use crate::http::problem::Problem;
use xitai_model::commit::{Change, Guard};
use xitai_model::matter::{Matter, MatterKind};
use xitai_model::payment::Evidence;
use xitai_model::program::Outcome;
use xitai_model::session::Session;
use xitai_model::sheet::{Answers, Part};

/// What a sheet shows, in the customer's language. Made of the host's records alone, so that it is the same each time.
#[derive(Debug, Clone, PartialEq)]
pub struct Face {
    pub title: String,
    pub parts: Vec<Part>,
    /// On the button that agrees.
    pub confirm: String,
    /// Where the app goes once it was agreed to.
    pub then: Option<String>,
}

/// What an agreement makes: the matter's next revision, and what else is committed with it.
#[derive(Debug)]
pub struct Agreed {
    pub matter: Matter,
    pub guards: Vec<Guard>,
    pub changes: Vec<Change>,
    /// What the program is told with `sheet-closed`.
    pub text: Option<String>,
    /// Whether presence was proved with it.
    pub proves: bool,
}

impl Agreed {
    /// The matter's next revision alone.
    pub fn of(matter: Matter) -> Self {
        Self { matter, guards: Vec::new(), changes: Vec::new(), text: None, proves: false }
    }
}

/// Kinds whose tickets the host ends when their time is over.
pub const ASKING: &[MatterKind] = &[
    MatterKind::Errand,
    MatterKind::NoticeAsking,
    MatterKind::Mandate,
    MatterKind::Coupon,
    MatterKind::Envelope,
    MatterKind::Consent,
    MatterKind::Presence,
    MatterKind::Agreement,
];

/// What the sheet shows.
pub async fn face(app: &App, session: &Session, matter: &Matter) -> Result<Face, Problem> {
    match matter.kind {
        MatterKind::Errand => errand::face(app, session, matter),
        MatterKind::NoticeAsking => subscribe::face(app, session, matter),
        MatterKind::Mandate => mandate::face(session, matter),
        MatterKind::Coupon => coupon::face(app, session, matter),
        MatterKind::Consent => consent::face(app, session, matter).await,
        MatterKind::Presence => presence::face(app, session, matter).await,
        MatterKind::Agreement => agreement::face(app, session, matter).await,
        MatterKind::Envelope => envelope::face(session, matter),
        kind => Err(none(kind)),
    }
}

/// The customer agrees, with answers that fit the sheet.
pub async fn agree(
    app: &App,
    ctx: &Ctx,
    session: &Session,
    matter: &Matter,
    answers: &Answers,
    evidence: &Evidence,
) -> Result<Agreed, Problem> {
    match matter.kind {
        MatterKind::Errand => errand::agree(app, ctx, matter, answers, evidence).await,
        MatterKind::NoticeAsking => subscribe::agree(app, ctx, matter, answers, evidence).await,
        MatterKind::Mandate => mandate::agree(app, ctx, matter, evidence).await,
        MatterKind::Coupon => coupon::agree(app, ctx, matter, evidence),
        MatterKind::Consent => consent::agree(ctx, matter, answers, evidence),
        MatterKind::Presence => presence::agree(app, ctx, session, matter, answers, evidence).await,
        MatterKind::Agreement => agreement::agree(app, ctx, session, matter, answers, evidence).await,
        MatterKind::Envelope => envelope::agree(ctx, matter, evidence),
        kind => Err(none(kind)),
    }
}

/// The matter once its sheet was declined, is over or failed.
pub fn over(matter: &Matter, outcome: Outcome, now_ms: i64) -> Result<Matter, Problem> {
    match matter.kind {
        MatterKind::Errand => errand::over(matter, outcome, now_ms),
        MatterKind::NoticeAsking => subscribe::over(matter, outcome, now_ms),
        MatterKind::Mandate => mandate::over(matter, outcome, now_ms),
        MatterKind::Coupon => coupon::over(matter, outcome, now_ms),
        MatterKind::Consent => consent::over(matter, outcome, now_ms),
        MatterKind::Presence => presence::over(matter, outcome, now_ms),
        MatterKind::Agreement => agreement::over(matter, outcome, now_ms),
        MatterKind::Envelope => envelope::over(matter, outcome, now_ms),
        kind => Err(none(kind)),
    }
}

/// What the audit trail says.
pub fn action(kind: MatterKind, outcome: Outcome) -> &'static str {
    match (kind, outcome) {
        (MatterKind::Errand, Outcome::Agreed) => "errand.done",
        (MatterKind::Errand, _) => "errand.left",
        (MatterKind::NoticeAsking, Outcome::Agreed) => "notice.chosen",
        (MatterKind::Mandate, Outcome::Agreed) => "mandate.agreed",
        (MatterKind::Mandate, _) => "mandate.left",
        (MatterKind::Coupon, Outcome::Agreed) => "coupon.bought",
        (MatterKind::Coupon, _) => "coupon.left",
        (MatterKind::Consent, Outcome::Agreed) => "consent.granted",
        (MatterKind::Consent, _) => "consent.declined",
        (MatterKind::Presence, Outcome::Agreed) => "presence.proved",
        (MatterKind::Presence, _) => "presence.left",
        (MatterKind::Agreement, Outcome::Agreed) => "agreement.signed",
        (MatterKind::Agreement, _) => "agreement.left",
        (MatterKind::Envelope, Outcome::Agreed) => "envelope.given",
        (MatterKind::Envelope, _) => "envelope.left",
        (_, Outcome::Agreed) => "sheet.agreed",
        (_, _) => "sheet.left",
    }
}

fn none(kind: MatterKind) -> Problem {
    Problem::internal(format!("a {} has no sheet", kind.as_str()))
}
