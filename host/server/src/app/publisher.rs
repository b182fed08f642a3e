//! Publishers: their files, what they apply for, and what two people of head office grant.

use super::App;
use super::application::{Kind, all, find, is_own, keep, not_found, own_list, step};
use super::books::bank;
use super::catalog::Catalog;
use super::ctx::Ctx;
use super::feedback::{Read, read};
use super::identity::who;
use super::me::customer_id;
use super::media;
use super::merchant::{by, said, subject};
use super::publish::{commit, may, may_for_bank, put};
use super::step_up;
use crate::http::problem::Problem;
use crate::media::Picture;
use serde_json::json;
use xitai_model::attachment::{BYTES, NAME, kind_of, shown_name};
use xitai_model::bytes::Bytes;
use xitai_model::code::{self, Code};
use xitai_model::commit::{Change, Commit, CommitRefusal, Guard};
use xitai_model::digest::Digest;
use xitai_model::errand::FileKind;
use xitai_model::ids::{MatterId, PublisherId};
use xitai_model::limits::{ATTACHMENT_BYTES_MAX, PUBLISHER_DOCUMENTS_MAX};
use xitai_model::matter::{Matter, MatterKind};
use xitai_model::place::Staff;
use xitai_model::policy::{Action, Resource};
use xitai_model::proposal::Verdict;
use xitai_model::publisher::application::{self, Application, Command, FILING, Filing, Grant, State};
use xitai_model::publisher::{Document, DocumentKind, Publisher};
use xitai_model::record::Noun;

impl Kind for Grant {
    const SUBJECT: &'static str = "publisher-application";
    const NOT_FOUND: &'static Code = code::PUBLISHER_APPLICATION_NOT_FOUND;
}

/// What a publisher's documents are found by.
fn about(publisher: &PublisherId) -> String {
    format!("publisher/{publisher}")
}

/// The caller as a developer who keeps the publisher's file.
fn filer<'a>(app: &App, ctx: &'a Ctx) -> Result<(&'a Staff, PublisherId), Problem> {
    let staff = ctx.staff().ok_or_else(|| Problem::new(code::AUTH_FORBIDDEN))?;
    let publisher = staff.publisher.clone().ok_or_else(|| Problem::new(code::AUTH_FORBIDDEN))?;
    let of_own = Resource { publisher: Some(&publisher), ..Resource::default() };
    may(&app.catalog(), ctx, Action::ApplyQualified, of_own)?;
    Ok((staff, publisher))
}

/// The caller's own publisher.
pub fn own(app: &App, ctx: &Ctx) -> Result<Publisher, Problem> {
    let (_, publisher) = filer(app, ctx)?;
    find_publisher(&app.catalog(), &publisher).cloned()
}

/// A publisher, for the bank.
pub fn view(app: &App, ctx: &Ctx, id: &PublisherId) -> Result<Publisher, Problem> {
    let catalog = app.catalog();
    may_for_bank(&catalog, ctx, Action::ReadPublishers)?;
    find_publisher(&catalog, id).cloned()
}

fn find_publisher<'a>(catalog: &'a Catalog, id: &PublisherId) -> Result<&'a Publisher, Problem> {
    catalog.publisher(id).ok_or_else(|| Problem::new(code::PUBLISHER_NOT_FOUND).detail(id))
}

/// What is said of a document that is uploaded.
pub struct Described {
    pub kind: DocumentKind,
    pub number: String,
    pub issuer: String,
    pub expires_ms: Option<i64>,
    pub name: String,
}

/// A document with its file's name.
pub struct Filed {
    pub id: MatterId,
    pub document: Document,
    pub name: String,
    pub made_ms: i64,
}

/// Takes a document into the file of the caller's publisher.
pub async fn upload(app: &App, ctx: &Ctx, said: Described, bytes: Vec<u8>) -> Result<Filed, Problem> {
    let (_, publisher) = filer(app, ctx)?;
    if documents(app, &publisher).await?.len() >= PUBLISHER_DOCUMENTS_MAX {
        return Err(Problem::new(code::PUBLISHER_DOCUMENT).detail(format!("{PUBLISHER_DOCUMENTS_MAX} documents")));
    }
    if bytes.is_empty() || bytes.len() > ATTACHMENT_BYTES_MAX {
        return Err(Problem::new(code::ATTACHMENT_TOO_LARGE).detail(format!("{} bytes", bytes.len())));
    }
    let (media_type, bytes) = match kind_of(&bytes).ok_or_else(|| Problem::new(code::ATTACHMENT_KIND))? {
        FileKind::Picture => {
            let Picture { format, bytes, .. } = media::encoded_anew(bytes).await?;
            (format.media_type(), bytes)
        }
        FileKind::Pdf => ("application/pdf", bytes),
    };
    let document = Document {
        publisher: publisher.clone(),
        kind: said.kind,
        number: said.number.trim().to_owned(),
        issuer: said.issuer.trim().to_owned(),
        expires_ms: said.expires_ms,
        media_type: media_type.to_owned(),
        size: bytes.len() as u64,
        digest: Digest::of(&bytes),
    };
    let document = document.checked(ctx.now_ms)?;
    let id = MatterId::new(ctx.now_ms, app.clock.random());
    let branch = bank(app)?;
    let mut matter = Matter::new(id.clone(), None, branch, Some(customer_id(ctx)?.clone()), &document, ctx.now_ms);
    matter.about = Some(about(&publisher));
    let name = shown_name(&said.name);
    matter.seal(BYTES, &Bytes(bytes));
    matter.seal(NAME, &name);
    let detail = json!({
        "document": id, "kind": document.kind, "digest": document.digest, "expires_ms": document.expires_ms,
    });
    let audit = ctx.did("publisher.document-filed", format!("publisher:{publisher}"), detail);
    let guards = vec![Guard::MatterAt { matter: id.clone(), revision: 0 }];
    app.store.commit(Commit { guards, changes: vec![Change::Matter(Box::new(matter))], audit }).await?;
    Ok(Filed { id, document, name, made_ms: ctx.now_ms })
}

/// A publisher's documents, newest first.
async fn documents(app: &App, publisher: &PublisherId) -> Result<Vec<Filed>, Problem> {
    let (kind, about) = (MatterKind::PublisherDocument, about(publisher));
    let (page, _) = app.store.matters_about(kind, &about, None, PUBLISHER_DOCUMENTS_MAX).await?;
    let filed = |matter: Matter| -> Result<Filed, Problem> {
        let name: String = matter.unsealed(NAME).unwrap_or_default();
        let Read { matter, body } = read::<Document>(matter)?;
        Ok(Filed { id: matter.id, document: body, name, made_ms: matter.made_ms })
    };
    page.into_iter().map(filed).collect()
}

/// The documents of the caller's publisher.
pub async fn own_documents(app: &App, ctx: &Ctx) -> Result<Vec<Filed>, Problem> {
    let (_, publisher) = filer(app, ctx)?;
    documents(app, &publisher).await
}

/// A publisher's documents, for the bank.
pub async fn documents_of(app: &App, ctx: &Ctx, publisher: &PublisherId) -> Result<Vec<Filed>, Problem> {
    view(app, ctx, publisher)?;
    documents(app, publisher).await
}

/// A document's bytes, for the bank and for its own publisher.
pub async fn document(app: &App, ctx: &Ctx, id: &MatterId) -> Result<(Document, Vec<u8>), Problem> {
    let none = || Problem::new(code::PUBLISHER_DOCUMENT_NOT_FOUND);
    let matter = app.store.matter(id).await?.filter(|matter| matter.kind == MatterKind::PublisherDocument);
    let matter = matter.ok_or_else(none)?;
    let bytes: Option<Bytes> = matter.unsealed(BYTES);
    let document = read::<Document>(matter)?.body;
    let own = filer(app, ctx).is_ok_and(|(_, publisher)| publisher == document.publisher);
    if !own && may_for_bank(&app.catalog(), ctx, Action::ReadPublishers).is_err() {
        return Err(none());
    }
    let bytes = bytes.ok_or_else(|| Problem::new(code::HOST_WITHHELD))?.0;
    if Digest::of(&bytes) != document.digest {
        return Err(Problem::internal(format!("document {id} is not what was filed")));
    }
    Ok((document, bytes))
}

/// What was filed; nothing once the applicant was erased.
pub fn filing(matter: &Matter) -> Option<Filing> {
    matter.unsealed(FILING)
}

/// Applies for a qualification, or for its renewal, on the documents of the file.
pub async fn apply(
    app: &App,
    ctx: &Ctx,
    categories: Vec<String>,
    exit_plan: &str,
    contact: &str,
) -> Result<Read<Application>, Problem> {
    let (staff, publisher) = filer(app, ctx)?;
    let waiting = all::<Grant>(app).await?;
    if waiting.iter().any(|it| it.body.is_open() && it.body.publisher.as_ref() == Some(&publisher)) {
        return Err(Problem::new(code::PUBLISHER_APPLICATION_OPEN));
    }
    let held: Vec<(MatterId, Document)> =
        documents(app, &publisher).await?.into_iter().map(|filed| (filed.id, filed.document)).collect();
    let filing = Filing::of(categories, exit_plan, contact, &held, ctx.now_ms)?;
    let body = Application::new(who(ctx)?, Some(staff.person.clone()), Some(publisher.clone()), ctx.now_ms);
    let id = MatterId::new(ctx.now_ms, app.clock.random());
    let mut matter = Matter::new(id, None, bank(app)?, Some(customer_id(ctx)?.clone()), &body, ctx.now_ms);
    matter.seal(FILING, &filing);
    let detail = json!({ "publisher": publisher, "categories": filing.categories, "documents": filing.documents });
    keep::<Grant>(app, ctx, &matter, Vec::new(), Vec::new(), "publisher.applied", detail).await?;
    Ok(Read { matter, body })
}

/// The caller's own applications, newest first.
pub async fn own_applications(app: &App, ctx: &Ctx) -> Result<Vec<Read<Application>>, Problem> {
    filer(app, ctx)?;
    own_list(app, ctx).await
}

/// All of them for head office, newest first.
pub async fn applications(app: &App, ctx: &Ctx) -> Result<Vec<Read<Application>>, Problem> {
    may_for_bank(&app.catalog(), ctx, Action::ReadPublishers)?;
    all(app).await
}

/// One, for head office and for its applicant.
pub async fn application(app: &App, ctx: &Ctx, id: &MatterId) -> Result<Read<Application>, Problem> {
    let found = find(app, id).await?;
    if is_own(ctx, &found) || may_for_bank(&app.catalog(), ctx, Action::ReadPublishers).is_ok() {
        return Ok(found);
    }
    Err(not_found::<Grant>())
}

/// The applicant takes it back.
pub async fn withdraw(app: &App, ctx: &Ctx, id: &MatterId) -> Result<Read<Application>, Problem> {
    let found = find(app, id).await?;
    if !is_own(ctx, &found) {
        return Err(not_found::<Grant>());
    }
    step(app, ctx, found, Command::Withdraw, None, "publisher.withdrawn", json!({})).await
}

/// Head office offers a qualification, within what was filed.
pub async fn offer(app: &App, ctx: &Ctx, id: &MatterId, grant: Grant) -> Result<Read<Application>, Problem> {
    let staff = may_for_bank(&app.catalog(), ctx, Action::QualifyPublishers)?;
    let found = find::<Grant>(app, id).await?;
    filed(&found)?.check_grant(&grant, ctx.now_ms)?;
    let detail = json!({ "publisher": found.body.publisher, "grant": grant });
    step(app, ctx, found, Command::Offer(grant), Some(&by(staff)), "publisher.offered", detail).await
}

fn filed(found: &Read<Application>) -> Result<Filing, Problem> {
    filing(&found.matter).ok_or_else(|| Problem::new(code::HOST_WITHHELD))
}

/// Head office turns it down, with a reason that the applicant reads.
pub async fn turn_down(app: &App, ctx: &Ctx, id: &MatterId, note: String) -> Result<Read<Application>, Problem> {
    let staff = may_for_bank(&app.catalog(), ctx, Action::DecidePublishers)?;
    let command = Command::TurnDown { note };
    step(app, ctx, find(app, id).await?, command, Some(&by(staff)), "publisher.turned-down", json!({})).await
}

/// The second person decides on exactly what was offered. With an approval the publisher is qualified, in one commit.
pub async fn decide(app: &App, ctx: &Ctx, id: &MatterId, verdict: Verdict) -> Result<Read<Application>, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = may_for_bank(&catalog, ctx, Action::DecidePublishers)?;
    let found = find::<Grant>(app, id).await?;
    let (word, digest) = said(&verdict);
    let signed = subject(word, id.as_str(), digest);
    let proof = step_up::presence(app, ctx, Action::DecidePublishers, &signed).await?;
    let body = application::apply(&found.body, Command::Decide(verdict), Some(&by(staff)), ctx.now_ms)?;
    let matter = found.matter.moved(&body, ctx.now_ms);
    let (mut guards, mut changes, mut detail) = (Vec::new(), Vec::new(), json!({ "state": body.state }));
    if let (State::Approved, Some(offer), Some(publisher)) = (body.state, &body.offer, &body.publisher) {
        let filing = filed(&found)?;
        filing.check_grant(&offer.what, ctx.now_ms)?;
        let people = vec![offer.by.staff.clone(), staff.id.clone()];
        let before = find_publisher(&catalog, publisher)?;
        let qualified = application::qualified(before, &filing, &offer.what, people, ctx.now_ms);
        let (guard, change) = put(&catalog, Noun::Publisher, publisher.as_str(), &qualified)?;
        guards.push(guard);
        changes.push(change);
        detail["publisher"] = json!(publisher);
        detail["qualification"] = json!(qualified.qualification);
    }
    step_up::keep(proof, &mut changes, &mut detail);
    keep::<Grant>(app, ctx, &matter, guards, changes, "publisher.application-decided", detail).await?;
    app.refresh_catalog().await?;
    Ok(Read { matter, body })
}

/// Announces ends that are near, each once: the trail has it, and the pages show it.
pub async fn announce(app: &App) -> Result<(), Problem> {
    let ctx = app.host_ctx();
    let catalog = app.catalog();
    for kept in catalog.publishers.values() {
        let Some(next) = kept.value.announced(ctx.now_ms) else { continue };
        let (guard, change) = put(&catalog, Noun::Publisher, next.id.as_str(), &next)?;
        let detail = json!({ "until_ms": next.announced_ms, "standing": next.standing(ctx.now_ms) });
        let subject = format!("publisher:{}", next.id);
        match commit(app, &ctx, vec![guard], vec![change], "publisher.end-announced", &subject, detail).await {
            // Another host did it, or it was renewed meanwhile.
            Ok(()) | Err(CommitRefusal::Moved(_)) => {}
            Err(refusal) => return Err(refusal.into()),
        }
        app.refresh_catalog().await?;
    }
    Ok(())
}
