//! The customer's word outside of programs: ratings from a receipt, complaints from anywhere, and head office's side of
//! both.

use super::App;
use super::catalog::Catalog;
use super::ctx::{Caller, Ctx};
use super::figures;
use super::me::customer_id;
use super::publish::may_for_bank;
use crate::http::problem::Problem;
use serde_json::{Value, json};
use xitai_model::audit::AuditEvent;
use xitai_model::code;
use xitai_model::commit::{Change, Commit, CommitRefusal, Guard};
use xitai_model::content::search::squeezed;
use xitai_model::feedback::complaint::{self, Complaint, Said, THREAD};
use xitai_model::feedback::rating::{self, Rated, Rating, TEXT, Wish, may_rate};
use xitai_model::feedback::{Tally, about, tally, tally_of_program};
use xitai_model::ids::{BranchId, MatterId, PaymentId, ProgramId};
use xitai_model::limits::COMPLAINTS_OPEN_MAX;
use xitai_model::matter::{Matter, MatterBody, MatterKey, MatterKind};
use xitai_model::policy::Action;

/// Matters of one page.
pub const PAGE: usize = 50;
/// What stands before keys of the host's own pages: no program can write it.
const OWN_KEY: &str = "\u{1}page/";

/// A matter with its body.
#[derive(Debug, Clone)]
pub struct Read<T> {
    pub matter: Matter,
    pub body: T,
}

impl<T: MatterBody> Read<T> {
    /// The next revision with another body, and that nobody was faster.
    pub fn next(&self, body: &T, now_ms: i64) -> (Guard, Change) {
        let guard = Guard::MatterAt { matter: self.matter.id.clone(), revision: self.matter.revision };
        (guard, Change::Matter(Box::new(self.matter.moved(body, now_ms))))
    }
}

pub fn read<T: MatterBody>(matter: Matter) -> Result<Read<T>, Problem> {
    let body = matter.read().map_err(|error| Problem::internal(format!("matter {}: {error}", matter.id)))?;
    Ok(Read { matter, body })
}

fn read_page<T: MatterBody>(page: (Vec<Matter>, Option<String>)) -> Result<(Vec<Read<T>>, Option<String>), Problem> {
    Ok((page.0.into_iter().map(read).collect::<Result<_, _>>()?, page.1))
}

/// What was said in a complaint, in order. Empty once the customer was erased.
pub fn thread(matter: &Matter) -> Vec<Said> {
    matter.unsealed(THREAD).unwrap_or_default()
}

/// A rating's text, where it may be shown.
pub fn text(read: &Read<Rating>) -> Option<String> {
    let shown = read.body.state == rating::State::Shown;
    read.matter.unsealed::<String>(TEXT).filter(|text| shown && !text.is_empty())
}

/// One change of a matter with its audit event. The detail says nothing that the customer said.
async fn keep(
    app: &App,
    ctx: &Ctx,
    matter: Matter,
    more: Vec<Change>,
    action: &str,
    detail: Value,
) -> Result<(), Problem> {
    let mut guards = vec![Guard::MatterAt { matter: matter.id.clone(), revision: matter.revision - 1 }];
    if let (1, Some(key)) = (matter.revision, matter.keyed()) {
        guards.push(Guard::MatterKeyFree(key));
    }
    let audit = AuditEvent {
        at_ms: ctx.now_ms,
        actor: ctx.actor.audit_name(),
        action: action.to_owned(),
        subject: format!("{}:{}", matter.kind.as_str(), matter.id),
        detail,
        request: Some(ctx.request_id.clone()),
    };
    let mut changes = vec![Change::Matter(Box::new(matter))];
    changes.extend(more);
    match app.store.commit(Commit { guards, changes, audit }).await {
        Err(CommitRefusal::Moved(fact)) => Err(Problem::new(code::REQUEST_CONFLICT).because(fact)),
        done => Ok(done.map(|_| ())?),
    }
}

/// A customer, and not somebody of the staff: they have no word about their own shop.
fn customer(ctx: &Ctx) -> Result<&xitai_model::identity::Customer, Problem> {
    ctx.customer().ok_or_else(|| Problem::new(code::FEEDBACK_NOT_CUSTOMER))
}

/// What a customer writes in a complaint.
#[derive(Debug, Clone)]
pub struct Complaining {
    pub program: Option<ProgramId>,
    pub payment: Option<PaymentId>,
    pub text: String,
    /// The same complaint sent twice is one.
    pub key: String,
}

/// Opens a complaint. The same words about the same program are the same complaint while it is open.
pub async fn complain(app: &App, ctx: &Ctx, ask: Complaining) -> Result<Read<Complaint>, Problem> {
    let who = customer(ctx)?;
    let text = complaint::first_words(&ask.text)?;
    let catalog = app.catalog();
    let (program, branch) = match &ask.payment {
        Some(id) => {
            let payment = app.store.payment(id).await?.filter(|payment| payment.customer == who.id);
            let payment = payment.ok_or_else(|| Problem::new(code::PAYMENT_NOT_FOUND))?;
            (payment.program, payment.branch)
        }
        None => {
            let program = ask.program.clone().ok_or_else(|| Problem::malformed("program: say which"))?;
            catalog.program(&program).ok_or_else(|| Problem::new(code::PROGRAM_NOT_FOUND))?;
            (program, who.branch.clone())
        }
    };
    let key = format!("{OWN_KEY}{}", ask.key.chars().filter(|c| !c.is_control()).take(64).collect::<String>());
    let keyed = MatterKey {
        kind: MatterKind::Complaint,
        program: Some(program.clone()),
        owner: who.id.to_string(),
        key: key.clone(),
    };
    if let Some(there) = app.store.matter_by_key(&keyed).await? {
        return read(there);
    }
    let kind = MatterKind::Complaint;
    let (newest, _) = read_page::<Complaint>(app.store.matters_of(kind, &who.id, Some(&program), None, PAGE).await?)?;
    let open: Vec<Read<Complaint>> = newest.into_iter().filter(|it| it.body.is_open()).collect();
    let says_the_same =
        |it: &&Read<Complaint>| thread(&it.matter).first().is_some_and(|said| squeezed(&said.text) == squeezed(&text));
    if let Some(same) = open.iter().find(says_the_same) {
        return Ok(same.clone());
    }
    if open.len() >= COMPLAINTS_OPEN_MAX {
        return Err(Problem::new(code::COMPLAINT_TOO_MANY));
    }
    let body = Complaint::open("", ask.payment, ctx.now_ms);
    let id = MatterId::new(ctx.now_ms, app.clock.random());
    let mut matter = Matter::new(id, Some(program.clone()), branch, Some(who.id.clone()), &body, ctx.now_ms);
    matter.key = Some(key);
    matter.seal(THREAD, &vec![Said { at_ms: ctx.now_ms, by_bank: false, text }]);
    let kept = Read { matter: matter.clone(), body };
    match keep(app, ctx, matter, Vec::new(), "complaint.opened", json!({ "program": program })).await {
        // The same form, sent twice at once.
        Err(problem) if problem.code == code::REQUEST_CONFLICT => {
            let there = app.store.matter_by_key(&keyed).await?;
            read(there.ok_or(problem)?)
        }
        done => {
            done?;
            figures::count_complaint(app, ctx, &program, &who.id).await?;
            Ok(kept)
        }
    }
}

/// The caller's complaints, newest first.
pub async fn own_complaints(
    app: &App,
    ctx: &Ctx,
    after: Option<&str>,
) -> Result<(Vec<Read<Complaint>>, Option<String>), Problem> {
    read_page(app.store.matters_of(MatterKind::Complaint, customer_id(ctx)?, None, after, PAGE).await?)
}

/// One of the caller's.
pub async fn own_complaint(app: &App, ctx: &Ctx, id: &MatterId) -> Result<Read<Complaint>, Problem> {
    let found = find(app, id).await?;
    if found.matter.customer.as_ref() == Some(customer_id(ctx)?) {
        return Ok(found);
    }
    Err(Problem::new(code::COMPLAINT_NOT_FOUND))
}

async fn find(app: &App, id: &MatterId) -> Result<Read<Complaint>, Problem> {
    let found = app.store.matter(id).await?.filter(|matter| matter.kind == MatterKind::Complaint);
    read(found.ok_or_else(|| Problem::new(code::COMPLAINT_NOT_FOUND))?)
}

/// The customer says more.
pub async fn reply(app: &App, ctx: &Ctx, id: &MatterId, text: String) -> Result<Read<Complaint>, Problem> {
    customer(ctx)?;
    let found = own_complaint(app, ctx, id).await?;
    step(app, ctx, found, complaint::Command::Reply { text }, "complaint.replied").await
}

/// Complaints for head office, newest first.
pub async fn complaints(
    app: &App,
    ctx: &Ctx,
    after: Option<&str>,
) -> Result<(Vec<Read<Complaint>>, Option<String>), Problem> {
    may_for_bank(&app.catalog(), ctx, Action::ReadComplaints)?;
    read_page(app.store.matters(MatterKind::Complaint, after, PAGE).await?)
}

/// Those whose clock runs, the nearest deadline first.
pub async fn complaints_waiting(app: &App, ctx: &Ctx) -> Result<Vec<Read<Complaint>>, Problem> {
    may_for_bank(&app.catalog(), ctx, Action::ReadComplaints)?;
    let due = app.store.matters_due(MatterKind::Complaint, i64::MAX, 10 * PAGE).await?;
    let mut waiting = due.into_iter().map(read::<Complaint>).collect::<Result<Vec<_>, _>>()?;
    waiting.sort_by_key(|it| it.body.deadline_ms);
    Ok(waiting)
}

pub async fn complaint(app: &App, ctx: &Ctx, id: &MatterId) -> Result<Read<Complaint>, Problem> {
    may_for_bank(&app.catalog(), ctx, Action::ReadComplaints)?;
    find(app, id).await
}

/// What head office does with a complaint.
#[derive(Debug, Clone)]
pub enum Handling {
    Take,
    Answer(String),
    Extend(String),
    Duplicate(MatterId),
}

pub async fn handle(app: &App, ctx: &Ctx, id: &MatterId, handling: Handling) -> Result<Read<Complaint>, Problem> {
    let by = may_for_bank(&app.catalog(), ctx, Action::HandleComplaints)?.id.clone();
    let found = find(app, id).await?;
    let (command, action) = match handling {
        Handling::Take => (complaint::Command::Take { by }, "complaint.taken"),
        Handling::Answer(text) => (complaint::Command::Answer { by, text }, "complaint.answered"),
        Handling::Extend(reason) => (complaint::Command::Extend { by, reason }, "complaint.extended"),
        Handling::Duplicate(of) => {
            let other = find(app, &of).await?;
            if of == *id || other.matter.customer != found.matter.customer {
                return Err(Problem::new(code::COMPLAINT_NOT_FOUND));
            }
            (complaint::Command::Duplicate { by, of }, "complaint.duplicate")
        }
    };
    step(app, ctx, found, command, action).await
}

pub(crate) async fn step(
    app: &App,
    ctx: &Ctx,
    found: Read<Complaint>,
    command: complaint::Command,
    action: &str,
) -> Result<Read<Complaint>, Problem> {
    let (next, said) = complaint::apply(&found.body, command, ctx.now_ms)?;
    let mut matter = found.matter.moved(&next, ctx.now_ms);
    // After an erasure nothing is left to be added to.
    if let Some(said) = said.filter(|_| found.matter.sealed.is_some()) {
        let mut all = thread(&found.matter);
        all.push(said);
        matter.seal(THREAD, &all);
    }
    keep(app, ctx, matter.clone(), Vec::new(), action, json!({ "state": next.state })).await?;
    Ok(Read { matter, body: next })
}

/// Rates from a receipt; again within the week changes it.
pub async fn rate(app: &App, ctx: &Ctx, id: &PaymentId, stars: u8, words: &str, key: &str) -> Result<(), Problem> {
    let who = customer(ctx)?;
    let payment = app.store.payment(id).await?.ok_or_else(|| Problem::new(code::RATING_NOT_PAID))?;
    may_rate(&payment, &payment.program, &who.id)?;
    let keyed = rating_key(&payment.program, who, id);
    let before = app.store.matter_by_key(&keyed).await?.map(read::<Rating>).transpose()?;
    let held = before.as_ref().map(|it| (&it.body, it.matter.unsealed::<String>(TEXT).unwrap_or_default()));
    let name = before.as_ref().map(|it| it.body.about.clone()).unwrap_or_default();
    let key = format!("{OWN_KEY}{}", key.chars().filter(|c| !c.is_control()).take(64).collect::<String>());
    let wish = Wish { about: name.clone(), payment: id.clone(), stars, text: words.to_owned(), key }.checked()?;
    let text = wish.text.clone();
    let said = rating::rate(held.as_ref().map(|(rating, text)| (*rating, text.as_str())), wish, ctx.now_ms)?;
    let (mut matter, delta, ratings) = match (said, before) {
        (Rated::First(rating), _) => {
            let id = MatterId::new(ctx.now_ms, app.clock.random());
            let (program, branch) = (payment.program.clone(), payment.branch.clone());
            let mut matter = Matter::new(id, Some(program), branch, Some(who.id.clone()), &rating, ctx.now_ms);
            matter.key = Some(rating.payment.to_string());
            matter.about = Some(about(&payment.program, &name));
            (matter, i64::from(rating.stars), 1)
        }
        (Rated::Changed(rating), Some(before)) => {
            let delta = i64::from(rating.stars) - i64::from(before.body.stars);
            (before.matter.moved(&rating, ctx.now_ms), delta, 0)
        }
        (Rated::Same | Rated::Changed(_), _) => return Ok(()),
    };
    matter.seal(TEXT, &text);
    let sums = sums(&app.catalog(), &payment.program, &name, delta, ratings)?;
    keep(app, ctx, matter, sums, "rating.made", json!({ "program": payment.program, "stars": stars })).await
}

fn rating_key(program: &ProgramId, who: &xitai_model::identity::Customer, payment: &PaymentId) -> MatterKey {
    let (program, owner) = (Some(program.clone()), who.id.to_string());
    MatterKey { kind: MatterKind::Rating, program, owner, key: payment.to_string() }
}

/// The caller's rating of a payment.
pub async fn own_rating(
    app: &App,
    ctx: &Ctx,
    program: &ProgramId,
    id: &PaymentId,
) -> Result<Option<Read<Rating>>, Problem> {
    let Caller::Customer(who) = &ctx.actor else { return Ok(None) };
    app.store.matter_by_key(&rating_key(program, who, id)).await?.map(read).transpose()
}

fn bank(catalog: &Catalog) -> Result<BranchId, Problem> {
    catalog.bank().map(|bank| bank.id.clone()).ok_or_else(|| Problem::internal("there is no bank among the places"))
}

fn sums(catalog: &Catalog, program: &ProgramId, name: &str, stars: i64, ratings: i64) -> Result<Vec<Change>, Problem> {
    let bank = bank(catalog)?;
    let of = |tally: Tally| [(tally.stars, stars), (tally.ratings, ratings)];
    let all = of(tally(program, &bank, name)).into_iter().chain(of(tally_of_program(program, &bank)));
    let add = |(key, delta)| Change::CounterAdd { key, delta, at_least: 0, at_most: i64::MAX };
    Ok(all.filter(|(_, delta)| *delta != 0).map(add).collect())
}

/// Sum of stars and number of ratings of a program, whatever they are about.
pub async fn tally_of(app: &App, program: &ProgramId) -> Result<(i64, i64), Problem> {
    let tally = tally_of_program(program, &bank(&app.catalog())?);
    Ok((app.store.counter(&tally.stars).await?, app.store.counter(&tally.ratings).await?))
}

/// Ratings of a program in a branch that count, newest first.
pub async fn ratings(
    app: &App,
    program: &ProgramId,
    branch: &BranchId,
    after: Option<&str>,
) -> Result<(Vec<Read<Rating>>, Option<String>), Problem> {
    let kind = MatterKind::Rating;
    let (mut page, next) = read_page::<Rating>(app.store.matters_in(kind, Some(program), branch, after, PAGE).await?)?;
    page.retain(|it| it.body.counts());
    Ok((page, next))
}

/// Ratings for those who moderate, newest first.
pub async fn all_ratings(
    app: &App,
    ctx: &Ctx,
    after: Option<&str>,
) -> Result<(Vec<Read<Rating>>, Option<String>), Problem> {
    may_for_bank(&app.catalog(), ctx, Action::ModerateRatings)?;
    read_page(app.store.matters(MatterKind::Rating, after, PAGE).await?)
}

/// Lets a rating be shown, or takes it down with a reason. Its stars count or don't in the same commit.
pub async fn moderate(app: &App, ctx: &Ctx, id: &MatterId, shown: bool, reason: &str) -> Result<(), Problem> {
    let by = may_for_bank(&app.catalog(), ctx, Action::ModerateRatings)?.id.clone();
    let missing = || Problem::new(code::RATING_NOT_FOUND);
    let found = app.store.matter(id).await?.filter(|matter| matter.kind == MatterKind::Rating).ok_or_else(missing)?;
    let found = read::<Rating>(found)?;
    let next = rating::moderate(&found.body, shown, by, reason)?;
    let turn = i64::from(next.counts()) - i64::from(found.body.counts());
    let program = found.matter.program.clone().ok_or_else(missing)?;
    let stars = turn * i64::from(next.stars);
    let sums = sums(&app.catalog(), &program, &next.about, stars, turn)?;
    let action = if shown { "rating.shown" } else { "rating.taken-down" };
    keep(app, ctx, found.matter.moved(&next, ctx.now_ms), sums, action, json!({ "reason": reason.trim() })).await
}

/// The machine looks at a rating's text.
pub(crate) async fn check_rating(app: &App, ctx: &Ctx, matter: Matter) -> Result<(), Problem> {
    let found = read::<Rating>(matter)?;
    // After an erasure there is no text to look at.
    let text = found.matter.unsealed::<String>(TEXT).unwrap_or_default();
    let findings = app.content_check.text("text", &text).await;
    let findings = findings.map_err(|away| Problem::new(code::CONTENT_CHECK_AWAY).because(away.0))?;
    let next = rating::checked(&found.body, &findings);
    let detail = json!({ "state": next.state, "findings": findings.len() });
    keep(app, ctx, found.matter.moved(&next, ctx.now_ms), Vec::new(), "rating.checked", detail).await
}
