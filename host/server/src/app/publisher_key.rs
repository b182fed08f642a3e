//! Keys of publishers: registered by their developers, replaced, revoked by them or by the bank.

use super::App;
use super::catalog::Catalog;
use super::ctx::Ctx;
use super::publish::{self, developer, may, may_for_bank, put};
use super::step_up;
use crate::http::problem::Problem;
use serde_json::json;
use xitai_model::code;
use xitai_model::ids::PublisherId;
use xitai_model::policy::{Action, Resource};
use xitai_model::publisher_key::{self, PublisherKey, Registration};
use xitai_model::record::Noun;
use xitai_model::refusal::Refusal;
use xitai_model::release::{PackageSignature, Release};
use xitai_model::signature::{PublicKey, Signature};

/// A key to be registered, as it comes in.
pub struct Wish {
    pub public: PublicKey,
    pub name: String,
    pub proof: Signature,
    /// Id of the key whose place it takes.
    pub replaces: Option<String>,
}

/// Keys of a publisher, newest first.
pub fn of<'a>(catalog: &'a Catalog, publisher: &'a PublisherId) -> impl Iterator<Item = &'a PublisherKey> {
    let mut keys: Vec<&PublisherKey> =
        catalog.publisher_keys.values().map(|kept| &kept.value).filter(|key| key.publisher == *publisher).collect();
    keys.sort_by_key(|key| std::cmp::Reverse(key.since_ms));
    keys.into_iter()
}

/// The caller's own.
pub fn own(app: &App, ctx: &Ctx) -> Result<Vec<PublisherKey>, Problem> {
    let (_, publisher) = developer(app, ctx)?;
    Ok(of(&app.catalog(), &publisher).cloned().collect())
}

/// A publisher's, for the bank.
pub fn of_publisher(app: &App, ctx: &Ctx, publisher: &PublisherId) -> Result<Vec<PublisherKey>, Problem> {
    let catalog = app.catalog();
    may_for_bank(&catalog, ctx, Action::ReadRelease)?;
    Ok(of(&catalog, publisher).cloned().collect())
}

/// Registers a key for the caller's publisher. Registering one's own again changes nothing.
pub async fn register(app: &App, ctx: &Ctx, wish: Wish) -> Result<PublisherKey, Problem> {
    let (staff, publisher) = developer(app, ctx)?;
    let of_own = Resource { publisher: Some(&publisher), ..Resource::default() };
    may(&app.catalog(), ctx, Action::KeepKeys, of_own)?;
    let catalog = app.refresh_catalog().await?;
    let id = wish.public.id();
    let there = catalog.publisher_keys.get(&id).map(|kept| &kept.value);
    if let Some(there) = there.filter(|there| there.publisher == publisher && there.revoked.is_none()) {
        return Ok(there.clone());
    }
    let proof = step_up::presence(app, ctx, Action::KeepKeys, &id).await?;
    let registration =
        Registration { publisher, public: wish.public, name: wish.name, proof: wish.proof, by: staff.id.clone() };
    let publisher = registration.publisher.clone();
    let key = publisher_key::register(registration, there, of(&catalog, &publisher), ctx.now_ms)?;
    let (guard, change) = put(&catalog, Noun::PublisherKey, &id, &key)?;
    let (mut guards, mut changes) = (vec![guard], vec![change]);
    if let Some(replaced) = &wish.replaces {
        let old = find(&catalog, replaced).filter(|old| old.publisher == publisher);
        let old = old.ok_or_else(|| Problem::new(code::PUBLISHER_KEY_NOT_FOUND))?.replaced(ctx.now_ms)?;
        let (guard, change) = put(&catalog, Noun::PublisherKey, &old.id, &old)?;
        guards.push(guard);
        changes.push(change);
    }
    let mut detail = json!({ "publisher": publisher, "public": key.public, "replaces": wish.replaces });
    step_up::keep(proof, &mut changes, &mut detail);
    keep(app, ctx, guards, changes, "publisher-key.registered", &id, detail).await?;
    Ok(key)
}

/// Revokes a key, as its publisher or as the bank. Releases that came under it from that time on do not run any more.
pub async fn revoke(
    app: &App,
    ctx: &Ctx,
    id: &str,
    reason: &str,
    from_ms: Option<i64>,
) -> Result<PublisherKey, Problem> {
    let catalog = app.refresh_catalog().await?;
    let not_found = || Problem::new(code::PUBLISHER_KEY_NOT_FOUND);
    let key = find(&catalog, id).ok_or_else(not_found)?;
    let of_publisher =
        Resource { place: catalog.bank().map(|bank| &bank.id), publisher: Some(&key.publisher), ..Resource::default() };
    let staff = may(&catalog, ctx, Action::RevokeKeys, of_publisher).map_err(|_| not_found())?;
    let revoked = key.revoke(from_ms.unwrap_or(ctx.now_ms), reason, staff.id.clone(), ctx.now_ms)?;
    let proof = step_up::presence(app, ctx, Action::RevokeKeys, id).await?;
    let (guard, change) = put(&catalog, Noun::PublisherKey, id, &revoked)?;
    let mut changes = vec![change];
    let mut detail = json!({ "publisher": revoked.publisher, "revoked": revoked.revoked });
    step_up::keep(proof, &mut changes, &mut detail);
    keep(app, ctx, vec![guard], changes, "publisher-key.revoked", id, detail).await?;
    Ok(revoked)
}

async fn keep(
    app: &App,
    ctx: &Ctx,
    guards: Vec<xitai_model::commit::Guard>,
    changes: Vec<xitai_model::commit::Change>,
    action: &str,
    id: &str,
    detail: serde_json::Value,
) -> Result<(), Problem> {
    publish::keep(app, ctx, guards, changes, action, &format!("publisher-key:{id}"), detail).await
}

fn find<'a>(catalog: &'a Catalog, id: &str) -> Option<&'a PublisherKey> {
    catalog.publisher_keys.get(id).map(|kept| &kept.value)
}

/// Whether a package that comes now is signed by a key of its publisher's that counts.
pub fn check_upload(
    catalog: &Catalog,
    publisher: &PublisherId,
    signature: Option<&PackageSignature>,
    now_ms: i64,
) -> Result<(), Refusal> {
    let signature = signature.ok_or_else(|| Refusal::of(code::PACKAGE_UNSIGNED, ""))?;
    signing_key(catalog, publisher, signature)?.takes(now_ms)
}

/// Whether a release's key lets it be approved now.
pub fn check_approval(catalog: &Catalog, release: &Release) -> Result<(), Refusal> {
    let signature = release.signature.as_ref().ok_or_else(|| Refusal::of(code::PACKAGE_UNSIGNED, ""))?;
    signing_key(catalog, &release.publisher, signature)?.lets_approve(release.uploaded_ms)
}

/// Whether an approved release's key is believed for when it came: asked at each call, so that a revocation reaches
/// sessions that are open.
pub fn check_running(catalog: &Catalog, release: &Release) -> Result<(), Problem> {
    let signature = release.signature.as_ref().ok_or_else(|| Refusal::of(code::PACKAGE_UNSIGNED, ""));
    let believed = signature.and_then(|signature| signing_key(catalog, &release.publisher, signature));
    match believed.and_then(|key| key.takes(release.uploaded_ms)) {
        Ok(()) => Ok(()),
        Err(refusal) => {
            Err(Problem::new(code::RELEASE_KEY_REVOKED).because(format!("{}: {}", release.id, refusal.code)))
        }
    }
}

fn signing_key<'a>(
    catalog: &'a Catalog,
    publisher: &PublisherId,
    signature: &PackageSignature,
) -> Result<&'a PublisherKey, Refusal> {
    let key = find(catalog, &signature.key.id());
    let own = key.filter(|key| key.publisher == *publisher && key.public == signature.key);
    own.ok_or_else(|| Refusal::of(code::PACKAGE_KEY_UNKNOWN, signature.key.id()))
}
