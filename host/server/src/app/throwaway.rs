//! A bank that is thrown away, such as a scene's or one that is measured: what is written into it before it begins. Its
//! publisher and the bank itself sign with one key that everybody knows, so that what runs there goes the way of everything
//! that runs.

use super::App;
use crate::config::sign_in::CodesWord;
use crate::config::{Config, ZONE_DEFAULT};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;
use xitai_model::audit::AuditEvent;
use xitai_model::commit::{Change, Commit, CommitRefusal};
use xitai_model::digest::Digest;
use xitai_model::ids::{CustomerId, PlaceId, PublisherId, ReleaseId, StaffId};
use xitai_model::ledger::{AccountKey, AccountKind, Movement, Purpose, Transfer};
use xitai_model::manifest::Manifest;
use xitai_model::money::Money;
use xitai_model::place::{Place, PlaceKind, Role, Staff};
use xitai_model::publisher_key::PublisherKey;
use xitai_model::record::{Noun, Record};
use xitai_model::release::{Countersignature, PackageSignature, Program, Release, ReleaseState};
use xitai_model::rollout::{Rollout, Stage};
use xitai_model::signature::{PublishedKey, SigningKey};

/// How its host is set up: it reaches nobody, and nobody waits.
pub fn config(folder: &Path, database: String, lanes: usize) -> Config {
    Config {
        listen: ([127, 0, 0, 1], 0).into(),
        data_dir: folder.to_owned(),
        database,
        keys_dir: folder.join("keys"),
        zone: ZONE_DEFAULT.parse().expect("the register has it"),
        content_rules: None,
        lanes,
        egress_allow: Vec::new(),
        proxies: Vec::new(),
        egress_ca: None,
        duty: Default::default(),
        traces: None,
        chat_page: None,
        notice_webhook: None,
        notice_mail: None,
        rail: None,
        requests_per_s_max: u32::MAX,
        codes: CodesWord::Off,
    }
}

/// Writes into it, on nobody's behalf.
pub async fn commit(app: &App, action: &str, subject: &str, changes: Vec<Change>) -> Result<(), CommitRefusal> {
    let audit = AuditEvent {
        at_ms: app.clock.now_ms(),
        actor: "host".to_owned(),
        action: action.to_owned(),
        subject: subject.to_owned(),
        detail: serde_json::Value::Null,
        request: None,
    };
    app.store.commit(Commit { guards: Vec::new(), changes, audit }).await.map(|_| ())
}

pub fn record<T: Serialize>(noun: Noun, id: &str, body: &T) -> Change {
    Change::Record(Record::of(noun, id, 1, body))
}

pub fn place(id: &PlaceId, parent: Option<&PlaceId>, kind: PlaceKind) -> Change {
    let (name, names) = (id.to_string(), BTreeMap::new());
    let place = Place { id: id.clone(), parent: parent.cloned(), kind, name, names, past: Vec::new(), over: None };
    record(Noun::Place, id.as_str(), &place)
}

/// Somebody with one role, a person of their own.
pub fn staff(id: StaffId, role: Role, at: &PlaceId, customer: CustomerId) -> Staff {
    let name = id.to_string();
    Staff {
        id,
        person: name.clone(),
        name,
        roles: vec![(role, at.clone())],
        publisher: None,
        customer,
        password_hash: String::new(),
        proposed: None,
        past: Vec::new(),
        closed: None,
    }
}

/// Money from outside.
pub fn funding(bank: &str, credit: AccountKey, amount: Money) -> Change {
    let transfer = Transfer {
        debit: AccountKey::new(AccountKind::Treasury, bank, amount.currency),
        credit,
        amount,
        movement: Movement::Post,
        purpose: Purpose::Funding,
        payment: None,
        ceiling: None,
    };
    Change::Transfers { chain: vec![transfer], holds_of: None }
}

/// A release that went through its review.
pub fn release(manifest: Manifest, publisher: PublisherId, by: StaffId, component: Digest, now_ms: i64) -> Release {
    let release = Release {
        id: ReleaseId { program: manifest.app_id.clone(), version: manifest.version.name.clone() },
        publisher,
        uploaded_by: by,
        uploaded_ms: now_ms,
        package: component.clone(),
        component,
        package_bytes: 0,
        granted: manifest.permissions(),
        manifest,
        state: ReleaseState::Approved,
        findings: Vec::new(),
        review: None,
        signoffs: Vec::new(),
        reviewing: Default::default(),
        components: Vec::new(),
        signature: None,
        countersignature: None,
        damages: Vec::new(),
    };
    signed(release, now_ms)
}

/// Its program, open for everybody in a branch.
pub fn rolled_out(release: &Release, branch: &PlaceId, now_ms: i64) -> Vec<Change> {
    let id = &release.id.program;
    let (publisher, by) = (release.publisher.clone(), release.uploaded_by.clone());
    let program = Program { id: id.clone(), publisher, made_ms: now_ms, highest_code: 1, retired: None };
    let rollout = Rollout {
        stages: vec![Stage::of_all(release.id.version.clone(), now_ms)],
        all_branches: true,
        enabled: vec![branch.clone()],
        ..Rollout::new(id.clone(), by, now_ms)
    };
    vec![
        record(Noun::Program, id.as_str(), &program),
        record(Noun::Release, &release.id.to_string(), release),
        record(Noun::Rollout, id.as_str(), &rollout),
    ]
}

fn key() -> SigningKey {
    SigningKey::of_seed(&[7; 32])
}

/// The key as both have it registered.
pub fn keys(publisher: &PublisherId, by: &StaffId, now_ms: i64) -> [Record; 2] {
    let public = key().public();
    let id = public.id();
    let published = PublishedKey { id: id.clone(), public: public.clone(), since_ms: now_ms };
    let own = PublisherKey {
        id: id.clone(),
        publisher: publisher.clone(),
        public,
        name: "throwaway".to_owned(),
        by: by.clone(),
        since_ms: now_ms,
        until_ms: None,
        revoked: None,
    };
    [Record::of(Noun::SigningKey, id.clone(), 1, &published), Record::of(Noun::PublisherKey, id, 1, &own)]
}

/// The release with both signatures.
pub fn signed(release: Release, now_ms: i64) -> Release {
    let signature = Some(PackageSignature::sign(release.package.clone(), &key()));
    let release = Release { signature, ..release };
    Release { countersignature: Some(Countersignature::sign(&release, &key(), now_ms)), ..release }
}
