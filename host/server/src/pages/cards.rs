//! Names and cards out of the catalog, in the reader's language.

use super::parts::ProgramCard;
use crate::app::catalog::Catalog;
use crate::words::Words;
use std::collections::BTreeMap;
use xitai_model::ids::{MerchantId, PlaceId, ProgramId, ReleaseId};
use xitai_model::ledger::{AccountKey, AccountKind};
use xitai_model::release::ReleaseState;

/// The card of a program: of its live release, else of the newest that was approved. What nobody has reviewed is not
/// shown to customers.
pub fn card_of_program(catalog: &Catalog, id: &ProgramId, words: &Words) -> Option<ProgramCard> {
    let live = catalog.rollout(id).and_then(|rollout| rollout.stages.last());
    let live =
        live.and_then(|stage| catalog.release(&ReleaseId { program: id.clone(), version: stage.version.clone() }));
    let mut approved = catalog.releases_of(id).rev().filter(|release| release.state == ReleaseState::Approved);
    let release = live.or_else(|| approved.next())?;
    Some(ProgramCard::of(release, catalog.publisher(&release.publisher), words))
}

/// A place's name in a language.
pub fn place_name(catalog: &Catalog, id: &PlaceId, words: &Words) -> String {
    catalog.place(id).map_or_else(|| id.to_string(), |place| names_of(&place.name, &place.names, words))
}

/// The same as the place was called at a time: what is read years later says what people said then.
pub fn place_name_at(catalog: &Catalog, id: &PlaceId, at_ms: i64, words: &Words) -> String {
    let Some(place) = catalog.place(id) else { return id.to_string() };
    let (name, names) = place.names_at(at_ms);
    names_of(name, names, words)
}

/// A name in a language or what its readers know as well, where there is one in it.
pub fn names_of(name: &str, names: &BTreeMap<String, String>, words: &Words) -> String {
    words.local(names).map_or(name, String::as_str).to_owned()
}

/// Whose account it is, for those who look at the books. A customer has no name here: the books know none.
pub fn account_name(catalog: &Catalog, account: &AccountKey, words: &Words) -> String {
    let kind = words.name("account", account.kind.as_str());
    let who = match account.kind {
        AccountKind::Merchant | AccountKind::Settlement => {
            let merchant = MerchantId::parse(&account.owner).ok().and_then(|id| catalog.merchant(&id));
            merchant.map_or_else(|| account.owner.clone(), |it| it.legal_name.clone())
        }
        AccountKind::Branch => {
            PlaceId::parse(&account.owner).map_or_else(|_| account.owner.clone(), |id| place_name(catalog, &id, words))
        }
        AccountKind::HeadOffice | AccountKind::Fee | AccountKind::Suspense | AccountKind::Treasury => return kind,
        _ => account.owner.clone(),
    };
    format!("{kind} · {who}")
}
