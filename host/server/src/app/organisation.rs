//! The organisation as head office keeps it: places, people and what they may do, publishers.

use super::App;
use super::catalog::Catalog;
use super::ctx::Ctx;
use super::merchant::{by, said, subject};
use super::publish::{keep, may_for_bank, put};
use super::step_up;
use crate::http::problem::Problem;
use serde_json::{Value, json};
use xitai_model::code;
use xitai_model::commit::{Change, Guard};
use xitai_model::identity::{Customer, Level, Profile, Who};
use xitai_model::ids::{CustomerId, PlaceId, PublisherId, StaffId};
use xitai_model::limits::{ORGANISATION_NAME_CHARS_MAX, TOKENS_LISTED_MAX};
use xitai_model::organisation::{self, Command, Names};
use xitai_model::place::{Access, Place, PlaceKind, Staff};
use xitai_model::policy::Action;
use xitai_model::proposal::Verdict;
use xitai_model::record::Noun;
use xitai_model::release::Publisher;
use xitai_model::text;

/// Who may look at all of it.
pub fn reader<'a>(app: &App, ctx: &'a Ctx) -> Result<&'a Staff, Problem> {
    may_for_bank(&app.catalog(), ctx, Action::ReadOrganisation)
}

/// A new place.
pub async fn found(
    app: &App,
    ctx: &Ctx,
    id: PlaceId,
    kind: PlaceKind,
    parent: PlaceId,
    names: Names,
) -> Result<Place, Problem> {
    let catalog = app.refresh_catalog().await?;
    may_for_bank(&catalog, ctx, Action::KeepOrganisation)?;
    let place = organisation::found(&catalog.tree(), id, kind, parent, names)?;
    let proof = step_up::presence(app, ctx, Action::KeepOrganisation, &format!("found {}", place.id)).await?;
    let (guard, change) = put(&catalog, Noun::Place, place.id.as_str(), &place)?;
    let mut changes = vec![change];
    let mut detail = json!({ "kind": place.kind, "parent": place.parent, "name": place.name });
    step_up::keep(proof, &mut changes, &mut detail);
    keep(app, ctx, vec![guard], changes, "place.founded", &format!("place:{}", place.id), detail).await?;
    Ok(place)
}

/// The audit name of a command, and the word that a passkey signs.
fn named(command: &Command) -> (&'static str, &'static str) {
    match command {
        Command::Rename(_) => ("place.renamed", "rename"),
        Command::Move { .. } => ("place.moved", "move"),
        Command::Merge { .. } => ("place.merged", "merge"),
        Command::Close => ("place.closed", "close"),
    }
}

/// Changes a place. What the trail says has both names and both places, so that it reads without the tree.
pub async fn change(app: &App, ctx: &Ctx, id: &PlaceId, command: Command) -> Result<Place, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = may_for_bank(&catalog, ctx, Action::KeepOrganisation)?;
    let (action, word) = named(&command);
    let changed = organisation::apply(&catalog.tree(), id, command, &staff.id, ctx.now_ms)?;
    let proof = step_up::presence(app, ctx, Action::KeepOrganisation, &format!("{word} {id}")).await?;
    let (mut guards, mut changes) = (Vec::new(), Vec::new());
    for place in &changed {
        let (guard, change) = put(&catalog, Noun::Place, place.id.as_str(), place)?;
        guards.push(guard);
        changes.push(change);
    }
    let place = changed.iter().find(|place| place.id == *id).cloned();
    let place = place.ok_or_else(|| Problem::internal("a place's change changed another"))?;
    let before = catalog.place(id);
    let mut detail = json!({
        "name": place.name, "was": before.map(|place| &place.name),
        "parent": place.parent, "lay_below": before.and_then(|place| place.parent.as_ref()),
        "into": place.over.as_ref().and_then(|over| over.into.as_ref()),
        "moved_along": changed.iter().filter(|it| it.id != *id).map(|it| &it.id).collect::<Vec<_>>(),
    });
    step_up::keep(proof, &mut changes, &mut detail);
    keep(app, ctx, guards, changes, action, &format!("place:{id}"), detail).await?;
    Ok(place)
}

/// Somebody new on the staff. They sign in once a provider's subject is bound to them, and may do nothing until two
/// people have given them rights.
pub async fn hire(app: &App, ctx: &Ctx, id: StaffId, name: &str, person: &str) -> Result<Staff, Problem> {
    let catalog = app.refresh_catalog().await?;
    may_for_bank(&catalog, ctx, Action::KeepOrganisation)?;
    let bank = catalog.bank().ok_or_else(|| Problem::internal("there is no bank among the places"))?;
    let (staff, own) = newcomer(app, ctx, bank, id, name, person)?;
    if catalog.staff(&staff.id).is_some() {
        return Err(Problem::new(code::STAFF_TAKEN).detail(&staff.id));
    }
    let proof = step_up::presence(app, ctx, Action::KeepOrganisation, &format!("hire {}", staff.id)).await?;
    let (guards, mut changes) = joining(&catalog, &staff, own)?;
    let mut detail = json!({ "person": staff.person });
    step_up::keep(proof, &mut changes, &mut detail);
    keep(app, ctx, guards, changes, "staff.hired", &format!("staff:{}", staff.id), detail).await?;
    Ok(staff)
}

/// Whether somebody may be called so.
pub fn is_name(text: &str) -> bool {
    !text.trim().is_empty() && text::is_clean(text, ORGANISATION_NAME_CHARS_MAX)
}

/// Somebody without rights, and a record of their own, on which what programs keep for them hangs. Nobody signs in to
/// that.
pub(super) fn newcomer(
    app: &App,
    ctx: &Ctx,
    bank: &Place,
    id: StaffId,
    name: &str,
    person: &str,
) -> Result<(Staff, Customer), Problem> {
    if !is_name(name) || !is_name(person) {
        return Err(Problem::malformed("name, person: 1 to 80 plain characters"));
    }
    let own = Customer {
        id: CustomerId::new(ctx.now_ms, app.clock.random()),
        login: format!("staff/{id}"),
        password_hash: String::new(),
        level: Level::Other,
        branch: bank.id.clone(),
        profile: Profile { display_name: name.trim().to_owned(), ..Profile::default() },
    };
    let staff = Staff {
        id,
        name: name.trim().to_owned(),
        roles: Vec::new(),
        publisher: None,
        customer: own.id.clone(),
        person: person.trim().to_owned(),
        password_hash: String::new(),
        proposed: None,
        past: Vec::new(),
        closed: None,
    };
    Ok((staff, own))
}

/// What writes both down.
pub(super) fn joining(catalog: &Catalog, staff: &Staff, own: Customer) -> Result<(Vec<Guard>, Vec<Change>), Problem> {
    let (guard, change) = put(catalog, Noun::Staff, staff.id.as_str(), staff)?;
    let free = Guard::LoginFree { login: own.login.clone() };
    Ok((vec![guard, free], vec![change, Change::Customer(Box::new(own))]))
}

pub fn staff<'a>(catalog: &'a Catalog, id: &StaffId) -> Result<&'a Staff, Problem> {
    catalog.staff(id).ok_or_else(|| Problem::new(code::STAFF_NOT_FOUND).detail(id))
}

/// Proposes what somebody may do.
pub async fn propose(app: &App, ctx: &Ctx, id: &StaffId, access: Access) -> Result<Staff, Problem> {
    let catalog = app.refresh_catalog().await?;
    let maker = may_for_bank(&catalog, ctx, Action::KeepOrganisation)?;
    for (_, place) in &access.roles {
        organisation::standing(&catalog.tree(), place)
            .ok()
            .filter(|standing| standing.id == *place)
            .ok_or_else(|| Problem::new(code::PLACE_OVER).detail(place))?;
    }
    if let Some(publisher) = access.publisher.as_ref().filter(|id| catalog.publisher(id).is_none()) {
        return Err(Problem::new(code::PUBLISHER_NOT_FOUND).detail(publisher));
    }
    let detail = json!({ "access": access });
    let next = staff(&catalog, id)?.propose(access, by(maker), ctx.now_ms)?;
    put_staff(app, ctx, &catalog, &next, Vec::new(), "staff.access-proposed", detail).await?;
    Ok(next)
}

/// The second person's word on exactly these rights.
pub async fn decide(app: &App, ctx: &Ctx, id: &StaffId, verdict: Verdict) -> Result<Staff, Problem> {
    let catalog = app.refresh_catalog().await?;
    let checker = may_for_bank(&catalog, ctx, Action::DecideAccess)?;
    let (word, digest) = said(&verdict);
    let signed = subject(word, id.as_str(), digest);
    let before = staff(&catalog, id)?;
    let next = before.decide(verdict, &by(checker), ctx.now_ms)?;
    let proof = step_up::presence(app, ctx, Action::DecideAccess, &signed).await?;
    let mut changes = Vec::new();
    let mut detail = json!({ "access": next.access(), "was": before.access() });
    step_up::keep(proof, &mut changes, &mut detail);
    put_staff(app, ctx, &catalog, &next, changes, "staff.access-decided", detail).await?;
    Ok(next)
}

/// Closes an account and ends all its sign-ins and machines' tokens, in one commit.
pub async fn close(app: &App, ctx: &Ctx, id: &StaffId, reason: &str) -> Result<Staff, Problem> {
    let catalog = app.refresh_catalog().await?;
    let maker = may_for_bank(&catalog, ctx, Action::KeepOrganisation)?;
    let next = staff(&catalog, id)?.close(&maker.id, reason, ctx.now_ms)?;
    let proof = step_up::presence(app, ctx, Action::KeepOrganisation, &format!("close {id}")).await?;
    // Whatever is not among them ends as well: whose account is closed is nobody at the gate.
    let tokens = app.store.tokens_of(&Who::Staff(id.clone()), ctx.now_ms, TOKENS_LISTED_MAX).await?;
    let mut changes: Vec<Change> = tokens.iter().map(|token| Change::TokenRevoked(token.digest.clone())).collect();
    let mut detail = json!({ "reason": reason, "tokens": tokens.len() });
    step_up::keep(proof, &mut changes, &mut detail);
    put_staff(app, ctx, &catalog, &next, changes, "staff.closed", detail).await?;
    for token in &tokens {
        app.sign_ins.forget(&token.digest);
    }
    Ok(next)
}

/// Opens it again, without any rights.
pub async fn reopen(app: &App, ctx: &Ctx, id: &StaffId) -> Result<Staff, Problem> {
    let catalog = app.refresh_catalog().await?;
    may_for_bank(&catalog, ctx, Action::KeepOrganisation)?;
    let next = staff(&catalog, id)?.reopen()?;
    let proof = step_up::presence(app, ctx, Action::KeepOrganisation, &format!("reopen {id}")).await?;
    let (mut changes, mut detail) = (Vec::new(), json!({}));
    step_up::keep(proof, &mut changes, &mut detail);
    put_staff(app, ctx, &catalog, &next, changes, "staff.reopened", detail).await?;
    Ok(next)
}

/// A new publisher, which may publish nothing until it is qualified.
pub async fn add_publisher(app: &App, ctx: &Ctx, id: PublisherId, name: &str) -> Result<Publisher, Problem> {
    let catalog = app.refresh_catalog().await?;
    may_for_bank(&catalog, ctx, Action::KeepOrganisation)?;
    if !is_name(name) {
        return Err(Problem::malformed("name: 1 to 80 plain characters"));
    }
    if catalog.publisher(&id).is_some() {
        return Err(Problem::new(code::PUBLISHER_TAKEN).detail(&id));
    }
    let proof = step_up::presence(app, ctx, Action::KeepOrganisation, &format!("publisher {id}")).await?;
    let publisher = Publisher::new(id, name.trim());
    let (guard, change) = put(&catalog, Noun::Publisher, publisher.id.as_str(), &publisher)?;
    let (mut changes, mut detail) = (vec![change], json!({ "name": publisher.name }));
    step_up::keep(proof, &mut changes, &mut detail);
    keep(app, ctx, vec![guard], changes, "publisher.added", &format!("publisher:{}", publisher.id), detail).await?;
    Ok(publisher)
}

async fn put_staff(
    app: &App,
    ctx: &Ctx,
    catalog: &Catalog,
    next: &Staff,
    mut changes: Vec<Change>,
    action: &str,
    detail: Value,
) -> Result<(), Problem> {
    let (guard, change) = put(catalog, Noun::Staff, next.id.as_str(), next)?;
    changes.push(change);
    keep(app, ctx, vec![guard], changes, action, &format!("staff:{}", next.id), detail).await
}
