//! Staff and customers of the demo bank, and the customers' money.
//!
//! Money comes in as it would from core banking: a transfer from the treasury account to the customer's, with its
//! audit record.

use super::PASSWORD;
use super::organisation::{BANK, Missing, PUBLISHER, SUZHOU, commit};
use crate::app::App;
use crate::app::sign_in::hash_password;
use crate::http::problem::Problem;
use xitai_model::claims::Facts;
use xitai_model::commit::{Change, Guard};
use xitai_model::identity::{Customer, Level, Profile};
use xitai_model::ids::{CustomerId, PlaceId, PublisherId, StaffId};
use xitai_model::ledger::{AccountKey, AccountKind, Movement, Purpose, Transfer};
use xitai_model::money::{Currency, Money};
use xitai_model::place::{Role, Staff};
use xitai_model::predicate::Suitability;
use xitai_model::record::Noun;

/// What each customer has to begin with: 500.00 CNY.
const FUNDED: Money = Money { minor: 50_000, currency: Currency::CNY };
/// How long an assessment of risk counts: a year.
const ASSESSED_FOR_MS: i64 = 365 * 24 * 3_600_000;
/// `demo-01` to `demo-99`.
const DEMO_CUSTOMERS: u32 = 99;

/// Id, name, role, where, for which publisher.
const STAFF: [(&str, &str, Role, &str, Option<&str>); 17] = [
    ("dev-lin", "林开发", Role::Developer, SUZHOU, Some(PUBLISHER)),
    ("dev-xu", "徐开发", Role::Developer, SUZHOU, Some("river-tea")),
    ("reviewer-chen", "陈审核", Role::Reviewer, BANK, None),
    ("reviewer-zhao", "赵审核", Role::Reviewer, BANK, None),
    ("reviewer-ma", "马审核", Role::Reviewer, BANK, None),
    ("reviewer-he", "贺审核", Role::Reviewer, BANK, None),
    ("product-hu", "胡产品", Role::Product, BANK, None),
    ("risk-song", "宋风险", Role::Risk, BANK, None),
    ("operations-liu", "刘运营", Role::Operations, BANK, None),
    ("technology-gao", "高科技", Role::Technology, BANK, None),
    ("manager-wu", "吴经理", Role::HeadOfficeManager, BANK, None),
    ("duty-sun", "孙值班", Role::DutyOfficer, BANK, None),
    ("operator-qian", "钱运营", Role::BranchOperator, SUZHOU, None),
    ("canteen-zhou", "周师傅", Role::Manager, SUZHOU, None),
    ("relation-tang", "唐客户经理", Role::CustomerManager, SUZHOU, None),
    ("clerk-he", "何柜员", Role::Clerk, SUZHOU, None),
    ("auditor-feng", "冯审计", Role::Auditor, BANK, None),
];

/// Writes who is missing; how many they were.
pub async fn seed(app: &App) -> Result<usize, Problem> {
    // One hash for all demo accounts: a hundred different ones would take a minute on a small machine.
    let hash = hash_password(PASSWORD)?;
    let staff = staff(app, &hash).await?;
    let mut added = 0;
    for person in customers(app.clock.now_ms())? {
        added += usize::from(customer(app, person, &hash).await?);
    }
    Ok(staff + added)
}

async fn staff(app: &App, hash: &str) -> Result<usize, Problem> {
    let catalog = app.catalog();
    let mut missing = Missing::new(&catalog);
    for (id, name, role, place, publisher) in STAFF {
        let id = StaffId::parse(id)?;
        if catalog.staff(&id).is_some() {
            continue;
        }
        let own = own_record(app, &id, name).await?;
        let staff = Staff {
            name: name.to_owned(),
            roles: vec![(role, PlaceId::parse(place)?)],
            publisher: publisher.map(PublisherId::parse).transpose()?,
            customer: own,
            person: id.to_string(),
            password_hash: hash.to_owned(),
            proposed: None,
            past: Vec::new(),
            closed: None,
            id,
        };
        missing.add(Noun::Staff, staff.id.as_str(), &staff)?;
    }
    missing.commit(app, "staff.seeded").await
}

/// The customer record on which a staff member's own data in programs hangs. Nobody signs in to it.
async fn own_record(app: &App, id: &StaffId, name: &str) -> Result<CustomerId, Problem> {
    let login = format!("staff/{id}");
    if let Some(there) = app.store.customer_by_login(&login).await? {
        return Ok(there.id);
    }
    let customer = Customer {
        id: CustomerId::new(app.clock.now_ms(), app.clock.random()),
        login: login.clone(),
        password_hash: String::new(),
        level: Level::Other,
        branch: PlaceId::parse(SUZHOU)?,
        profile: profile(name, "zh-CN"),
    };
    let made = customer.id.clone();
    commit(app, vec![Guard::LoginFree { login }], vec![Change::Customer(Box::new(customer))], "staff.record-made")
        .await?;
    Ok(made)
}

/// Somebody whom the bank serves.
struct Person {
    login: String,
    name: String,
    locale: &'static str,
    level: Level,
    branch: &'static str,
    facts: Facts,
}

fn customers(now_ms: i64) -> Result<Vec<Person>, Problem> {
    let person = |login: &str, name: &str, locale, level, branch| Person {
        login: login.to_owned(),
        name: name.to_owned(),
        locale,
        level,
        branch,
        facts: facts(login, name, now_ms),
    };
    let mut all = vec![
        person("wang", "王小明", "zh-CN", Level::AccountHolder, SUZHOU),
        person("smith", "Ann Smith", "en", Level::AccountHolder, SUZHOU),
    ];
    all.extend((1..=DEMO_CUSTOMERS).map(|number| {
        let (locale, name) = if number % 2 == 0 { ("en", "Demo customer") } else { ("zh-CN", "演示客户") };
        person(&format!("demo-{number:02}"), &format!("{name} {number:02}"), locale, Level::AccountHolder, SUZHOU)
    }));
    Ok(all)
}

/// Adds a customer with money, unless there is one of that name.
async fn customer(app: &App, person: Person, hash: &str) -> Result<bool, Problem> {
    if app.store.customer_by_login(&person.login).await?.is_some() {
        return Ok(false);
    }
    let customer = Customer {
        id: CustomerId::new(app.clock.now_ms(), app.clock.random()),
        login: person.login.clone(),
        password_hash: hash.to_owned(),
        level: person.level,
        branch: PlaceId::parse(person.branch)?,
        profile: Profile { facts: person.facts, ..profile(&person.name, person.locale) },
    };
    let account = |kind, owner: &str| AccountKey { kind, owner: owner.to_owned(), currency: FUNDED.currency };
    let funding = Transfer {
        debit: account(AccountKind::Treasury, BANK),
        credit: account(AccountKind::Customer, customer.id.as_str()),
        amount: FUNDED,
        movement: Movement::Post,
        purpose: Purpose::Funding,
        payment: None,
        ceiling: None,
    };
    let changes =
        vec![Change::Customer(Box::new(customer)), Change::Transfers { chain: vec![funding], holds_of: None }];
    commit(app, vec![Guard::LoginFree { login: person.login }], changes, "customer.seeded").await?;
    Ok(true)
}

fn profile(name: &str, locale: &str) -> Profile {
    Profile {
        display_name: name.to_owned(),
        locale: locale.to_owned(),
        zone: "Asia/Shanghai".to_owned(),
        elder_mode: false,
        facts: Facts::default(),
    }
}

/// What the bank has checked about a demo customer. Numbers are of ranges that are given to nobody.
fn facts(login: &str, name: &str, assessed_ms: i64) -> Facts {
    let text = |text: &str| Some(text.to_owned());
    match login {
        "wang" => Facts {
            legal_name: text("王小明"),
            phone: text("13900000001"),
            email: text("wang@example.com"),
            address: text("江苏省苏州市工业园区星湖街 1 号"),
            birth_date: text("1990-02-28"),
            identity_number: text("320500199002280011"),
            residence: text("CN-320508"),
            groups: vec!["staff-union".to_owned()],
            accounts: vec!["current".to_owned(), "savings".to_owned()],
            score_band: Some(4),
            suitability: Some(Suitability { grade: 3, until_ms: assessed_ms + ASSESSED_FOR_MS }),
            wards: Vec::new(),
        },
        "smith" => Facts {
            legal_name: text("Ann Smith"),
            phone: text("13900000002"),
            email: text("smith@example.com"),
            birth_date: text("2012-02-29"),
            accounts: vec!["current".to_owned()],
            suitability: Some(Suitability { grade: 1, until_ms: assessed_ms + ASSESSED_FOR_MS }),
            ..Facts::default()
        },
        _ => Facts { legal_name: text(name), accounts: vec!["current".to_owned()], ..Facts::default() },
    }
}
