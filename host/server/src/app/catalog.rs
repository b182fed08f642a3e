//! The release plane in memory: every document, typed, as one immutable snapshot.
//!
//! Documents are few and small, so each host reads them whole and asks the database only for what changed. A snapshot
//! carries the stop generation that was newest *before* it was read: a commit that names this generation is looked up
//! against the stops of the database whenever a stop came in between, so an old snapshot can never let one through.

use crate::http::problem::Problem;
use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};
use xitai_model::agreement::Product;
use xitai_model::campaign::Campaign;
use xitai_model::code;
use xitai_model::content::entry::{Entry, State};
use xitai_model::content::search::{self, Folded};
use xitai_model::content::{ContentEntry, Query, Reader};
use xitai_model::embed::Embed;
use xitai_model::ids::{
    BranchId, CampaignId, CustomerId, EntryId, IncidentId, MerchantId, PlaceId, ProgramId, PublisherId, ReleaseId,
    StaffId, StopId,
};
use xitai_model::incident::Incident;
use xitai_model::kiosk::Kiosk;
use xitai_model::media::{Handle, Media};
use xitai_model::merchant::Merchant;
use xitai_model::notice::template::{Template, TemplateId};
use xitai_model::organisation::{self, Tree};
use xitai_model::partner::endpoint::{Endpoint, EndpointId};
use xitai_model::place::{Place, PlaceKind, Staff};
use xitai_model::promotion::Promotion;
use xitai_model::proposal::Rule;
use xitai_model::publisher_key::PublisherKey;
use xitai_model::record::{Noun, Record};
use xitai_model::refusal::Refusal;
use xitai_model::release::{Finding, Program, Publisher, Release};
use xitai_model::risk::RiskRule;
use xitai_model::rollout::Rollout;
use xitai_model::rollout::freeze::Freeze;
use xitai_model::sbom::{self, Advisory};
use xitai_model::setting::Values;
use xitai_model::signature::PublishedKey;
use xitai_model::spending::Limit;
use xitai_model::stop::Stop;
use xitai_model::trial::Trial;
use xitai_model::zone_page::ZonePage;
use xitai_store::Store;

/// A document and the version that a change of it must name.
#[derive(Debug, Clone)]
pub struct Kept<T> {
    pub version: u64,
    pub value: T,
}

type Shelf<K, T> = BTreeMap<K, Arc<Kept<T>>>;

/// One snapshot.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    /// The newest change that is in the snapshot.
    pub change: u64,
    /// The stop generation before the snapshot was read.
    pub generation: u64,
    pub places: Shelf<PlaceId, Place>,
    pub staff: Shelf<StaffId, Staff>,
    pub publishers: Shelf<PublisherId, Publisher>,
    pub publisher_keys: Shelf<String, PublisherKey>,
    pub merchants: Shelf<MerchantId, Merchant>,
    pub programs: Shelf<ProgramId, Program>,
    pub releases: Shelf<ReleaseId, Release>,
    pub rollouts: Shelf<ProgramId, Rollout>,
    /// Lifted ones too: they are the record of who stopped what.
    pub stops: Shelf<StopId, Stop>,
    pub incidents: Shelf<IncidentId, Incident>,
    /// Few enough to be held and searched here, see [`xitai_model::content::search`].
    pub content: Shelf<EntryId, Entry>,
    /// Their approved texts as they are searched.
    content_texts: BTreeMap<EntryId, Arc<[Folded]>>,
    pub media: Shelf<Handle, Media>,
    /// By `PROGRAM/BRANCH`, see [`config_id`].
    pub config: Shelf<String, Rule<Values>>,
    pub endpoints: Shelf<EndpointId, Endpoint>,
    pub notice_templates: Shelf<TemplateId, Template>,
    pub spending_limits: Shelf<String, Rule<Limit>>,
    pub risk_rules: Shelf<String, Rule<RiskRule>>,
    pub signing_keys: Shelf<String, PublishedKey>,
    pub campaigns: Shelf<CampaignId, Campaign>,
    pub trials: Shelf<ReleaseId, Trial>,
    pub freezes: Shelf<String, Freeze>,
    pub promotions: Shelf<ProgramId, Rule<Promotion>>,
    pub advisories: Shelf<String, Advisory>,
    pub kiosks: Shelf<String, Kiosk>,
    pub zone_pages: Shelf<PlaceId, Rule<ZonePage>>,
    pub embeds: Shelf<String, Embed>,
}

/// The document id of a branch's own values for a program.
pub fn config_id(program: &ProgramId, branch: &BranchId) -> String {
    format!("{program}/{branch}")
}

impl Catalog {
    pub fn place(&self, id: &PlaceId) -> Option<&Place> {
        self.places.get(id).map(|kept| &kept.value)
    }
    /// The root of the organisation.
    pub fn bank(&self) -> Option<&Place> {
        self.places.values().map(|kept| &kept.value).find(|place| place.parent.is_none())
    }
    /// Whether `place` is `above` or lies below it.
    pub fn is_within(&self, place: &PlaceId, above: &PlaceId) -> bool {
        let mut at = Some(place);
        for _ in 0..self.places.len() + 1 {
            match at {
                Some(id) if id == above => return true,
                Some(id) => at = self.place(id).and_then(|place| place.parent.as_ref()),
                None => return false,
            }
        }
        false
    }
    /// All places, for the rules about them.
    pub fn tree(&self) -> Tree<'_> {
        self.places.iter().map(|(id, kept)| (id, &kept.value)).collect()
    }
    /// Branches that are open.
    pub fn branches(&self) -> impl Iterator<Item = &Place> {
        let open = |place: &&Place| place.kind == PlaceKind::Branch && place.over.is_none();
        self.places.values().map(|kept| &kept.value).filter(open)
    }
    /// The branch that serves for this one: itself, or the one that took it over.
    pub fn serving_branch(&self, id: &BranchId) -> Result<BranchId, Refusal> {
        let none = || Refusal::of(code::PLACE_NOT_FOUND, id.as_str());
        let place = self.place(id).filter(|place| place.kind == PlaceKind::Branch).ok_or_else(none)?;
        match place.over {
            None => Ok(place.id.clone()),
            Some(_) => organisation::standing(&self.tree(), id).map(|standing| standing.id.clone()),
        }
    }
    pub fn staff(&self, id: &StaffId) -> Option<&Staff> {
        self.staff.get(id).map(|kept| &kept.value)
    }
    pub fn publisher(&self, id: &PublisherId) -> Option<&Publisher> {
        self.publishers.get(id).map(|kept| &kept.value)
    }
    pub fn merchant(&self, id: &MerchantId) -> Option<&Merchant> {
        self.merchants.get(id).map(|kept| &kept.value)
    }
    pub fn program(&self, id: &ProgramId) -> Option<&Program> {
        self.programs.get(id).map(|kept| &kept.value)
    }
    /// Whether a program is offered no more.
    pub fn is_retired(&self, id: &ProgramId) -> bool {
        self.program(id).is_some_and(|program| program.retired.is_some())
    }
    pub fn release(&self, id: &ReleaseId) -> Option<&Release> {
        self.releases.get(id).map(|kept| &kept.value)
    }
    /// A program's releases, lowest version first.
    pub fn releases_of<'a>(&'a self, program: &'a ProgramId) -> impl DoubleEndedIterator<Item = &'a Release> {
        let from = ReleaseId { program: program.clone(), version: lowest_version() };
        self.releases
            .range(from..)
            .take_while(move |(id, _)| id.program == *program)
            .map(|(_, kept)| &kept.value)
            .collect::<Vec<_>>()
            .into_iter()
    }
    pub fn rollout(&self, program: &ProgramId) -> Option<&Rollout> {
        self.rollouts.get(program).map(|kept| &kept.value)
    }
    /// The freeze that keeps a program from going to more people: one of a place where it is on.
    pub fn freeze_of(&self, rollout: &Rollout, now_ms: i64) -> Option<&Freeze> {
        let mut freezes = self.freezes.values().map(|kept| &kept.value);
        freezes.find(|freeze| {
            let of_bank = self.bank().is_some_and(|bank| bank.id == freeze.place);
            let touches = of_bank || rollout.enabled.iter().any(|branch| self.is_within(branch, &freeze.place));
            touches && freeze.holds(&rollout.program, now_ms)
        })
    }
    pub fn content_entry(&self, id: &EntryId) -> Option<&Entry> {
        self.content.get(id).map(|kept| &kept.value)
    }
    /// An entry as a reader sees it.
    pub fn read_content(&self, id: &EntryId, reader: &Reader) -> Option<ContentEntry> {
        self.content_entry(id)?.read(reader, |place, above| self.is_within(place, above))
    }
    /// Content that a reader may see: a page of what meets all conditions, and the cursor after it.
    pub fn find_content(
        &self,
        query: &Query,
        reader: &Reader,
        after: Option<&str>,
    ) -> Result<(Vec<ContentEntry>, Option<String>), Refusal> {
        let entries = self.content.iter().map(|(id, kept)| (&kept.value, self.texts_of(id)));
        search::find(entries, query, reader, after, |place, above| self.is_within(place, above))
    }
    /// A product as a reader would sign it, with its documents as they would read them.
    pub fn product(&self, id: &str, reader: &Reader) -> Result<Product, Refusal> {
        let shown = |id: &str| {
            let entry = self.content_entry(&EntryId::parse(id).ok()?)?;
            let version = entry.shown(reader, |place, above| self.is_within(place, above))?;
            Some((entry, version))
        };
        let (entry, version) = shown(id).ok_or_else(|| Refusal::of(code::CONTENT_NOT_FOUND, ""))?;
        let papers = version.draft.documents.iter().map(|id| shown(id)).collect();
        Product::of(entry, version, papers, &reader.locale)
    }
    fn texts_of(&self, id: &EntryId) -> &[Folded] {
        self.content_texts.get(id).map_or(&[], |texts| texts)
    }
    /// Whether an approved version that is not taken down shows the picture.
    pub fn is_shown(&self, handle: &Handle) -> bool {
        let entries = self.content.values().map(|kept| &kept.value).filter(|entry| entry.takedown.is_none());
        let mut versions = entries.flat_map(|entry| &entry.versions).filter(|version| version.state == State::Live);
        versions.any(|version| version.draft.image.as_deref() == Some(handle.as_str()))
    }
    /// The branch's own values for a program, as two people set them.
    pub fn config(&self, program: &ProgramId, branch: &BranchId) -> Values {
        let rule = self.config.get(&config_id(program, branch)).map(|kept| &kept.value);
        rule.and_then(|rule| rule.live.clone()).unwrap_or_default()
    }
    /// What is known against parts of a release now, whatever was known when it was inspected.
    pub fn advised(&self, release: &Release) -> Vec<Finding> {
        sbom::advised(&release.components, self.advisories.values().map(|kept| &kept.value))
    }
    pub fn campaign(&self, id: &CampaignId) -> Option<&Campaign> {
        self.campaigns.get(id).map(|kept| &kept.value)
    }
    pub fn trial(&self, id: &ReleaseId) -> Option<&Trial> {
        self.trials.get(id).map(|kept| &kept.value)
    }
    /// The newest release of a program that is on trial with this tester.
    pub fn trial_for(&self, program: &ProgramId, customer: &CustomerId, now_ms: i64) -> Option<&Trial> {
        let mut trials = self.trials.values().map(|kept| &kept.value);
        trials.rfind(|trial| trial.release.program == *program && trial.admits(customer, now_ms))
    }
    /// Whether a campaign's coupons count in a program of a branch.
    pub fn counts(&self, campaign: &Campaign, program: &ProgramId, branch: &BranchId) -> bool {
        campaign.counts_in(program, branch, |place, above| self.is_within(place, above))
    }
    pub fn endpoint(&self, id: &EndpointId) -> Option<&Endpoint> {
        self.endpoints.get(id).map(|kept| &kept.value)
    }
    pub fn limits(&self) -> impl Iterator<Item = &Rule<Limit>> {
        self.spending_limits.values().map(|kept| &kept.value)
    }
    pub fn risk_rules(&self) -> impl Iterator<Item = &Rule<RiskRule>> {
        self.risk_rules.values().map(|kept| &kept.value)
    }
    /// A program's endpoints, those of branches among them.
    pub fn endpoints_of<'a>(&'a self, program: &'a ProgramId) -> impl Iterator<Item = &'a Endpoint> {
        self.endpoints.values().map(|kept| &kept.value).filter(move |endpoint| endpoint.id.program == *program)
    }
    pub fn notice_template(&self, id: &TemplateId) -> Option<&Template> {
        self.notice_templates.get(id).map(|kept| &kept.value)
    }
    pub fn notice_templates_of<'a>(&'a self, program: &'a ProgramId) -> impl Iterator<Item = &'a Template> {
        self.notice_templates.values().map(|kept| &kept.value).filter(move |template| template.id.program == *program)
    }
    pub fn embed(&self, id: &str) -> Option<&Embed> {
        self.embeds.get(id).map(|kept| &kept.value)
    }
    /// The version of a document as the snapshot has it: 0 where there is none.
    pub fn version_of(&self, noun: Noun, id: &str) -> u64 {
        fn of<K: Ord, T>(shelf: &Shelf<K, T>, id: Option<K>) -> u64 {
            id.and_then(|id| shelf.get(&id)).map_or(0, |kept| kept.version)
        }
        match noun {
            Noun::Place => of(&self.places, PlaceId::parse(id).ok()),
            Noun::Staff => of(&self.staff, StaffId::parse(id).ok()),
            Noun::Publisher => of(&self.publishers, PublisherId::parse(id).ok()),
            Noun::PublisherKey => of(&self.publisher_keys, Some(id.to_owned())),
            Noun::Merchant => of(&self.merchants, MerchantId::parse(id).ok()),
            Noun::Program => of(&self.programs, ProgramId::parse(id).ok()),
            Noun::Release => of(&self.releases, ReleaseId::parse(id).ok()),
            Noun::Rollout => of(&self.rollouts, ProgramId::parse(id).ok()),
            Noun::Stop => of(&self.stops, StopId::parse(id).ok()),
            Noun::Incident => of(&self.incidents, IncidentId::parse(id).ok()),
            Noun::Content => of(&self.content, EntryId::parse(id).ok()),
            Noun::Media => of(&self.media, Handle::parse(id)),
            Noun::Config => of(&self.config, Some(id.to_owned())),
            Noun::Endpoint => of(&self.endpoints, EndpointId::parse(id)),
            Noun::NoticeTemplate => of(&self.notice_templates, TemplateId::parse(id)),
            Noun::SpendingLimit => of(&self.spending_limits, Some(id.to_owned())),
            Noun::RiskRule => of(&self.risk_rules, Some(id.to_owned())),
            Noun::SigningKey => of(&self.signing_keys, Some(id.to_owned())),
            Noun::Campaign => of(&self.campaigns, CampaignId::parse(id).ok()),
            Noun::Trial => of(&self.trials, ReleaseId::parse(id).ok()),
            Noun::Freeze => of(&self.freezes, Some(id.to_owned())),
            Noun::Promotion => of(&self.promotions, ProgramId::parse(id).ok()),
            Noun::Advisory => of(&self.advisories, Some(id.to_owned())),
            Noun::Kiosk => of(&self.kiosks, Some(id.to_owned())),
            Noun::ZonePage => of(&self.zone_pages, PlaceId::parse(id).ok()),
            Noun::Embed => of(&self.embeds, Some(id.to_owned())),
        }
    }

    fn fold_content(&mut self, id: &str) {
        if let Some((id, kept)) = EntryId::parse(id).ok().and_then(|id| self.content.get_key_value(&id)) {
            self.content_texts.insert(id.clone(), search::folded(&kept.value).into());
        }
    }

    /// Takes in a changed document.
    fn put(&mut self, record: Record) -> Result<(), String> {
        let Record { noun, id, version, body } = record;
        let told = |e: &dyn std::fmt::Display| format!("{} {id}: {e}", noun.as_str());
        macro_rules! shelve {
            ($shelf:ident, $key:expr) => {{
                let value = serde_json::from_value(body).map_err(|e| told(&e))?;
                let key = $key.map_err(|e| told(&e))?;
                self.$shelf.insert(key, Arc::new(Kept { version, value }));
            }};
        }
        match noun {
            Noun::Place => shelve!(places, PlaceId::parse(&id)),
            Noun::Staff => shelve!(staff, StaffId::parse(&id)),
            Noun::Publisher => shelve!(publishers, PublisherId::parse(&id)),
            Noun::PublisherKey => shelve!(publisher_keys, Ok::<_, String>(id.clone())),
            Noun::Merchant => shelve!(merchants, MerchantId::parse(&id)),
            Noun::Program => shelve!(programs, ProgramId::parse(&id)),
            Noun::Release => shelve!(releases, ReleaseId::parse(&id)),
            Noun::Rollout => shelve!(rollouts, ProgramId::parse(&id)),
            Noun::Stop => shelve!(stops, StopId::parse(&id)),
            Noun::Incident => shelve!(incidents, IncidentId::parse(&id)),
            Noun::Content => {
                shelve!(content, EntryId::parse(&id));
                self.fold_content(&id);
            }
            Noun::Media => shelve!(media, Handle::parse(&id).ok_or("no handle")),
            Noun::Config => shelve!(config, Ok::<_, String>(id.clone())),
            Noun::Endpoint => shelve!(endpoints, EndpointId::parse(&id).ok_or("not an endpoint's id")),
            Noun::NoticeTemplate => shelve!(notice_templates, TemplateId::parse(&id).ok_or("not a template's id")),
            Noun::SpendingLimit => shelve!(spending_limits, Ok::<_, String>(id.clone())),
            Noun::RiskRule => shelve!(risk_rules, Ok::<_, String>(id.clone())),
            Noun::SigningKey => shelve!(signing_keys, Ok::<_, String>(id.clone())),
            Noun::Campaign => shelve!(campaigns, CampaignId::parse(&id)),
            Noun::Trial => shelve!(trials, ReleaseId::parse(&id)),
            Noun::Freeze => shelve!(freezes, Ok::<_, String>(id.clone())),
            Noun::Promotion => shelve!(promotions, ProgramId::parse(&id)),
            Noun::Advisory => shelve!(advisories, Ok::<_, String>(id.clone())),
            Noun::Kiosk => shelve!(kiosks, Ok::<_, String>(id.clone())),
            Noun::ZonePage => shelve!(zone_pages, PlaceId::parse(&id)),
            Noun::Embed => shelve!(embeds, Ok::<_, String>(id.clone())),
        }
        Ok(())
    }
}

fn lowest_version() -> semver::Version {
    let mut version = semver::Version::new(0, 0, 0);
    version.pre = semver::Prerelease::new("0").expect("0 is a prerelease name");
    version
}

/// Keeps the newest snapshot.
pub struct CatalogKeeper {
    current: RwLock<Arc<Catalog>>,
    /// One refresh at a time, so that snapshots come in order.
    refreshing: tokio::sync::Mutex<()>,
}

impl CatalogKeeper {
    /// Reads all documents.
    pub async fn open(store: &Store) -> Result<Self, Problem> {
        let keeper = Self { current: RwLock::default(), refreshing: tokio::sync::Mutex::default() };
        keeper.refresh(store).await?;
        Ok(keeper)
    }
    pub fn current(&self) -> Arc<Catalog> {
        self.current.read().expect("no holder of the lock panics").clone()
    }
    /// Takes in what changed; afterwards the snapshot is at least as new as the call.
    pub async fn refresh(&self, store: &Store) -> Result<Arc<Catalog>, Problem> {
        let _turn = self.refreshing.lock().await;
        let old = self.current();
        let generation = store.generation();
        let (records, change) = store.records_since(old.change).await?;
        if records.is_empty() && change == old.change && generation == old.generation {
            return Ok(old);
        }
        let mut next = Catalog::clone(&old);
        next.generation = generation;
        next.change = change;
        for record in records {
            // A document that this host can't read stays as it was: one bad row must not take the bank down.
            if let Err(told) = next.put(record) {
                tracing::error!(document = %told, "a document can't be read");
            }
        }
        let next = Arc::new(next);
        *self.current.write().expect("no holder of the lock panics") = next.clone();
        Ok(next)
    }
}
