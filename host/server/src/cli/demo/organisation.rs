//! Places, publishers and merchants of the demo bank.

use crate::app::App;
use crate::app::catalog::Catalog;
use crate::http::problem::Problem;
use serde::Serialize;
use std::collections::BTreeMap;
use xitai_model::audit::AuditEvent;
use xitai_model::commit::{Change, Commit, Guard};
use xitai_model::ids::{MerchantId, PlaceId, PublisherId};
use xitai_model::place::{Place, PlaceKind};
use xitai_model::record::{Noun, Record};
use xitai_model::release::{Merchant, Publisher};

pub const BANK: &str = "bank";
pub const SUZHOU: &str = "suzhou";
pub const PUBLISHER: &str = "suzhou-branch";

/// Id, what it is in, kind, name, English name.
const PLACES: [(&str, Option<&str>, PlaceKind, &str, &str); 4] = [
    (BANK, None, PlaceKind::Bank, "示例银行", "Example Bank"),
    ("jiangsu", Some(BANK), PlaceKind::Region, "江苏省分行", "Jiangsu Region"),
    (SUZHOU, Some("jiangsu"), PlaceKind::Branch, "苏州分行", "Suzhou Branch"),
    ("nanjing", Some("jiangsu"), PlaceKind::Branch, "南京分行", "Nanjing Branch"),
];

/// Id, name, what it sells by ISO 18245.
const MERCHANTS: [(&str, &str, &str); 2] = [
    ("suzhou-canteen", "苏州分行职工食堂 Suzhou Branch Staff Canteen", "5812"),
    ("suzhou-hospital", "苏州第一医院 Suzhou First Hospital", "8062"),
];

/// Writes what is missing; how many records that were.
pub async fn seed(app: &App) -> Result<usize, Problem> {
    let catalog = app.catalog();
    let mut missing = Missing::new(&catalog);
    for (id, parent, kind, name, english) in PLACES {
        let parent = parent.map(PlaceId::parse).transpose()?;
        let names = BTreeMap::from([("en".to_owned(), english.to_owned()), ("zh-CN".to_owned(), name.to_owned())]);
        let place = Place { id: PlaceId::parse(id)?, parent, kind, name: name.to_owned(), names };
        missing.add(Noun::Place, id, &place)?;
    }
    let own =
        Publisher { id: PublisherId::parse(PUBLISHER)?, name: "苏州分行 Suzhou Branch".to_owned(), verified: true };
    missing.add(Noun::Publisher, PUBLISHER, &own)?;
    // A partner that head office has not qualified yet.
    let partner =
        Publisher { id: PublisherId::parse("river-tea")?, name: "河边茶馆 River Tea".to_owned(), verified: false };
    missing.add(Noun::Publisher, "river-tea", &partner)?;
    for (id, name, category_code) in MERCHANTS {
        let merchant = Merchant {
            id: MerchantId::parse(id)?,
            legal_name: name.to_owned(),
            publisher: own.id.clone(),
            category_code: category_code.to_owned(),
            city: "Suzhou".to_owned(),
        };
        missing.add(Noun::Merchant, id, &merchant)?;
    }
    missing.commit(app, "organisation.seeded").await
}

/// Documents that the catalog does not have yet.
pub struct Missing<'a> {
    catalog: &'a Catalog,
    guards: Vec<Guard>,
    changes: Vec<Change>,
}

impl<'a> Missing<'a> {
    pub fn new(catalog: &'a Catalog) -> Self {
        Self { catalog, guards: Vec::new(), changes: Vec::new() }
    }
    pub fn add<T: Serialize>(&mut self, noun: Noun, id: &str, value: &T) -> Result<(), Problem> {
        if self.catalog.version_of(noun, id) > 0 {
            return Ok(());
        }
        let body = serde_json::to_value(value).map_err(Problem::internal)?;
        self.guards.push(Guard::RecordAt { noun, id: id.to_owned(), version: 0 });
        self.changes.push(Change::Record(Record { noun, id: id.to_owned(), version: 1, body }));
        Ok(())
    }
    /// Commits them together; how many they were.
    pub async fn commit(self, app: &App, action: &str) -> Result<usize, Problem> {
        let count = self.changes.len();
        if count > 0 {
            commit(app, self.guards, self.changes, action).await?;
            app.refresh_catalog().await?;
        }
        Ok(count)
    }
}

/// Commits as the host itself: nobody has signed in yet.
pub async fn commit(app: &App, guards: Vec<Guard>, changes: Vec<Change>, action: &str) -> Result<(), Problem> {
    let ctx = app.host_ctx();
    let audit = AuditEvent {
        at_ms: ctx.now_ms,
        actor: ctx.actor.audit_name(),
        action: action.to_owned(),
        subject: BANK.to_owned(),
        detail: serde_json::json!({ "changes": changes.len() }),
        request: None,
    };
    app.store.commit(Commit { guards, changes, audit }).await?;
    Ok(())
}
