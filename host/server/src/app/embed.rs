//! Partners' pages and servers that show programs of the bank: registering them, and the visitors whom they bring.
//!
//! A visitor of a partner's page acts by a sign-in that is bound to the embed. It reaches sessions and agrees to
//! nothing: what must be agreed to goes on in the bank's own window, by a code.

use super::App;
use super::catalog::Catalog;
use super::ctx::{Caller, Ctx};
use super::handover::{self as handovers, Arrival};
use super::merchant::by;
use super::publish::{self, may_for_bank, put};
use super::rate::Guesses;
use super::session::{self, Open, SessionView};
use super::sign_in::{self, MadeToken};
use super::step_up;
use super::visitor;
use crate::http::problem::Problem;
use serde_json::json;
use std::sync::Arc;
use xitai_egress::signature::{self, Direction, Secret};
use xitai_model::code;
use xitai_model::commit::{Change, CommitRefusal};
use xitai_model::digest::Digest;
use xitai_model::embed::{self, Command, Embed, GONE_ON, Launch, Signed, Terms, apply, of_scopes, scope};
use xitai_model::handover::{Purpose, Taker};
use xitai_model::identity::{Customer, How, Level, Token, Who};
use xitai_model::ids::{BranchId, PlaceId, ProgramId, SessionId};
use xitai_model::journey::Origin;
use xitai_model::limits::EMBEDS_MAX;
use xitai_model::place::PlaceKind;
use xitai_model::policy::Action;
use xitai_model::program::{Channel, Surface};
use xitai_model::proposal::Verdict;
use xitai_model::record::Noun;
use xitai_model::refusal::Refusal;

fn not_found() -> Problem {
    Problem::new(code::EMBED_NOT_FOUND)
}

pub fn list(app: &App, ctx: &Ctx) -> Result<Vec<Embed>, Problem> {
    let catalog = app.catalog();
    may_for_bank(&catalog, ctx, Action::ReadEmbeds)?;
    Ok(catalog.embeds.values().map(|kept| kept.value.clone()).collect())
}

pub fn view(app: &App, ctx: &Ctx, id: &str) -> Result<Embed, Problem> {
    let catalog = app.catalog();
    may_for_bank(&catalog, ctx, Action::ReadEmbeds)?;
    catalog.embed(id).cloned().ok_or_else(not_found)
}

/// An embed after somebody did something, and its secret where that is told now.
pub struct Done {
    pub embed: Embed,
    pub secret: Option<String>,
}

/// Proposes which pages of a partner show which programs. The secret is told with the first proposal, and with the
/// first after a withdrawal.
pub async fn propose(app: &App, ctx: &Ctx, id: &str, terms: Terms) -> Result<Done, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = may_for_bank(&catalog, ctx, Action::ProposeEmbed)?;
    let there = catalog.embed(id);
    if there.is_none() && catalog.embeds.len() >= EMBEDS_MAX {
        return Err(Problem::new(code::EMBED_TOO_MANY));
    }
    partner(&catalog, &terms.partner)?;
    if let Some(program) = terms.programs.iter().find(|program| catalog.program(program).is_none()) {
        return Err(Problem::new(code::PROGRAM_NOT_FOUND).detail(program));
    }
    let before = there.cloned().map_or_else(|| embed::named(id), Ok)?;
    let embed = apply(&before, Command::Propose(terms), &by(staff), ctx.now_ms)?;
    keep(app, ctx, &catalog, &embed, "embed.proposed", None).await?;
    // Also where it was withdrawn: the secret before is over with that.
    let is_told = there.is_none_or(|there| there.withdrawn.is_some());
    let secret = is_told.then(|| secret(app, &embed, embed.secret).reveal());
    Ok(Done { embed, secret })
}

/// The place of a merchant or another company.
fn partner(catalog: &Catalog, id: &PlaceId) -> Result<(), Problem> {
    let place = catalog.place(id).filter(|place| place.over.is_none());
    match place.map(|place| place.kind) {
        Some(PlaceKind::Merchant | PlaceKind::Partner) => Ok(()),
        _ => Err(Refusal::of(code::EMBED_TERMS, "a merchant's or partner's place").into()),
    }
}

/// What a second person says, in the words that are signed.
pub fn subject(id: &str, verdict: &Verdict) -> String {
    match verdict {
        Verdict::Approve { digest } => said("approve", id, digest),
        Verdict::Return { digest, .. } => said("return", id, digest),
    }
}
pub fn said(word: &str, id: &str, digest: &Digest) -> String {
    format!("{word} embed {id} {digest}")
}

/// Takes the second person's decision on exactly what they saw.
pub async fn decide(app: &App, ctx: &Ctx, id: &str, verdict: Verdict) -> Result<Embed, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = may_for_bank(&catalog, ctx, Action::DecideEmbed)?;
    let there = catalog.embed(id).ok_or_else(not_found)?;
    let proof = step_up::presence(app, ctx, Action::DecideEmbed, &subject(id, &verdict)).await?;
    let next = apply(there, Command::Decide(verdict), &by(staff), ctx.now_ms)?;
    keep(app, ctx, &catalog, &next, "embed.decided", proof).await?;
    Ok(next)
}

/// Takes an embed away at once: its frames show nothing any more.
pub async fn withdraw(app: &App, ctx: &Ctx, id: &str, note: String) -> Result<Embed, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = may_for_bank(&catalog, ctx, Action::WithdrawEmbed)?;
    let there = catalog.embed(id).ok_or_else(not_found)?;
    let next = apply(there, Command::Withdraw { note }, &by(staff), ctx.now_ms)?;
    keep(app, ctx, &catalog, &next, "embed.withdrawn", None).await?;
    Ok(next)
}

/// Makes another secret. The one before signs for a day more.
pub async fn rotate(app: &App, ctx: &Ctx, id: &str) -> Result<Done, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = may_for_bank(&catalog, ctx, Action::ProposeEmbed)?;
    let there = catalog.embed(id).ok_or_else(not_found)?;
    let embed = apply(there, Command::Rotate, &by(staff), ctx.now_ms)?;
    keep(app, ctx, &catalog, &embed, "embed.rotated", None).await?;
    let secret = Some(secret(app, &embed, embed.secret).reveal());
    Ok(Done { embed, secret })
}

async fn keep(
    app: &App,
    ctx: &Ctx,
    catalog: &Catalog,
    next: &Embed,
    action: &str,
    proof: Option<step_up::Taken>,
) -> Result<(), Problem> {
    let (guard, change) = put(catalog, Noun::Embed, &next.id, next)?;
    let mut detail = json!({
        "standing": next.standing(), "live": next.live, "proposed": next.proposed, "withdrawn": next.withdrawn,
        "secret": next.secret,
    });
    let mut changes = vec![change];
    step_up::keep(proof, &mut changes, &mut detail);
    publish::keep(app, ctx, vec![guard], changes, action, &format!("embed:{}", next.id), detail).await
}

fn secret(app: &App, embed: &Embed, number: u32) -> Secret {
    Secret::derive(&app.keys.master, &format!("embed/{}", embed.id), Direction::Inbound, number)
}

/// A launch that a partner's server signed, and whose it is.
pub fn launch(app: &App, id: &str, text: &str, now_ms: i64) -> Result<(Embed, Launch), Problem> {
    let catalog = app.catalog();
    let embed = catalog.embed(id).ok_or_else(not_found)?;
    let signed = Signed::parse(text).ok_or_else(|| Problem::new(code::EMBED_LAUNCH))?;
    let secrets: Vec<Secret> = embed.secrets(now_ms).into_iter().map(|number| secret(app, embed, number)).collect();
    if !signature::fits(&secrets, &signed.message(), signed.tag) {
        return Err(Problem::new(code::EMBED_LAUNCH).because("forged"));
    }
    let launch = signed.launch()?;
    launch.check(embed, now_ms)?;
    holds(&catalog, embed)?;
    Ok((embed.clone(), launch))
}

/// Whether an embed's partner is still there.
fn holds<'a>(catalog: &Catalog, embed: &'a Embed) -> Result<&'a Terms, Problem> {
    let terms = embed.live.as_ref().ok_or_else(|| Problem::new(code::EMBED_ORIGIN))?;
    partner(catalog, &terms.partner).map_err(|_| Problem::new(code::EMBED_ORIGIN).because("its place is over"))?;
    Ok(terms)
}

/// The branch that serves a partner's visitors: the one that the partner lies below, else the bank's first.
fn branch_of(app: &App, catalog: &Catalog, partner: &PlaceId) -> Result<BranchId, Problem> {
    let above =
        catalog.branches().find(|branch| catalog.is_within(partner, &branch.id)).map(|branch| branch.id.clone());
    above.map_or_else(|| visitor::branch_of(app, None), Ok)
}

/// A visitor of a partner's, and their sign-in.
pub struct Visit {
    pub made: MadeToken,
    ctx: Ctx,
}

async fn visit(app: &App, ctx: &Ctx, embed: &Embed, locale: &str) -> Result<Visit, Problem> {
    let catalog = app.catalog();
    let terms = holds(&catalog, embed)?;
    app.rates.guess(Guesses::EmbedVisitor, &embed.id, ctx.now_ms)?;
    let branch = branch_of(app, &catalog, &terms.partner)?;
    let nobody = Ctx { actor: Caller::Anonymous, token: None, scopes: None, ..ctx.clone() };
    let mut new = visitor::made(app, &nobody, Some(&branch), locale, How::Embed, &embed.id)?;
    let Who::Customer(id) = new.who.clone() else { return Err(Problem::internal("a visitor is a customer")) };
    let (text, mut token) = sign_in::fresh(app, &nobody, new.who, How::Embed, embed.id.clone());
    token.scopes = Some(vec![scope(&embed.id)]);
    new.changes.push(Change::Token(token.clone()));
    let (subject, detail) = (format!("embed:{}", embed.id), json!({ "visitor": id }));
    publish::commit(app, ctx, new.guards, new.changes, "embed.entered", &subject, detail).await?;
    let made = MadeToken::of(app, text, &token).await?;
    let customer = app.store.customer(&id).await?.ok_or_else(|| Problem::internal("a visitor was just made"))?;
    let visitor = Ctx {
        actor: Caller::Customer(Arc::new(customer)),
        token: Some(token.digest),
        how: How::Embed,
        scopes: token.scopes.map(Arc::from),
        proved_ms: 0,
        ..ctx.clone()
    };
    Ok(Visit { made, ctx: visitor })
}

/// A frame that was opened: its visitor, and the program that was signed for.
pub struct Entered {
    pub made: MadeToken,
    pub view: SessionView,
}

/// Opens the frame's program for a new visitor.
pub async fn enter(app: &App, ctx: &Ctx, id: &str, text: &str, locale: &str) -> Result<Entered, Problem> {
    let (embed, launch) = launch(app, id, text, ctx.now_ms)?;
    app.rates.guess_from(Guesses::Visitor, ctx)?;
    let visit = visit(app, ctx, &embed, locale).await?;
    let open = Open {
        program: launch.program,
        page: launch.page,
        query: launch.query,
        branch: None,
        channel: Channel::Embed,
        locale: Some(locale.to_owned()),
        zone: None,
        elder_mode: None,
        surface: Surface::Page,
        practice: false,
        code: None,
        origin: Origin::Embed,
    };
    let view = session::open(app, &visit.ctx, open).await?;
    Ok(Entered { made: visit.made, view })
}

/// A partner's server, by its machine token, gets a visitor: it draws the screens itself.
pub async fn serve(app: &App, ctx: &Ctx, id: &str, locale: &str) -> Result<MadeToken, Problem> {
    let catalog = app.catalog();
    let embed = catalog.embed(id).ok_or_else(not_found)?;
    let bound = scope(id);
    let is_its_own = ctx.scopes.as_deref().is_some_and(|scopes| scopes.contains(&bound));
    if ctx.how != How::Machine || !is_its_own {
        return Err(Problem::new(code::AUTH_SCOPE).because(bound));
    }
    Ok(visit(app, ctx, embed, locale).await?.made)
}

/// Whether the sign-in of a partner's visitor still reaches anything: the embed holds, and nobody is known by it. A
/// visitor who became a customer did so in the bank's own window, and the partner's page is no part of that.
pub fn check(catalog: &Catalog, ctx: &Ctx) -> Result<(), Problem> {
    if ctx.customer().is_none_or(|customer| customer.level != Level::Visitor) {
        return Err(Problem::new(code::AUTH_EXPIRED));
    }
    let embed = of(ctx).and_then(|id| catalog.embed(id)).ok_or_else(|| Problem::new(code::AUTH_EXPIRED))?;
    holds(catalog, embed).map(|_| ())
}

/// The embed that the caller's sign-in is bound to.
pub fn of(ctx: &Ctx) -> Option<&str> {
    of_scopes(ctx.scopes.as_deref().filter(|_| ctx.how == How::Embed)?.iter())
}

/// Whether the caller's visitor went on in the bank's own window.
pub fn has_gone_on(ctx: &Ctx) -> bool {
    ctx.how == How::Embed && ctx.scopes.as_deref().is_some_and(|it| it.iter().any(|scope| scope == GONE_ON))
}

/// Whether the caller may open a program: whoever comes by a partner, what was registered for it.
pub fn may_open(catalog: &Catalog, ctx: &Ctx, program: &ProgramId) -> Result<(), Problem> {
    if ctx.how != How::Embed {
        return Ok(());
    }
    let embed = of(ctx).and_then(|id| catalog.embed(id)).ok_or_else(|| Problem::new(code::AUTH_EXPIRED))?;
    Ok(embed.shows(program).map(|_| ())?)
}

/// What going on in the bank's own window came to.
pub enum GoesOn {
    /// As the visitor that they were: the session itself is here.
    Here { made: Box<MadeToken>, session: SessionId },
    /// As somebody who is signed in here: the program is opened anew, for them.
    Anew,
}

/// Whoever came from a partner's page types its code in the bank's own window, or the address did.
pub async fn go_on(app: &App, ctx: &Ctx, id: &str, code: &str, device: &str) -> Result<GoesOn, Problem> {
    let wrong = || Problem::new(code::HANDOVER_CODE);
    let tries = ctx.address.map(|address| address.to_string()).unwrap_or_default();
    let taken = handovers::find(app, ctx, code, Taker::Window, &tries).await?;
    let Purpose::Session(session) = taken.purpose().clone() else { return Err(wrong()) };
    let Some(brought) = brought_by(app, ctx, &taken.owner, id).await? else { return Err(wrong()) };
    let (guard, used) = taken.used(ctx.now_ms);
    let is_somebody = match &ctx.actor {
        Caller::Customer(customer) => customer.level > Level::Visitor,
        Caller::Staff(_) => true,
        Caller::Anonymous | Caller::Host => false,
    };
    if is_somebody {
        let subject = format!("embed:{id}");
        let detail = json!({ "visitor": taken.owner.id, "session": session });
        return match publish::commit(app, ctx, vec![guard], vec![used], "embed.gone-on", &subject, detail).await {
            Err(CommitRefusal::Moved(fact)) => Err(wrong().because(fact)),
            done => Ok(done.map(|()| GoesOn::Anew)?),
        };
    }
    let (text, token) = sign_in::fresh(app, ctx, Who::Customer(taken.owner.id.clone()), How::Visit, device.to_owned());
    let lent = handovers::lent(app, taken.owner.clone(), How::Visit, token.digest.clone());
    let lent = Ctx { request_id: ctx.request_id.clone(), ..lent };
    // From here on the partner's sign-in is told how it went, and no more: a code that it makes would bring it in here.
    let narrowed = Token { scopes: Some(vec![scope(id), GONE_ON.to_owned()]), ..brought };
    let before = narrowed.digest.clone();
    let changes = vec![used, Change::Token(narrowed), Change::Token(token.clone())];
    let arrival = Arrival { channel: Channel::Phone, hand: token.digest.clone(), guards: vec![guard], changes };
    handovers::arrive(app, &lent, &session, arrival).await?;
    app.sign_ins.forget(&before);
    Ok(GoesOn::Here { made: Box::new(MadeToken::of(app, text, &token).await?), session })
}

/// The sign-in by which a partner brought the visitor; none where the visitor is somebody, or is in the bank's own window
/// already: whoever came first goes on there, and nobody beside them.
async fn brought_by(app: &App, ctx: &Ctx, owner: &Customer, id: &str) -> Result<Option<Token>, Problem> {
    if owner.level != Level::Visitor {
        return Ok(None);
    }
    let who = Who::Customer(owner.id.clone());
    let tokens = app.store.tokens_of(&who, ctx.now_ms, xitai_model::limits::TOKENS_LISTED_MAX).await?;
    if tokens.iter().any(|token| token.how == How::Visit) {
        return Ok(None);
    }
    let bound = |scopes: &Vec<String>| of_scopes(scopes) == Some(id);
    Ok(tokens.into_iter().find(|token| token.how == How::Embed && token.scopes.as_ref().is_some_and(bound)))
}
