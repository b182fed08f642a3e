//! Notices on the customer's side: their list, what they allow, and when they want to be left alone; and bringing a
//! notice to them once it is due.

use super::App;
use super::ctx::Ctx;
use super::feedback::{PAGE, Read, read};
use super::notice_outlet;
use crate::http::problem::Problem;
use crate::render::web::{calendar, money};
use crate::words::{Locale, Words};
use crate::zone::Zone;
use serde_json::json;
use std::collections::BTreeMap;
use xitai_model::code;
use xitai_model::commit::{Change, Commit, CommitRefusal, Guard};
use xitai_model::identity::Customer;
use xitai_model::ids::{BranchId, CustomerId, MatterId, ProgramId};
use xitai_model::limits::{NOTICE_TEXT_CHARS_MAX, STOP_PARKED_MS};
use xitai_model::matter::{Matter, MatterKind};
use xitai_model::notice::consent::{self, Consent, Given};
use xitai_model::notice::quiet::{Mail, Quiet, STOP, Settings, settings_key};
use xitai_model::notice::template::{TemplateId, Wording};
use xitai_model::notice::{self, CONTENT, Command, Content, Notice, Said, Value};
use xitai_store::StoreError;

/// Notices that are looked at to count the unread ones: more are told as so many.
const COUNTED_MAX: usize = 100;

/// The caller's id, where the caller is a customer: staff get none.
fn customer(ctx: &Ctx) -> Result<&Customer, Problem> {
    ctx.customer().ok_or_else(|| Problem::new(code::NOTICE_NOT_CUSTOMER))
}

/// What a notice says in somebody's language, on their clock. Absent once its customer was erased.
pub fn said(matter: &Matter, words: &Words, now_ms: i64) -> Option<Said> {
    let content: Content = matter.unsealed(CONTENT)?;
    Some(content.said(words.tag(), |value| match value {
        Value::Plain(text) => text.to_owned(),
        Value::Amount(amount) => money::text_in(words, &amount),
        Value::Moment(at_ms) => calendar::short(words, at_ms, now_ms),
    }))
}

/// The reviewed words with their variables left open, as people decide about them.
pub fn sample(wording: &Wording, words: &Words) -> (String, String) {
    let values: BTreeMap<String, String> =
        wording.variables.keys().map(|name| (name.clone(), "…".to_owned())).collect();
    let said = Content { wording: wording.clone(), values }.said(words.tag(), |_| "…".to_owned());
    (said.title, said.text.chars().take(NOTICE_TEXT_CHARS_MAX).collect())
}

/// A page of the caller's notices, newest first, and the cursor after it.
pub async fn list(app: &App, ctx: &Ctx, after: Option<&str>) -> Result<(Vec<Read<Notice>>, Option<String>), Problem> {
    let (page, next) = app.store.matters_of(MatterKind::Notice, &customer(ctx)?.id, None, after, PAGE).await?;
    let mut page = page.into_iter().map(read::<Notice>).collect::<Result<Vec<_>, _>>()?;
    page.retain(|it| it.body.delivered_ms().is_some());
    Ok((page, next))
}

/// How many of the caller's newest notices they have not read.
pub async fn unread(app: &App, ctx: &Ctx) -> Result<usize, Problem> {
    let Some(customer) = ctx.customer() else { return Ok(0) };
    let (page, _) = app.store.matters_of(MatterKind::Notice, &customer.id, None, None, COUNTED_MAX).await?;
    let read = page.into_iter().map(read::<Notice>).collect::<Result<Vec<_>, _>>()?;
    Ok(read.iter().filter(|it| it.body.is_unread()).count())
}

/// The caller has read a notice; again changes nothing.
pub async fn mark_read(app: &App, ctx: &Ctx, id: &MatterId) -> Result<Read<Notice>, Problem> {
    let missing = || Problem::new(code::NOTICE_NOT_FOUND);
    let own = customer(ctx)?.id.clone();
    let found = app.store.matter(id).await?.filter(|matter| matter.kind == MatterKind::Notice);
    let found = read::<Notice>(found.filter(|matter| matter.customer.as_ref() == Some(&own)).ok_or_else(missing)?)?;
    if found.body.delivered_ms().is_none() {
        return Err(missing());
    }
    let next = notice::apply(&found.body, Command::Read, ctx.now_ms)?;
    if next == found.body {
        return Ok(found);
    }
    let matter = found.matter.moved(&next, ctx.now_ms);
    let detail = json!({ "program": matter.program });
    commit(app, ctx, Vec::new(), matter.clone(), "notice.read", detail).await?;
    Ok(Read { matter, body: next })
}

/// The commit of one matter, from the revision before it.
async fn commit(
    app: &App,
    ctx: &Ctx,
    mut guards: Vec<Guard>,
    matter: Matter,
    action: &str,
    detail: serde_json::Value,
) -> Result<(), Problem> {
    guards.push(Guard::MatterAt { matter: matter.id.clone(), revision: matter.revision - 1 });
    let audit = ctx.did(action, format!("{}:{}", matter.kind.as_str(), matter.id), detail);
    let changes = vec![Change::Matter(Box::new(matter))];
    match app.store.commit(Commit { guards, changes, audit }).await {
        Err(CommitRefusal::Moved(fact)) => Err(Problem::new(code::REQUEST_CONFLICT).because(fact)),
        done => Ok(done.map(|_| ())?),
    }
}

/// A permission as a customer gives it: for the commit of the sheet, or of their settings.
#[expect(clippy::too_many_arguments, reason = "each is a thing of its own: whose, for what, by whom, under which id")]
pub async fn allow(
    app: &App,
    ctx: &Ctx,
    program: &ProgramId,
    branch: &BranchId,
    customer: &CustomerId,
    template: &str,
    given: Given,
    id: MatterId,
) -> Result<(Vec<Guard>, Change), Problem> {
    let key = consent::key_of(program, customer, template);
    let before = app.store.matter_by_key(&key).await?.map(read::<Consent>).transpose()?;
    let next = Consent::allowed(before.as_ref().map(|it| &it.body), template, given);
    let (guards, matter) = match before {
        Some(before) => {
            let guard = Guard::MatterAt { matter: before.matter.id.clone(), revision: before.matter.revision };
            (vec![guard], before.matter.moved(&next, ctx.now_ms))
        }
        None => {
            let (program, customer) = (Some(program.clone()), Some(customer.clone()));
            let mut matter = Matter::new(id.clone(), program, branch.clone(), customer, &next, ctx.now_ms);
            matter.key = Some(template.to_owned());
            (vec![Guard::MatterAt { matter: id, revision: 0 }, Guard::MatterKeyFree(key)], matter)
        }
    };
    Ok((guards, Change::Matter(Box::new(matter))))
}

/// What a customer has said about the notices of one program.
#[derive(Debug, Clone)]
pub struct OfProgram {
    pub program: ProgramId,
    pub muted: bool,
    pub consents: Vec<Consent>,
}

/// Everything that the caller has said.
#[derive(Debug, Clone)]
pub struct Chosen {
    pub quiet: Option<Quiet>,
    pub mail: Mail,
    pub programs: Vec<OfProgram>,
    /// What the customer allowed as a visitor, before they signed in, and has not allowed since: it does not hold for
    /// their account unless they say so.
    pub as_visitor: Vec<OfProgram>,
}

pub async fn chosen(app: &App, ctx: &Ctx) -> Result<Chosen, Problem> {
    let own = &customer(ctx)?.id;
    let mut programs: BTreeMap<ProgramId, OfProgram> = BTreeMap::new();
    let fresh = |program: &ProgramId| OfProgram { program: program.clone(), muted: false, consents: Vec::new() };
    let (consents, _) = app.store.matters_of(MatterKind::NoticeConsent, own, None, None, 10 * PAGE).await?;
    for consent in consents {
        let consent = read::<Consent>(consent)?;
        let Some(program) = consent.matter.program else { continue };
        programs.entry(program.clone()).or_insert_with(|| fresh(&program)).consents.push(consent.body);
    }
    let Settings { mut quiet, mut mail, .. } = Settings::default();
    let (settings, _) = app.store.matters_of(MatterKind::NoticeSettings, own, None, None, 10 * PAGE).await?;
    for settings in settings {
        let settings = read::<Settings>(settings)?;
        match settings.matter.program {
            None => (quiet, mail) = (settings.body.quiet, settings.body.mail),
            Some(program) => {
                programs.entry(program.clone()).or_insert_with(|| fresh(&program)).muted = settings.body.muted;
            }
        }
    }
    let mut programs: Vec<OfProgram> = programs.into_values().collect();
    programs.iter_mut().for_each(|it| it.consents.sort_by(|a, b| a.template.cmp(&b.template)));
    let as_visitor = as_visitor(app, own, &programs).await?;
    Ok(Chosen { quiet, mail, programs, as_visitor })
}

async fn as_visitor(app: &App, own: &CustomerId, programs: &[OfProgram]) -> Result<Vec<OfProgram>, Problem> {
    let has = |program: &ProgramId, template: &str| {
        let of_program = programs.iter().find(|it| it.program == *program);
        of_program.is_some_and(|it| it.consents.iter().any(|consent| consent.template == template))
    };
    let mut left: BTreeMap<ProgramId, Vec<Consent>> = BTreeMap::new();
    for visitor in app.store.visitors_of(own).await? {
        let (consents, _) = app.store.matters_of(MatterKind::NoticeConsent, &visitor, None, None, 10 * PAGE).await?;
        for consent in consents {
            let consent = read::<Consent>(consent)?;
            let Some(program) = consent.matter.program else { continue };
            let allows = consent.body.lasting || consent.body.once > 0;
            if allows && !has(&program, &consent.body.template) {
                left.entry(program).or_default().push(consent.body);
            }
        }
    }
    Ok(left.into_iter().map(|(program, consents)| OfProgram { program, muted: false, consents }).collect())
}

/// When the caller wants to be left alone; absent: never.
pub async fn set_quiet(app: &App, ctx: &Ctx, quiet: Option<Quiet>) -> Result<(), Problem> {
    change_settings(app, ctx, None, |settings| settings.quiet = quiet, json!({ "quiet": quiet }), None).await
}

/// Whether the caller wants nothing of a program.
pub async fn mute(app: &App, ctx: &Ctx, program: &ProgramId, muted: bool) -> Result<(), Problem> {
    app.catalog().program(program).ok_or_else(|| Problem::new(code::PROGRAM_NOT_FOUND))?;
    let detail = json!({ "program": program, "muted": muted });
    change_settings(app, ctx, Some(program), |settings| settings.muted = muted, detail, None).await
}

/// Whether notices come by mail as well. Each time it is switched on its letters get a new link that ends them.
pub async fn set_mail(app: &App, ctx: &Ctx, on: bool) -> Result<(), Problem> {
    let has_address = customer(ctx)?.profile.facts.email.is_some();
    if on && (!has_address || !notice_outlet::mails(app)) {
        return Err(Problem::new(code::NOTICE_NO_MAIL));
    }
    let link = data_encoding::HEXLOWER.encode(&app.clock.random::<16>());
    let mail = if on { Mail::on(&link) } else { Mail::Off };
    let sealed = on.then_some(link);
    change_settings(app, ctx, None, |settings| settings.mail = mail, json!({ "mail": on }), sealed).await
}

/// Whoever holds the letter wants no more of them. `link` is the settings' id and what the letter says.
pub async fn stop_mail(app: &App, ctx: &Ctx, link: &str) -> Result<(), Problem> {
    let settings = by_link(app, link).await?;
    let ended = Settings { mail: Mail::Off, ..settings.body };
    let matter = settings.matter.moved(&ended, ctx.now_ms);
    commit(app, ctx, Vec::new(), matter, "notice.mail-stopped", json!({})).await
}

/// The settings that a link of a letter belongs to. A link of letters that ended already leads nowhere.
pub async fn by_link(app: &App, link: &str) -> Result<Read<Settings>, Problem> {
    let missing = || Problem::new(code::NOTICE_LINK_OVER);
    let (id, stop) = link.split_once('.').ok_or_else(missing)?;
    let id = MatterId::parse(id).map_err(|_| missing())?;
    let found = app.store.matter(&id).await?.filter(|matter| matter.kind == MatterKind::NoticeSettings);
    let settings = read::<Settings>(found.ok_or_else(missing)?)?;
    if settings.body.mail.is_ended_by(stop) { Ok(settings) } else { Err(missing()) }
}

/// The customer's own settings.
pub async fn settings_of(app: &App, customer: &CustomerId) -> Result<Option<Read<Settings>>, Problem> {
    app.store.matter_by_key(&settings_key(None, customer)).await?.map(read::<Settings>).transpose()
}

/// There is nobody at the customer's address: nothing more goes there until they ask for it again.
pub async fn mail_bounced(app: &App, ctx: &Ctx, customer: &CustomerId) -> Result<(), Problem> {
    let Some(settings) = settings_of(app, customer).await? else { return Ok(()) };
    let matter = settings.matter.moved(&Settings { mail: Mail::Bounced, ..settings.body }, ctx.now_ms);
    commit(app, ctx, Vec::new(), matter, "notice.mail-bounced", json!({})).await
}

async fn change_settings(
    app: &App,
    ctx: &Ctx,
    program: Option<&ProgramId>,
    change: impl FnOnce(&mut Settings),
    detail: serde_json::Value,
    link: Option<String>,
) -> Result<(), Problem> {
    let own = customer(ctx)?;
    let key = settings_key(program, &own.id);
    let (mut guards, mut settings) = (Vec::new(), Settings::default());
    let mut matter = match app.store.matter_by_key(&key).await?.map(read::<Settings>).transpose()? {
        Some(before) => {
            settings = before.body;
            change(&mut settings);
            before.matter.moved(&settings, ctx.now_ms)
        }
        None => {
            change(&mut settings);
            let id = MatterId::new(ctx.now_ms, app.clock.random());
            let (program, customer) = (program.cloned(), Some(own.id.clone()));
            let mut matter = Matter::new(id, program, own.branch.clone(), customer, &settings, ctx.now_ms);
            matter.key = Some(key.key.clone());
            guards.push(Guard::MatterKeyFree(key));
            matter
        }
    };
    if let Some(link) = link {
        matter.seal(STOP, &link);
    }
    commit(app, ctx, guards, matter, "notice.settings", detail).await
}

/// The caller allows a template until further notice, or takes back what they allowed of it.
pub async fn set_consent(
    app: &App,
    ctx: &Ctx,
    program: &ProgramId,
    template: &str,
    given: Option<Given>,
) -> Result<(), Problem> {
    let own = customer(ctx)?;
    let missing = || Problem::new(code::NOTICE_TEMPLATE_UNKNOWN);
    let detail = json!({ "program": program, "template": template, "given": given });
    let Some(given) = given else {
        let held = app.store.matter_by_key(&consent::key_of(program, &own.id, template)).await?;
        let held = read::<Consent>(held.ok_or_else(missing)?)?;
        let matter = held.matter.moved(&held.body.withdrawn(ctx.now_ms), ctx.now_ms);
        return commit(app, ctx, Vec::new(), matter, "notice.withdrawn", detail).await;
    };
    let catalog = app.catalog();
    let id = TemplateId::new(program.clone(), template).ok_or_else(missing)?;
    let wording = catalog.notice_template(&id).and_then(|it| it.live.as_ref()).ok_or_else(missing)?;
    if given == Given::Lasting && !wording.lasting {
        return Err(missing());
    }
    let id = MatterId::new(ctx.now_ms, app.clock.random());
    let (guards, change) = allow(app, ctx, program, &own.branch, &own.id, template, given, id).await?;
    let Change::Matter(matter) = change else { return Err(Problem::internal("a permission is a matter")) };
    let guards = guards.into_iter().filter(|guard| matches!(guard, Guard::MatterKeyFree(_))).collect();
    commit(app, ctx, guards, *matter, "notice.allowed", detail).await
}

/// Brings a notice that is due to its customer, or puts it off until their quiet hours are over.
pub async fn deliver(app: &App, ctx: &Ctx, matter: &Matter) -> Result<(), Problem> {
    let found = read::<Notice>(matter.clone())?;
    let command = verdict(app, ctx, &found).await?;
    let action = match &command {
        Command::Defer { .. } => "notice.deferred",
        Command::Drop(_) => "notice.dropped",
        _ => "notice.delivered",
    };
    let program = matter.program.iter().filter(|_| matches!(command, Command::Deliver { .. }));
    let guards = program.flat_map(|program| app.catalog().running_guards(program, &matter.branch)).collect();
    let next = notice::apply(&found.body, command, ctx.now_ms)?;
    let detail = json!({ "program": matter.program, "template": next.template, "stage": next.stage });
    match commit(app, ctx, guards, matter.moved(&next, ctx.now_ms), action, detail).await {
        // Another host was first, or a stop that this one has not heard of.
        Err(problem) if problem.code == code::REQUEST_CONFLICT || problem.code == code::PROGRAM_STOPPED => Ok(()),
        done => done,
    }
}

async fn verdict(app: &App, ctx: &Ctx, found: &Read<Notice>) -> Result<Command, Problem> {
    let matter = &found.matter;
    let gone = Command::Drop(code::NOTICE_RECIPIENT_UNKNOWN);
    let Some(id) = &matter.customer else { return Ok(gone) };
    if matter.unsealed::<Content>(CONTENT).is_none() {
        return Ok(gone);
    }
    let customer = match app.store.customer(id).await {
        Ok(Some(customer)) => customer,
        Ok(None) | Err(StoreError::Withheld) => return Ok(gone),
        Err(error) => return Err(error.into()),
    };
    if let Some(program) = &matter.program
        && let Some(holds) = held_by(app, ctx, found, program, id).await?
    {
        return Ok(holds);
    }
    let own = settings_of(app, id).await?.map_or_else(Settings::default, |settings| settings.body);
    let ahead_s = zone_of(app, &customer).ahead_s(ctx.now_ms);
    Ok(match own.quiet.and_then(|quiet| quiet.ends_ms(ctx.now_ms, ahead_s)) {
        Some(until_ms) => Command::Defer { until_ms },
        None => Command::Deliver { outlet: notice_outlet::wants(app, &customer, &own) },
    })
}

/// What keeps a program's notice from its customer: the bank's own has no such thing.
async fn held_by(
    app: &App,
    ctx: &Ctx,
    found: &Read<Notice>,
    program: &ProgramId,
    id: &CustomerId,
) -> Result<Option<Command>, Problem> {
    let matter = &found.matter;
    let of_program = app.store.matter_by_key(&settings_key(Some(program), id)).await?;
    if of_program.map(read::<Settings>).transpose()?.is_some_and(|settings| settings.body.muted) {
        return Ok(Some(Command::Drop(code::NOTICE_MUTED)));
    }
    let consent = app.store.matter_by_key(&consent::key_of(program, id, &found.body.template)).await?;
    let withdrawn_ms = consent.map(read::<Consent>).transpose()?.and_then(|consent| consent.body.withdrawn_ms);
    if withdrawn_ms.is_some_and(|at_ms| at_ms >= matter.made_ms) {
        return Ok(Some(Command::Drop(code::NOTICE_NOT_CONSENTED)));
    }
    if app.catalog().stop_on(program, &matter.branch).is_some() {
        return Ok(Some(Command::Defer { until_ms: ctx.now_ms + STOP_PARKED_MS }));
    }
    Ok(None)
}

fn zone_of(app: &App, customer: &Customer) -> Zone {
    customer.profile.zone.parse().unwrap_or(app.config.zone)
}

/// A customer's own language and clock.
pub fn words_for(app: &App, customer: &Customer) -> Words {
    Words::of(Locale::of_tag(&customer.profile.locale).unwrap_or(Locale::ZhCn), zone_of(app, customer))
}
