//! Places, publishers and merchants of the demo bank.

use crate::app::App;
use crate::app::catalog::Catalog;
use crate::http::problem::Problem;
use serde::Serialize;
use std::collections::BTreeMap;
use xitai_model::audit::AuditEvent;
use xitai_model::commit::{Change, Commit, Guard};
use xitai_model::ids::{MerchantId, PlaceId, PublisherId};
use xitai_model::merchant::{Cash, Merchant, Rate, Settlement, Shop, Terms};
use xitai_model::money::{Currency, Money};
use xitai_model::place::{Place, PlaceKind};
use xitai_model::proposal::Rule;
use xitai_model::publisher::{EVERY_CATEGORY, Publisher, Qualification, Tier};
use xitai_model::record::{Noun, Record};
use xitai_model::risk::{Otherwise, RiskRule, Then, When, Why};
use xitai_model::spending::{Limit, Most, Of, Per};

const DAY_MS: i64 = 24 * 3_600_000;

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
const MERCHANTS: [(&str, &str, &str); 4] = [
    ("suzhou-canteen", "苏州分行职工食堂 Suzhou Branch Staff Canteen", "5812"),
    ("suzhou-hospital", "苏州第一医院 Suzhou First Hospital", "8062"),
    ("suzhou-noodle-house", "观前面馆 Guanqian Noodle House", "5812"),
    ("suzhou-water", "苏州水务 Suzhou Water", "4900"),
];

/// The bank here, where it is somebody's own: that of a demo came in one commit with its publisher.
pub fn anothers(catalog: &Catalog) -> Option<&Place> {
    catalog.bank().filter(|_| !catalog.publishers.keys().any(|id| id.as_str() == PUBLISHER))
}

/// Writes what is missing; how many records that were.
pub async fn seed(app: &App) -> Result<usize, Problem> {
    let catalog = app.catalog();
    let mut missing = Missing::new(&catalog);
    for (id, parent, kind, name, english) in PLACES {
        let parent = parent.map(PlaceId::parse).transpose()?;
        let names = BTreeMap::from([("en".to_owned(), english.to_owned()), ("zh-CN".to_owned(), name.to_owned())]);
        let place =
            Place { id: PlaceId::parse(id)?, parent, kind, name: name.to_owned(), names, past: Vec::new(), over: None };
        missing.add(Noun::Place, id, &place)?;
    }
    let now_ms = app.clock.now_ms();
    // The bank's own branch works under the bank's licence.
    let own = Publisher::new(PublisherId::parse(PUBLISHER)?, "苏州分行 Suzhou Branch");
    let own = qualified(own, &[EVERY_CATEGORY], Tier::Low, "SZ-2026-01", now_ms + 730 * DAY_MS);
    missing.add(Noun::Publisher, PUBLISHER, &own)?;
    // A partner whose qualification ends soon.
    let partner = Publisher::new(PublisherId::parse("river-tea")?, "河边茶馆 River Tea");
    let partner = qualified(partner, &["dining", "shopping", "test"], Tier::High, "RT-2026-07", now_ms + 45 * DAY_MS);
    missing.add(Noun::Publisher, "river-tea", &partner)?;
    for (id, name, category_code) in MERCHANTS {
        let merchant = merchant(id, name, category_code, own.id.clone(), app.clock.now_ms())?;
        missing.add(Noun::Merchant, id, &merchant)?;
    }
    rules(&mut missing)?;
    missing.commit(app, "organisation.seeded").await
}

fn qualified(publisher: Publisher, categories: &[&str], tier: Tier, contract: &str, until_ms: i64) -> Publisher {
    let qualification = Qualification {
        categories: categories.iter().map(ToString::to_string).collect(),
        tier,
        department: "数字金融部 Digital finance".to_owned(),
        contract: contract.to_owned(),
        exit_plan:
            "提前三十天通知客户，数据导出后删除。 Customers hear of it a month before; data is given back and erased."
                .to_owned(),
        documents: Vec::new(),
        from_ms: until_ms - 730 * DAY_MS,
        until_ms,
        by: Vec::new(),
    };
    Publisher { verified: tier == Tier::Low, qualification: Some(qualification), ..publisher }
}

/// What such a bank begins with: a limit for each customer and day, and a closer look at what is large.
fn rules(missing: &mut Missing<'_>) -> Result<(), Problem> {
    let yuan = |yuan: i64| Money::cny(yuan * 100);
    let day = Limit { of: Of::Customer, only: None, per: Per::Day, most: Most::Money(yuan(5_000)) };
    let day = Rule { live: Some(day), ..Rule::new("customer-day") };
    missing.add(Noun::SpendingLimit, "customer-day", &day)?;
    let when = When { from: Some(yuan(1_000)), ..When::default() };
    let then = Then::StepUp { skip_s: 0, otherwise: Otherwise::Hold };
    let large = Rule { live: Some(RiskRule { when, then, why: Why::Amount }), ..Rule::new("large-amounts") };
    missing.add(Noun::RiskRule, "large-amounts", &large)
}

/// They sell at 0.38 %, at least one fen, at most 25.00: what such places pay. They take cash, too.
fn merchant(
    id: &str,
    name: &str,
    category_code: &str,
    publisher: PublisherId,
    now_ms: i64,
) -> Result<Merchant, Problem> {
    let mut merchant = Merchant::new(MerchantId::parse(id)?, name, category_code, "Suzhou");
    merchant.publisher = Some(publisher);
    merchant.branch = Some(PlaceId::parse(SUZHOU)?);
    let window = |name: &str| Shop { name: name.to_owned(), address: String::new(), tables: Vec::new() };
    merchant.shops = ["一号窗口 Window 1", "二号窗口 Window 2"].map(window).to_vec();
    let bank = "示例银行 Example Bank".to_owned();
    merchant.settlement = Some(Settlement { holder: name.to_owned(), bank, account: "6200000000000001".to_owned() });
    let rate =
        Rate { basis_points: 38, fixed_minor: 0, least_minor: 1, most_minor: Some(2_500), advance_minor: 20_000 };
    let dollars = Rate { basis_points: 150, fixed_minor: 0, least_minor: 1, most_minor: None, advance_minor: 0 };
    let usd = Currency::parse("USD").ok_or_else(|| Problem::internal("USD is a currency"))?;
    let rates = BTreeMap::from([(Currency::CNY, rate), (usd, dollars)]);
    let terms = Terms { rates, cash: Some(Cash::Free), ..Terms::flat(Currency::CNY, 0) };
    Ok(merchant.with_contract(terms, &[], now_ms))
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
