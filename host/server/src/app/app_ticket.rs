//! Tickets of the bank's own app: issued to its server for a customer, shown once by the WebView, and withdrawn where
//! the bank's own sign-in of the customer ends.

use super::App;
use super::ctx::Ctx;
use super::feedback::{Read, read};
use super::handover as handovers;
use super::provider;
use super::publish::{self, may_for_bank};
use super::rate::Guesses;
use super::sign_in::{self, MadeToken, NewToken};
use crate::http::problem::Problem;
use serde_json::json;
use xitai_model::app_ticket::{self, AppTicket, Command, Opens, State, about, apply};
use xitai_model::code;
use xitai_model::commit::{Change, CommitRefusal};
use xitai_model::digest::Digest;
use xitai_model::identity::{Customer, How, Who};
use xitai_model::ids::MatterId;
use xitai_model::limits::{APP_TICKETS_ENDED_MAX, LOGIN_BYTES_MAX, TOKENS_LISTED_MAX};
use xitai_model::matter::{Matter, MatterKind};
use xitai_model::policy::Action;
use xitai_store::StoreError;

/// What the bank's server asks for.
pub struct Wanted {
    /// As the bank's own sign-in names them.
    pub customer: String,
    /// Of the verifier that the app keeps.
    pub challenge: String,
    pub opens: Option<Opens>,
}

/// A ticket that was made. It is told this once.
pub struct Made {
    pub ticket: String,
    pub until_ms: i64,
}

/// The token of the bank's server that asks. No person signs in as a customer, whatever their role.
fn server(app: &App, ctx: &Ctx) -> Result<Digest, Problem> {
    may_for_bank(&app.catalog(), ctx, Action::IssueTickets)?;
    let token = ctx.token.clone().filter(|_| ctx.how == How::Machine && ctx.scopes.is_some());
    token.ok_or_else(|| Problem::new(code::APP_TICKET_MACHINE))
}

async fn customer(app: &App, named: &str) -> Result<Customer, Problem> {
    let missing = || Problem::new(code::APP_TICKET_CUSTOMER);
    if named.is_empty() || named.len() > LOGIN_BYTES_MAX {
        return Err(missing());
    }
    match provider::named(app, named).await {
        Ok(found) => found.ok_or_else(missing),
        // Whoever was erased is nobody.
        Err(problem) if problem.code == code::HOST_WITHHELD => Err(missing()),
        Err(problem) => Err(problem),
    }
}

/// Issues a ticket.
pub async fn issue(app: &App, ctx: &Ctx, wanted: Wanted) -> Result<Made, Problem> {
    let issuer = server(app, ctx)?;
    let challenge = app_ticket::challenge(&wanted.challenge)?;
    if let Some(opens) = &wanted.opens {
        opens.check()?;
        if app.catalog().program(&opens.program).is_none() {
            return Err(Problem::new(code::APP_TICKET_OPENS).detail(&opens.program));
        }
    }
    let customer = customer(app, &wanted.customer).await?;
    app.rates.guess(Guesses::AppTicketMade, customer.id.as_str(), ctx.now_ms)?;
    let name = app.store.token(&issuer).await?.map(|token| token.name).unwrap_or_default();
    let body = AppTicket::new(name, issuer, challenge, wanted.opens, ctx.now_ms);
    let ticket = format!("xa_{}", data_encoding::BASE64URL_NOPAD.encode(&app.clock.random::<32>()));
    let id = MatterId::new(ctx.now_ms, app.clock.random());
    let mut matter = Matter::new(id, None, customer.branch, Some(customer.id.clone()), &body, ctx.now_ms);
    matter.about = Some(about(&ticket));
    let State::Open { until_ms } = body.state else { return Err(Problem::internal("a ticket that is made is open")) };
    let subject = format!("customer:{}", customer.id);
    let detail = json!({ "app": body.app, "opens": body.opens.as_ref().map(|opens| &opens.program) });
    let changes = vec![Change::Matter(Box::new(matter))];
    publish::commit(app, ctx, Vec::new(), changes, "app-ticket.issued", &subject, detail).await?;
    Ok(Made { ticket, until_ms })
}

/// Whoever showed a ticket, signed in, and where they begin.
pub struct Entered {
    pub made: MadeToken,
    pub opens: Option<Opens>,
}

/// A WebView shows its ticket with the app's verifier.
pub async fn enter(app: &App, ctx: &Ctx, ticket: &str, verifier: &str, device: &str) -> Result<Entered, Problem> {
    let none = || Problem::new(code::APP_TICKET);
    app.rates.guess_from(Guesses::AppTicket, ctx)?;
    let (found, _) = app.store.matters_about(MatterKind::AppTicket, &about(ticket), None, 1).await?;
    let row = found.into_iter().next().map(read::<AppTicket>).transpose()?.ok_or_else(none)?;
    let next = apply(&row.body, Command::Show { verifier }, ctx.now_ms)?;
    if matches!(next.state, State::Spoiled { .. }) {
        keep(app, ctx, &row, &next, "app-ticket.spoiled").await?;
        return Err(Problem::new(code::APP_TICKET_ELSEWHERE));
    }
    if !issuer_holds(app, &row.body.issuer, ctx.now_ms).await? {
        return Err(none().because("its server's token is over"));
    }
    let owner = match &row.matter.customer {
        Some(owner) => app.store.customer(owner).await,
        None => Ok(None),
    };
    let owner = match owner {
        Ok(Some(owner)) => owner,
        Ok(None) | Err(StoreError::Withheld) => return Err(none().because("the customer is erased")),
        Err(error) => return Err(error.into()),
    };
    let name = if device.is_empty() { next.app.clone() } else { format!("{} · {device}", next.app) };
    let mut new = NewToken::of(Who::Customer(owner.id), How::App, &name);
    new.detail["app"] = next.app.clone().into();
    let (guard, shown) = row.next(&next, ctx.now_ms);
    new.guards.push(guard);
    new.changes.push(shown);
    // One WebView holds one sign-in: the one before is over with it.
    if let Some(before) = ctx.token.clone().filter(|_| ctx.how == How::App) {
        new.changes.push(Change::TokenRevoked(before.clone()));
        new.forgets.push(before);
    }
    let made = sign_in::enter(app, ctx, new).await.map_err(|problem| match problem.code {
        // Shown twice at the same moment.
        it if it == code::AUTH_CHALLENGE => Problem { code: code::APP_TICKET, ..problem },
        _ => problem,
    })?;
    Ok(Entered { made, opens: next.opens })
}

/// Whether the server's token still stands behind its tickets.
async fn issuer_holds(app: &App, issuer: &Digest, now_ms: i64) -> Result<bool, Problem> {
    let token = sign_in::caller(app, issuer, now_ms).await?;
    let is_scoped = |scopes: &[String]| scopes.iter().any(|scope| scope == Action::IssueTickets.as_str());
    Ok(token.is_some_and(|token| token.how == How::Machine && token.scopes.as_deref().is_some_and(is_scoped)))
}

async fn keep(app: &App, ctx: &Ctx, row: &Read<AppTicket>, next: &AppTicket, action: &str) -> Result<(), Problem> {
    let (guard, change) = row.next(next, ctx.now_ms);
    let subject = row.matter.customer.as_ref().map_or_else(String::new, |customer| format!("customer:{customer}"));
    match publish::commit(app, ctx, vec![guard], vec![change], action, &subject, json!({ "app": next.app })).await {
        Err(CommitRefusal::Moved(fact)) => Err(Problem::new(code::APP_TICKET).because(fact)),
        done => Ok(done?),
    }
}

/// Sign-ins that came of tickets, and what they may have lent: at a kiosk, to a chat.
const ENDS: [How; 3] = [How::App, How::Kiosk, How::Chat];

/// The bank's own sign-in of a customer is over, or was blocked: no ticket of theirs opens anything any more, and
/// whoever came by one is signed out. Says how many sign-ins ended.
pub async fn end(app: &App, ctx: &Ctx, named: &str) -> Result<usize, Problem> {
    may_for_bank(&app.catalog(), ctx, Action::IssueTickets)?;
    let customer = customer(app, named).await?;
    server(app, ctx)?;
    let (found, _) =
        app.store.matters_of(MatterKind::AppTicket, &customer.id, None, None, APP_TICKETS_ENDED_MAX).await?;
    let (mut guards, mut changes) = (Vec::new(), Vec::new());
    for row in found {
        let row = read::<AppTicket>(row)?;
        if let Ok(over) = apply(&row.body, Command::Withdraw, ctx.now_ms) {
            let (guard, withdrawn) = row.next(&over, ctx.now_ms);
            guards.push(guard);
            changes.push(withdrawn);
        }
    }
    // A code that is under way would lend on what is over now.
    if let Some((guard, over)) = handovers::withdrawn(app, &customer.id, ctx.now_ms, |_| true).await? {
        guards.push(guard);
        changes.push(over);
    }
    let who = Who::Customer(customer.id.clone());
    let mut ended = 0;
    loop {
        let tokens = app.store.tokens_of_kinds(&who, ENDS, ctx.now_ms, TOKENS_LISTED_MAX).await?;
        changes.extend(tokens.iter().map(|token| Change::TokenRevoked(token.digest.clone())));
        let detail = json!({ "tickets": guards.len(), "sign_ins": tokens.len() });
        let (guards, changes) = (std::mem::take(&mut guards), std::mem::take(&mut changes));
        match publish::commit(app, ctx, guards, changes, "app-ticket.ended", &who.audit_name(), detail).await {
            // One was shown at the same moment.
            Err(CommitRefusal::Moved(fact)) => return Err(Problem::new(code::REQUEST_CONFLICT).because(fact)),
            done => done?,
        }
        tokens.iter().for_each(|token| app.sign_ins.forget(&token.digest));
        ended += tokens.len();
        if tokens.len() < TOKENS_LISTED_MAX {
            return Ok(ended);
        }
    }
}
