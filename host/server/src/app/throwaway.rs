//! Signatures in a bank that is thrown away, such as a scene's or one that is measured: its publisher and the bank itself
//! sign with one key that everybody knows, so that what runs there goes the way of everything that runs.

use xitai_model::ids::{PublisherId, StaffId};
use xitai_model::publisher_key::PublisherKey;
use xitai_model::record::{Noun, Record};
use xitai_model::release::{Countersignature, PackageSignature, Release};
use xitai_model::signature::{PublishedKey, SigningKey};

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
