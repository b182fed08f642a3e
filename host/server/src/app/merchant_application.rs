//! Becoming a merchant: anybody who is signed in applies, two people of head office decide, and then there is one.

use super::App;
use super::application::{Kind, all, find, is_own, keep, not_found, step};
use super::ctx::{Caller, Ctx};
use super::feedback::Read;
use super::identity::who;
use super::me::customer_id;
use super::merchant::{by, said, subject};
use super::publish::{may_for_bank, put};
use super::step_up;
use crate::http::problem::Problem;
use serde_json::json;
use xitai_model::code::{self, Code};
use xitai_model::identity::Level;
use xitai_model::ids::{BranchId, MatterId};
use xitai_model::limits::MERCHANT_APPLICATIONS_OPEN_MAX;
use xitai_model::matter::Matter;
use xitai_model::merchant::application::{self, Application, Command, Offer, State, WISH, Wish};
use xitai_model::place::PlaceKind;
use xitai_model::policy::Action;
use xitai_model::proposal::Verdict;
use xitai_model::record::Noun;

impl Kind for Offer {
    const SUBJECT: &'static str = "merchant-application";
    const NOT_FOUND: &'static Code = code::MERCHANT_APPLICATION_NOT_FOUND;
}

/// What was written; nothing once the applicant was erased.
pub fn wish(matter: &Matter) -> Option<Wish> {
    matter.unsealed(WISH)
}

/// Applies. The branch is the applicant's own, or the one that is named.
pub async fn apply(app: &App, ctx: &Ctx, wish: Wish, branch: Option<BranchId>) -> Result<Read<Application>, Problem> {
    let wish = wish.checked()?;
    let catalog = app.catalog();
    let (own, person, publisher) = match &ctx.actor {
        Caller::Customer(customer) if customer.level == Level::Visitor => {
            return Err(Problem::new(code::LEVEL_TOO_LOW));
        }
        Caller::Customer(customer) => (Some(customer.branch.clone()), None, None),
        Caller::Staff(staff) => {
            let own = super::launch::own_branch(&catalog, staff);
            (own, Some(staff.person.clone()), staff.publisher.clone())
        }
        Caller::Anonymous | Caller::Host => return Err(Problem::new(code::AUTH_REQUIRED)),
    };
    let branch = branch.or(own).ok_or_else(|| Problem::malformed("branch: say which"))?;
    if !catalog.place(&branch).is_some_and(|place| place.kind == PlaceKind::Branch) {
        return Err(Problem::malformed("branch: there is none of this name"));
    }
    let own = own_list(app, ctx).await?;
    if own.iter().filter(|it| it.body.is_open()).count() >= MERCHANT_APPLICATIONS_OPEN_MAX {
        return Err(Problem::new(code::MERCHANT_APPLICATIONS_OPEN));
    }
    let body = Application::new(who(ctx)?, person, publisher, ctx.now_ms);
    let id = MatterId::new(ctx.now_ms, app.clock.random());
    let mut matter = Matter::new(id, None, branch, Some(customer_id(ctx)?.clone()), &body, ctx.now_ms);
    matter.seal(WISH, &wish);
    keep::<Offer>(app, ctx, &matter, Vec::new(), Vec::new(), "merchant.applied", json!({})).await?;
    Ok(Read { matter, body })
}

/// The caller's own, newest first.
pub async fn own_list(app: &App, ctx: &Ctx) -> Result<Vec<Read<Application>>, Problem> {
    super::application::own_list(app, ctx).await
}

/// All of them for head office, newest first.
pub async fn list(app: &App, ctx: &Ctx) -> Result<Vec<Read<Application>>, Problem> {
    may_for_bank(&app.catalog(), ctx, Action::ReadMerchants)?;
    all(app).await
}

/// One, for head office and for its applicant.
pub async fn view(app: &App, ctx: &Ctx, id: &MatterId) -> Result<Read<Application>, Problem> {
    let found = find(app, id).await?;
    if is_own(ctx, &found) || may_for_bank(&app.catalog(), ctx, Action::ReadMerchants).is_ok() {
        return Ok(found);
    }
    Err(not_found::<Offer>())
}

/// Head office makes an offer.
pub async fn offer(app: &App, ctx: &Ctx, id: &MatterId, offer: Offer) -> Result<Read<Application>, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = may_for_bank(&catalog, ctx, Action::ProposeTerms)?;
    if catalog.merchant(&offer.merchant).is_some() {
        return Err(Problem::new(code::MERCHANT_TAKEN).detail(&offer.merchant));
    }
    let detail = json!({ "merchant": offer.merchant, "terms": offer.terms });
    step(app, ctx, find(app, id).await?, Command::Offer(offer), Some(&by(staff)), "merchant.offered", detail).await
}

/// Head office turns it down, with a reason that the applicant reads.
pub async fn turn_down(app: &App, ctx: &Ctx, id: &MatterId, note: String) -> Result<Read<Application>, Problem> {
    let catalog = app.catalog();
    let staff = may_for_bank(&catalog, ctx, Action::DecideTerms)?;
    let command = Command::TurnDown { note };
    step(app, ctx, find(app, id).await?, command, Some(&by(staff)), "merchant.turned-down", json!({})).await
}

/// The applicant takes it back.
pub async fn withdraw(app: &App, ctx: &Ctx, id: &MatterId) -> Result<Read<Application>, Problem> {
    let found = find(app, id).await?;
    if !is_own(ctx, &found) {
        return Err(not_found::<Offer>());
    }
    step(app, ctx, found, Command::Withdraw, None, "merchant.withdrawn", json!({})).await
}

/// The second person decides on exactly the offer that they saw. With an approval there is a merchant, in one commit.
pub async fn decide(app: &App, ctx: &Ctx, id: &MatterId, verdict: Verdict) -> Result<Read<Application>, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = may_for_bank(&catalog, ctx, Action::DecideTerms)?;
    let found = find(app, id).await?;
    let (word, digest) = said(&verdict);
    let signed = subject(word, id.as_str(), digest);
    let proof = step_up::presence(app, ctx, Action::DecideTerms, &signed).await?;
    let body = application::apply(&found.body, Command::Decide(verdict), Some(&by(staff)), ctx.now_ms)?;
    let matter = found.matter.moved(&body, ctx.now_ms);
    let (mut guards, mut changes, mut detail) = (Vec::new(), Vec::new(), json!({ "state": body.state }));
    if let (State::Approved, Some(offer)) = (body.state, &body.offer) {
        let wish = wish(&found.matter).ok_or_else(|| Problem::new(code::HOST_WITHHELD))?;
        let people = [offer.by.staff.clone(), staff.id.clone()];
        let branch = matter.branch.clone();
        let merchant = application::made(&body, &wish, &offer.what, branch, &people, ctx.now_ms);
        if catalog.merchant(&merchant.id).is_some() {
            return Err(Problem::new(code::MERCHANT_TAKEN).detail(&merchant.id));
        }
        let (guard, change) = put(&catalog, Noun::Merchant, merchant.id.as_str(), &merchant)?;
        guards.push(guard);
        changes.push(change);
        detail["merchant"] = json!(merchant.id);
        detail["contract"] = json!(merchant.contracts.last());
    }
    step_up::keep(proof, &mut changes, &mut detail);
    keep::<Offer>(app, ctx, &matter, guards, changes, "merchant.application-decided", detail).await?;
    app.refresh_catalog().await?;
    Ok(Read { matter, body })
}
