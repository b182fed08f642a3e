//! What the product does, one file for each noun. No HTTP, no SQL, no sandbox here: this is where they meet.
//!
//! Every function takes the app, then a [`ctx::Ctx`] that says who asks and when, and gives a value or a
//! [`Problem`]. Whatever changes something ends in exactly one [`Store::commit`].

pub mod advisory;
pub mod agreement;
pub mod alert;
pub mod app_ticket;
pub mod application;
pub mod attachment;
pub mod attempt;
pub mod books;
pub mod branch_books;
pub mod branch_today;
pub mod breaks;
pub mod campaign;
pub mod card;
pub mod cash;
pub mod catalog;
pub mod challenge;
pub mod chat;
pub mod claims;
pub mod consent;
pub mod content;
pub mod content_check;
pub mod cost;
pub mod coupon;
pub mod ctx;
pub mod damage;
pub mod deadline;
pub mod direct;
pub mod dispute;
pub mod duty;
pub mod embed;
pub mod endpoint;
pub mod erase;
pub mod event;
pub mod evidence;
pub mod favourites;
pub mod feedback;
pub mod figures;
pub mod founding;
pub mod freeze;
pub mod gift;
pub mod handover;
pub mod held;
pub mod identity;
pub mod in_flight;
pub mod inbox;
pub mod incident;
pub mod inventory;
pub mod journey;
pub mod keys;
pub mod kiosk;
pub mod label;
pub mod launch;
pub mod launch_code;
pub mod library;
pub mod live;
pub mod lock;
pub mod mandate;
pub mod me;
pub mod media;
pub mod merchant;
pub mod merchant_application;
pub mod moves;
pub mod native;
pub mod notice;
pub mod notice_mail;
pub mod notice_outlet;
pub mod notice_template;
pub mod onward;
pub mod organisation;
pub mod outbound;
pub mod partner;
pub mod passkey;
pub mod pay_code;
pub mod payment;
pub mod profile;
pub mod promotion;
pub mod proposal;
pub mod provider;
pub mod publish;
pub mod publisher;
pub mod publisher_key;
pub mod rail;
pub mod rail_days;
pub mod rate;
pub mod reconciliation;
pub mod recording;
pub mod relationship;
pub mod review;
pub mod rollout;
pub mod rule;
pub mod running;
pub mod second_factor;
pub mod secure_field;
pub mod session;
pub mod setting;
pub mod sheet;
pub mod sign_in;
pub mod signing;
pub mod step_up;
pub mod stop;
pub mod takings;
pub mod tender;
pub mod throwaway;
pub mod token;
pub mod trial;
pub mod visitor;
pub mod webhook;
pub mod zone_card;
pub mod zone_page;

use crate::clock::Clock;
use crate::config::Config;
use crate::http::problem::Problem;
use catalog::{Catalog, CatalogKeeper};
use metrics_exporter_prometheus::PrometheusHandle;
use std::sync::{Arc, Weak};
use xitai_model::place::{Role, Staff};
use xitai_model::policy::Action;
use xitai_runtime::{Runtime, RuntimeConfig};
use xitai_store::{Store, StoreConfig};

/// One host.
pub struct App {
    /// The app itself, for what a sandbox's thread asks of it.
    pub me: Weak<App>,
    pub config: Config,
    pub clock: Clock,
    pub store: Store,
    pub runtime: Arc<Runtime>,
    pub catalog: CatalogKeeper,
    /// Looks at texts before people do.
    pub content_check: Arc<dyn content_check::ContentCheck>,
    pub keys: keys::HostKeys,
    /// What programs do, held against their habit.
    pub habits: alert::Habits,
    /// Calls that run now, so that a stop reaches them.
    pub running: running::RunningCalls,
    /// What calls cost, where somebody listens.
    pub costs: cost::Costs,
    /// One event at a time for a session on this host.
    pub sessions: lock::SessionLocks,
    /// Tells open pages that their session moved.
    pub moves: moves::Moves,
    /// Tells the staff's open pages what has changed.
    pub live: Arc<live::Live>,
    /// Nudges the inbox dispatcher.
    pub inbox: inbox::Dispatcher,
    /// Where notices go beside the customer's page.
    pub notice_outlet: Option<notice_outlet::Outlet>,
    /// Bots that customers write to.
    pub chats: chat::Chats,
    pub duty: duty::Duty,
    /// Calls to partners.
    pub partners: partner::Partners,
    /// Other rails that carry payments.
    pub rails: rail::Rails,
    pub rates: Arc<rate::Rates>,
    pub sign_ins: sign_in::SignIns,
    /// Calls of releases, counted and not yet handed on.
    pub tally: figures::Tally,
    /// Visits, counted and not yet handed on.
    pub visits: journey::Tally,
    /// What was taken on closed days.
    pub takings: takings::Takings,
    /// Cards of zone pages, drawn of late.
    pub zone_cards: zone_card::Cards,
    /// How people sign in at this bank.
    pub identity: identity::Identity,
    pub metrics: PrometheusHandle,
    closing: tokio::sync::watch::Sender<bool>,
}

impl App {
    /// Opens the database and everything on top of it. Starts no task: see [`crate::jobs::start`].
    pub async fn open(config: Config) -> Result<Arc<Self>, Problem> {
        Self::open_at(config, Clock::Machine).await
    }

    /// The same on another clock. A bank whose clock is held asks nobody outside.
    pub async fn open_at(config: Config, clock: Clock) -> Result<Arc<Self>, Problem> {
        make_private_dir(&config.data_dir)?;
        let keys = keys::HostKeys::open(&config.keys_dir, &clock)?;
        let identity = identity::Identity::open(&config)?;
        let native_dir = config.data_dir.join("native");
        make_private_dir(&native_dir)?;
        let store = Store::open(StoreConfig { url: config.database.clone(), master_key: keys.master }).await?;
        let runtime = Runtime::new(RuntimeConfig { native_dir, native_key: keys.native, lanes: config.lanes })
            .map_err(|fault| Problem::internal(format!("the sandbox does not start: {fault:?}")))?;
        let catalog = CatalogKeeper::open(&store).await?;
        let content_check = Arc::new(content_check::ByRules::open(config.content_rules.as_deref())?);
        let partners = partner::Partners::open(&config, clock.is_held())?;
        let rails = rail::Rails::open(config.rail.clone(), &partners.egress)?;
        let notice_outlet = notice_outlet::Outlet::open(&config)?;
        let chats = chat::Chats::open(&config)?;
        let duty = duty::Duty::open(&config.duty)?;
        Ok(Arc::new_cyclic(|me| Self {
            me: me.clone(),
            partners,
            rails,
            notice_outlet,
            chats,
            duty,
            rates: Arc::new(rate::Rates::new(config.requests_per_s_max)),
            config,
            clock,
            store,
            runtime,
            catalog,
            content_check,
            keys,
            habits: alert::Habits::default(),
            running: running::RunningCalls::default(),
            costs: cost::Costs::default(),
            sessions: lock::SessionLocks::default(),
            moves: moves::Moves::default(),
            live: Arc::default(),
            inbox: inbox::Dispatcher::default(),
            sign_ins: sign_in::SignIns::default(),
            tally: figures::Tally::default(),
            visits: journey::Tally::default(),
            takings: takings::Takings::default(),
            zone_cards: zone_card::Cards::default(),
            identity,
            metrics: crate::http::handlers::health::prometheus(),
            closing: tokio::sync::watch::channel(false).0,
        }))
    }

    /// The newest snapshot of the release plane.
    pub fn catalog(&self) -> Arc<Catalog> {
        self.catalog.current()
    }

    /// Takes in what this host has just committed, so that the next request sees it.
    pub async fn refresh_catalog(&self) -> Result<Arc<Catalog>, Problem> {
        let catalog = self.catalog.refresh(&self.store).await?;
        self.running.stop_covered(&catalog);
        Ok(catalog)
    }

    /// Tells streams and jobs to end.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    /// Done once the host closes.
    pub async fn closing(&self) {
        // An error means that the sender is gone, which is the end too.
        let _ = self.closing.subscribe().wait_for(|closing| *closing).await;
    }

    /// The host's own context for a job.
    pub fn host_ctx(&self) -> ctx::Ctx {
        let now_ms = self.clock.now_ms();
        ctx::Ctx::of_host(now_ms, xitai_model::ids::timed(now_ms, self.clock.random()))
    }
}

/// A role by the name that programs and documents know.
pub fn role_name(role: Role) -> String {
    me::word(&role)
}

/// Whether somebody's roles allow an action at some place. At which place it is, is asked where the thing is known.
pub fn may_somewhere(staff: &Staff, action: Action) -> bool {
    staff.roles.iter().any(|(role, _)| xitai_model::policy::allows(*role, action))
}

/// A folder that only this user may read.
fn make_private_dir(dir: &std::path::Path) -> Result<(), Problem> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    let told = |e: std::io::Error| Problem::internal(format!("{}: {e}", dir.display()));
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(told)?;
    std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o700)).map_err(told)
}
