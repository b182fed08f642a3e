//! The bank of one scene: what `given` says, and a held clock.

mod library;

use super::{Rehearsal, Unplayed, rail};
use crate::app::App;
use crate::app::catalog::config_id;
use crate::app::ctx::{Caller, Ctx};
use crate::app::throwaway::{self, funding, record, staff};
use crate::app::{campaign, launch, session};
use crate::clock::{Clock, Held};
use crate::config::Config;
use crate::http::problem::Problem;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use xitai_model::campaign::{Campaign, Funder, Rule, Share, Signed, State, Worth};
use xitai_model::commit::Change;
use xitai_model::digest::Digest;
use xitai_model::identity::{Customer, How, Level, Profile, Who};
use xitai_model::ids::{CampaignId, CustomerId, MerchantId, PlaceId, PublisherId, StaffId, timed};
use xitai_model::ledger::{AccountKey, AccountKind};
use xitai_model::manifest::Manifest;
use xitai_model::merchant::{Merchant, Terms as Contract};
use xitai_model::money::{Currency, Money};
use xitai_model::partner::endpoint::{Endpoint, EndpointId, Terms};
use xitai_model::payment::Payee;
use xitai_model::place::{PlaceKind, Role};
use xitai_model::proposal;
use xitai_model::record::Noun;
use xitai_model::release::{Publisher, Release};
use xitai_model::scene::{Given, GivenCampaign, Part, Person};
use xitai_model::services::StorageKey;
use xitai_runtime::LoadFault;

const BANK: &str = "bank";
pub(super) const PUBLISHER: &str = "publisher";
/// People of head office: the first proposes, the others accept.
pub(super) const OFFICERS: [&str; 3] = ["officer-one", "officer-two", "officer-three"];
/// What head office has for each campaign: a thousand coupons.
const COUPONS: i64 = 1_000;

pub struct Bank {
    pub app: Arc<App>,
    pub clock: Arc<Held>,
    pub release: Release,
    pub branch: PlaceId,
    pub(super) callers: BTreeMap<String, Caller>,
    pub(super) database: PathBuf,
}

pub(super) type Done<T> = Result<T, Problem>;

impl Bank {
    pub async fn open(of: &Rehearsal, given: &Given, database: &Path) -> Result<Self, Unplayed> {
        let clock = Arc::new(Held::new(given.at_ms, given.seed));
        let app = host(of, database, given.core, &clock).await?;
        compiled(&app, of).await?;
        let mut bank = Self {
            release: release(of, given.at_ms),
            app,
            clock,
            branch: given.branch.clone(),
            callers: BTreeMap::new(),
            database: database.to_owned(),
        };
        bank.furnish(of, given).await.map_err(|problem| Unplayed::of(&problem))?;
        bank.app.costs.listen();
        Ok(bank)
    }

    pub async fn close(self) {
        self.app.close();
        let database = self.database.clone();
        drop(self);
        for suffix in ["", "-wal", "-shm"] {
            let mut name = database.clone().into_os_string();
            name.push(suffix);
            let _ = std::fs::remove_file(name);
        }
    }

    /// Somebody of the scene, now.
    pub fn ctx(&self, who: &str) -> Option<Ctx> {
        let actor = self.callers.get(who)?.clone();
        Some(self.of(actor, who))
    }

    fn of(&self, actor: Caller, who: &str) -> Ctx {
        let now_ms = self.clock.now_ms();
        let request_id = timed(now_ms, self.app.clock.random());
        let token = Some(Digest::of(who.as_bytes()));
        Ctx { actor, proved_ms: now_ms, how: How::Password, token, ..Ctx::of_nobody(now_ms, request_id) }
    }

    async fn furnish(&mut self, of: &Rehearsal, given: &Given) -> Done<()> {
        let mut changes = self.organisation(&of.package.manifest)?;
        changes.extend(self.program(of, given)?);
        changes.extend(given.content.iter().map(|given| self.entry(given)));
        self.commit("scene.furnished", changes).await?;
        for (name, person) in &given.people {
            self.person(name, person).await?;
        }
        self.app.refresh_catalog().await?;
        let catalog = self.app.catalog();
        let shared = |name: &str| launch::shared_key(&catalog, &self.release, &self.branch, name);
        let set = given.shared.iter();
        let set = set.map(|(name, value)| Change::SharedSet { key: shared(name), value: value.clone().into_bytes() });
        let counted = given.counters.iter().map(|(name, value)| Change::CounterAdd {
            key: shared(name),
            delta: *value,
            at_least: i64::MIN,
            at_most: i64::MAX,
        });
        let changes: Vec<Change> = set.chain(counted).collect();
        if !changes.is_empty() {
            self.commit("scene.furnished", changes).await?;
        }
        for campaign in &given.campaigns {
            self.campaign(campaign).await?;
        }
        // As at enabling, so that what concerns no customer is heard.
        let ctx = self.app.host_ctx();
        match session::open_background(&self.app, &ctx, &self.release, &self.branch).await {
            // A program that falls on it has none, there as here.
            Err(problem) if problem.is_programs() => Ok(()),
            opened => opened,
        }
    }

    fn organisation(&self, manifest: &Manifest) -> Done<Vec<Change>> {
        let bank = PlaceId::parse(BANK)?;
        let publisher = Publisher { verified: true, ..Publisher::new(PublisherId::parse(PUBLISHER)?, "Publisher") };
        let mut changes = vec![
            throwaway::place(&bank, None, PlaceKind::Bank),
            throwaway::place(&self.branch, Some(&bank), PlaceKind::Branch),
            record(Noun::Publisher, PUBLISHER, &publisher),
        ];
        let keys = throwaway::keys(&publisher.id, &StaffId::parse(OFFICERS[0])?, self.clock.now_ms());
        changes.extend(keys.map(Change::Record));
        changes.extend(self.merchants(manifest));
        Ok(changes)
    }

    /// Those whom a manifest names, without fees; but those that are there.
    pub(super) fn merchants(&self, manifest: &Manifest) -> Vec<Change> {
        let named = manifest.payees().into_iter().filter_map(|payee| match payee {
            Payee::Merchant(id) => Some(id),
            _ => None,
        });
        let mut merchants: Vec<_> = manifest.xitai.merchant.clone().into_iter().chain(named).collect();
        merchants.sort();
        merchants.dedup();
        let catalog = self.app.catalog();
        merchants.retain(|id| !catalog.merchants.contains_key(id));
        let made = |id: MerchantId| {
            let merchant = Merchant::new(id.clone(), &format!("{id} Ltd"), "5812", "Suzhou");
            let merchant = merchant.with_contract(Contract::flat(Currency::CNY, 0), &[], self.clock.now_ms());
            record(Noun::Merchant, id.as_str(), &merchant)
        };
        merchants.into_iter().map(made).collect()
    }

    fn program(&self, of: &Rehearsal, given: &Given) -> Done<Vec<Change>> {
        let manifest = &of.package.manifest;
        let (id, publisher) = (&manifest.app_id, PublisherId::parse(PUBLISHER)?);
        let settings = config_id(id, &self.branch);
        let config = proposal::Rule { live: Some(given.config.clone()), ..proposal::Rule::new(&settings) };
        let mut changes = throwaway::rolled_out(&self.release, &self.branch, self.clock.now_ms());
        changes.push(record(Noun::Config, &settings, &config));
        changes.extend(self.endpoints(manifest, publisher));
        Ok(changes)
    }

    /// Those that a manifest names; but those that are there.
    pub(super) fn endpoints(&self, manifest: &Manifest, publisher: PublisherId) -> Vec<Change> {
        let catalog = self.app.catalog();
        let mut changes = Vec::new();
        for egress in &manifest.xitai.egress {
            let Some(endpoint) = EndpointId::new(manifest.app_id.clone(), &egress.endpoint, None) else { continue };
            if catalog.endpoints.contains_key(&endpoint) {
                continue;
            }
            let terms = Terms {
                base_url: format!("https://{}.partner.invalid/", egress.endpoint),
                purpose: egress.purpose.clone(),
                secure_fields: egress.secure_fields.iter().copied().collect(),
                webhooks: true,
            };
            let endpoint = Endpoint {
                id: endpoint,
                publisher: publisher.clone(),
                live: Some(terms),
                proposed: None,
                withdrawn: None,
                secret: 1,
                overlap_until_ms: 0,
            };
            changes.push(record(Noun::Endpoint, &endpoint.id.to_string(), &endpoint));
        }
        changes
    }

    async fn person(&mut self, name: &str, person: &Person) -> Done<()> {
        let id = CustomerId::new(self.clock.now_ms(), self.app.clock.random());
        let level = match person.part {
            Part::Customer(level) => level,
            Part::Manager | Part::Clerk => Level::Other,
        };
        let profile = Profile { display_name: name.to_owned(), facts: person.facts.clone(), ..Profile::default() };
        let customer = Customer {
            id: id.clone(),
            login: name.to_owned(),
            password_hash: String::new(),
            level,
            branch: self.branch.clone(),
            profile,
        };
        let program = &self.release.id.program;
        let stored = person.storage.iter().map(|(key, value)| Change::StorageSet {
            key: StorageKey { program: program.clone(), customer: id.clone(), key: key.clone() },
            value: Some(value.clone().into_bytes()),
        });
        let mut changes = vec![Change::Customer(Box::new(customer.clone()))];
        changes.extend(stored);
        if person.funds.minor > 0 {
            let account = AccountKey::new(AccountKind::Customer, id.as_str(), person.funds.currency);
            changes.push(funding(BANK, account, person.funds));
        }
        let role = match person.part {
            Part::Customer(_) => None,
            Part::Manager => Some(Role::Manager),
            Part::Clerk => Some(Role::Clerk),
        };
        let caller = match role {
            None => Caller::Customer(Arc::new(customer)),
            Some(role) => {
                let staff = staff(StaffId::parse(name)?, role, &self.branch, id);
                changes.push(record(Noun::Staff, name, &staff));
                Caller::Staff(Arc::new(staff))
            }
        };
        self.callers.insert(name.to_owned(), caller);
        self.commit("scene.furnished", changes).await
    }

    /// Proposed and accepted by two people of head office, whose money it is.
    async fn campaign(&self, given: &GivenCampaign) -> Done<()> {
        let bank = PlaceId::parse(BANK)?;
        let now_ms = self.clock.now_ms();
        let officers: Vec<Ctx> = OFFICERS
            .iter()
            .map(|name| {
                let own = CustomerId::new(now_ms, self.app.clock.random());
                let staff = staff(StaffId::parse(name)?, Role::HeadOfficeManager, &bank, own);
                Ok(self.of(Caller::Staff(Arc::new(staff)), name))
            })
            .collect::<Done<_>>()?;
        let cap = Money::new(given.worth.minor * COUPONS, given.worth.currency);
        if let Some(account) = Payee::HeadOffice.account(cap.currency) {
            self.commit("scene.furnished", vec![funding(BANK, account, cap)]).await?;
        }
        let id = CampaignId::parse(&given.id)?;
        let draft = Campaign {
            id: id.clone(),
            title: given.title.clone(),
            rule: Rule {
                programs: Vec::new(),
                places: Vec::new(),
                level: Level::Visitor,
                minimum_spend: given.minimum_spend,
                worth: Worth::Fixed(given.worth),
                each_customer: 1,
                from_ms: now_ms,
                until_ms: now_ms + CAMPAIGN_MS,
                valid_s: (CAMPAIGN_MS / 1_000) as u32,
                by_code: false,
            },
            price: None,
            shares: vec![Share { funder: Funder::HeadOffice, basis_points: 10_000, cap, accepted: Vec::new() }],
            state: State::Proposed,
            proposed: Signed {
                by: Who::Staff(StaffId::parse(OFFICERS[0])?),
                person: OFFICERS[0].to_owned(),
                at_ms: now_ms,
            },
            stopped: None,
            codes: 0,
        };
        campaign::propose(&self.app, &officers[0], draft).await?;
        for officer in &officers[1..] {
            campaign::accept(&self.app, officer, &id, Funder::HeadOffice).await?;
        }
        Ok(())
    }

    pub(super) async fn commit(&self, action: &str, changes: Vec<Change>) -> Done<()> {
        throwaway::commit(&self.app, action, "scene", changes).await?;
        Ok(())
    }
}

/// A month.
const CAMPAIGN_MS: i64 = 30 * 86_400_000;

pub(super) fn release(of: &Rehearsal, now_ms: i64) -> Release {
    let publisher = PublisherId::parse(PUBLISHER).expect("a publisher's id");
    let by = StaffId::parse(OFFICERS[0]).expect("a staff id");
    let mut manifest = of.package.manifest.clone();
    manifest.version.name = of.release_id().version;
    throwaway::release(manifest, publisher, by, of.component.clone(), now_ms)
}

/// A whole host on a database of its own, below the rehearsal's folder.
pub(super) async fn host(of: &Rehearsal, database: &Path, core: bool, clock: &Arc<Held>) -> Result<Arc<App>, Unplayed> {
    let url = format!("sqlite:{}", database.display());
    let config = Config { rail: core.then(rail::core), ..throwaway::config(of.dir.path(), url, 1) };
    App::open_at(config, Clock::Held(clock.clone())).await.map_err(|problem| Unplayed::of(&problem))
}

/// Native code in this very process: it is the developer's own, or one that works within limits. What does not fit this
/// host's contract is told before anything is changed.
pub(super) async fn compiled(app: &Arc<App>, of: &Rehearsal) -> Result<(), Unplayed> {
    if !app.runtime.is_compiled(&of.component) {
        let (runtime, package) = (app.runtime.clone(), of.package.clone());
        let compiled = tokio::task::spawn_blocking(move || runtime.compile(&package.component)).await;
        compiled.map_err(Unplayed::machine)?.map_err(|fault| Unplayed::Component(fault.to_string()))?;
    }
    match app.runtime.load(&of.component, &of.package.manifest.permissions()) {
        Err(fault @ (LoadFault::NotLinked(_) | LoadFault::Broken(_))) => Err(Unplayed::Component(fault.to_string())),
        // Whoever opens it makes code anew where it was lost.
        Ok(_) | Err(LoadFault::NotCompiled | LoadFault::Changed) => Ok(()),
    }
}
