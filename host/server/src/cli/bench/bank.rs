//! A bank to be measured: seeded straight into its database, then served by a process of its own.

use super::{Bench, Told};
use crate::app::App;
use crate::app::keys::HostKeys;
use crate::app::throwaway::{self, record};
use crate::clock::Clock;
use crate::config::{Config, embedded_database};
use crate::http::extract::token_digest;
use crate::jobs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use xitai_model::commit::Change;
use xitai_model::digest::Digest;
use xitai_model::identity::{Customer, How, Level, Profile, Token, Who};
use xitai_model::ids::{CustomerId, MerchantId, PlaceId, ProgramId, PublisherId, StaffId};
use xitai_model::ledger::{AccountKey, AccountKind};
use xitai_model::merchant::{Merchant, Terms};
use xitai_model::money::{Currency, Money};
use xitai_model::place::{PlaceKind, Role};
use xitai_model::record::Noun;
use xitai_model::release::Publisher;
use xitai_store::{Store, StoreConfig};

/// Where a bank is kept. Its folder goes with the value.
pub struct Place {
    dir: TempDir,
    database: String,
}

impl Place {
    /// On the embedded database.
    pub fn embedded(bench: &Bench) -> Result<Self, Told> {
        let dir = folder(&bench.args.data)?;
        let database = embedded_database(dir.path());
        Ok(Self { dir, database })
    }
    pub fn on(bench: &Bench, database: String) -> Result<Self, Told> {
        Ok(Self { dir: folder(&bench.args.data)?, database })
    }
    pub fn config(&self) -> Config {
        let lanes = std::thread::available_parallelism().map_or(4, |processors| processors.get() * 2);
        throwaway::config(self.dir.path(), self.database.clone(), lanes)
    }
    /// The books without a host.
    pub async fn store(&self) -> Result<Store, Told> {
        let keys =
            HostKeys::open(&self.dir.path().join("keys"), &Clock::Machine).map_err(|problem| problem.to_string())?;
        let config = StoreConfig { url: self.database.clone(), master_key: keys.master };
        Store::open(config).await.map_err(|e| format!("{e:?}"))
    }
    pub fn path(&self) -> &Path {
        self.dir.path()
    }
    pub fn database(&self) -> &str {
        &self.database
    }
}

pub fn folder(within: &Path) -> Result<TempDir, Told> {
    tempfile::Builder::new().prefix("xitai-bench-").tempdir_in(within).map_err(|e| format!("{}: {e}", within.display()))
}

/// Somebody who is signed in.
#[derive(Clone)]
pub struct Seeded {
    pub id: CustomerId,
    pub token: String,
}

/// What is put into a bank before it is measured.
pub struct Seeding {
    pub app: Arc<App>,
    jobs: tokio::task::JoinSet<()>,
    clock: Clock,
}

pub const BRANCH: &str = "branch";

impl Seeding {
    pub async fn open(place: &Place) -> Result<Self, Told> {
        let app = App::open(place.config()).await.map_err(|problem| problem.to_string())?;
        let jobs = jobs::start(&app);
        Ok(Self { app, jobs, clock: Clock::Machine })
    }
    pub async fn close(mut self) {
        self.app.close();
        let _ = tokio::time::timeout(Duration::from_secs(2), async { while self.jobs.join_next().await.is_some() {} })
            .await;
    }

    pub async fn commit(&self, action: &str, changes: Vec<Change>) -> Result<(), Told> {
        let committed = throwaway::commit(&self.app, action, "bench", changes).await;
        committed.map_err(|refusal| format!("the bank is not seeded: {refusal:?}"))
    }

    /// Bank, branch, publisher and merchant.
    pub async fn organisation(&self, bench: &Bench) -> Result<(), Told> {
        let (bank, branch) = (place_id("bank"), place_id(BRANCH));
        let publisher = Publisher { verified: true, ..Publisher::new(publisher(), "Publisher") };
        let keys = throwaway::keys(&publisher.id, &staff(), self.clock.now_ms());
        let merchant = bench.till.manifest.xitai.merchant.clone().ok_or("the package names no merchant")?;
        let merchant_record = merchant_named(&merchant);
        let mut changes = vec![
            throwaway::place(&bank, None, PlaceKind::Bank),
            throwaway::place(&branch, Some(&bank), PlaceKind::Branch),
            record(Noun::Publisher, publisher.id.as_str(), &publisher),
            record(Noun::Merchant, merchant.as_str(), &merchant_record),
        ];
        changes.extend(keys.map(Change::Record));
        self.commit("bench.organisation", changes).await
    }

    /// Enabled programs, `bench.program-N`. Each has a component of its own where `distinct`.
    pub async fn programs(&self, bench: &Bench, count: usize, distinct: bool) -> Result<Vec<ProgramId>, Told> {
        let bar = bench.bar("Programs", count as u64);
        let mut ids = Vec::with_capacity(count);
        for number in 0..count {
            let (bytes, component) = bench.till.distinct(if distinct { number } else { 0 });
            if distinct || number == 0 {
                self.app.store.put_blob(&component, &bytes).await.map_err(|e| format!("{e:?}"))?;
                let runtime = self.app.runtime.clone();
                let compiled = tokio::task::spawn_blocking(move || runtime.compile(&bytes)).await;
                compiled.map_err(|e| e.to_string())?.map_err(|fault| fault.to_string())?;
            }
            let id = ProgramId::parse(&format!("bench.program-{number}")).map_err(|e| e.to_string())?;
            self.commit("bench.program", self.program(bench, &id, component)).await?;
            ids.push(id);
            bar.inc(1);
        }
        bar.finish_and_clear();
        Ok(ids)
    }

    fn program(&self, bench: &Bench, id: &ProgramId, component: Digest) -> Vec<Change> {
        let now_ms = self.clock.now_ms();
        let mut manifest = bench.till.manifest.clone();
        manifest.app_id = id.clone();
        let release = throwaway::release(manifest, publisher(), staff(), component, now_ms);
        throwaway::rolled_out(&release, &place_id(BRANCH), now_ms)
    }

    /// Somebody who may stop anything; gives their sign-in.
    pub async fn duty_officer(&self) -> Result<String, Told> {
        let (now_ms, token) = (self.clock.now_ms(), data_encoding::HEXLOWER.encode(&self.clock.random::<16>()));
        let customer = CustomerId::new(now_ms, self.clock.random());
        let staff = throwaway::staff(staff(), Role::DutyOfficer, &place_id("bank"), customer);
        let signed_in = signed_in(&token, Who::Staff(staff.id.clone()), now_ms);
        let changes = vec![record(Noun::Staff, staff.id.as_str(), &staff), signed_in];
        self.commit("bench.duty-officer", changes).await?;
        Ok(token)
    }

    /// Signed-in customers, each with money.
    pub async fn customers(&self, bench: &Bench, count: usize) -> Result<Vec<Seeded>, Told> {
        let bar = bench.bar("Customers", count as u64);
        let mut seeded = Vec::with_capacity(count);
        for number in 0..count {
            let customer = CustomerId::new(self.clock.now_ms(), self.clock.random());
            let token = data_encoding::HEXLOWER.encode(&self.clock.random::<16>());
            self.commit("bench.customer", self.customer(number, &customer, &token)).await?;
            seeded.push(Seeded { id: customer, token });
            bar.inc(1);
        }
        bar.finish_and_clear();
        Ok(seeded)
    }

    fn customer(&self, number: usize, id: &CustomerId, token: &str) -> Vec<Change> {
        let now_ms = self.clock.now_ms();
        let customer = Customer {
            id: id.clone(),
            login: format!("bench-{number}"),
            password_hash: String::new(),
            level: Level::AccountHolder,
            branch: place_id(BRANCH),
            profile: Profile { display_name: format!("Customer {number}"), ..Profile::default() },
        };
        let account = AccountKey::new(AccountKind::Customer, id.as_str(), Currency::CNY);
        vec![
            Change::Customer(Box::new(customer)),
            signed_in(token, Who::Customer(id.clone()), now_ms),
            throwaway::funding("bank", account, Money::cny(100_000_000)),
        ]
    }
}

/// Somebody's sign-in, for the longest time that there is.
fn signed_in(token: &str, who: Who, now_ms: i64) -> Change {
    Change::Token(Token {
        digest: token_digest(token),
        who,
        made_ms: now_ms,
        expires_ms: now_ms + xitai_model::limits::TOKEN_MS_MAX,
        proved_ms: now_ms,
        how: How::Password,
        name: String::new(),
        scopes: None,
    })
}

fn place_id(id: &str) -> PlaceId {
    PlaceId::parse(id).expect("the names here are place ids")
}
fn publisher() -> PublisherId {
    PublisherId::parse("publisher").expect("a publisher id")
}
fn staff() -> StaffId {
    StaffId::parse("bench").expect("a staff id")
}
fn merchant_named(id: &MerchantId) -> Merchant {
    let merchant = Merchant::new(id.clone(), "Bench Canteen Ltd", "5812", "Suzhou");
    merchant.with_contract(Terms::flat(Currency::CNY, 60), &[], 0)
}

/// `xitai serve` on a seeded bank, in a process of its own; ended when dropped.
pub struct Host {
    child: Child,
    pub address: String,
}

impl Host {
    pub async fn start(place: &Place) -> Result<Self, Told> {
        let port = super::free_port()?;
        let address = format!("127.0.0.1:{port}");
        let log = std::fs::File::create(place.path().join("host.log")).map_err(|e| e.to_string())?;
        let me = std::env::current_exe().map_err(|e| e.to_string())?;
        let child = Command::new(me)
            .args(["serve", "--database", place.database()])
            .env("XITAI_LISTEN", &address)
            .env("XITAI_DATA", place.path())
            .env("XITAI_REQUESTS_PER_S", u32::MAX.to_string())
            .env("XITAI_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .map_err(|e| format!("the host does not start: {e}"))?;
        let mut host = Self { child, address };
        for _ in 0..600 {
            if super::load::is_ready(&host.address).await {
                return Ok(host);
            }
            if host.child.try_wait().is_ok_and(|ended| ended.is_some()) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let log = std::fs::read_to_string(place.path().join("host.log")).unwrap_or_default();
        Err(format!("the host does not get ready: {log}"))
    }

    /// Processor time that the process has used, in all its threads and in the kernel for it.
    pub fn processor_us(&self) -> Result<f64, Told> {
        /// The kernel counts in hundredths of a second for its readers, whatever it counts in itself.
        const US_PER_TICK: f64 = 10_000.0;
        let path = format!("/proc/{}/stat", self.child.id());
        let stat = std::fs::read_to_string(path).map_err(|e| e.to_string())?;
        // The second field is a name that may hold anything; fields 14 and 15 are user and system time.
        let after_name = stat.rsplit_once(')').ok_or("the kernel tells no times")?.1;
        let ticks =
            |field: usize| after_name.split_whitespace().nth(field - 3).and_then(|text| text.parse::<f64>().ok());
        let used = ticks(14).zip(ticks(15)).ok_or_else(|| format!("the kernel tells no times: {stat}"))?;
        Ok((used.0 + used.1) * US_PER_TICK)
    }

    /// Resident memory of the process.
    pub fn resident_mib(&self) -> Result<f64, Told> {
        let path = PathBuf::from(format!("/proc/{}/status", self.child.id()));
        let status = std::fs::read_to_string(path).map_err(|e| e.to_string())?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("the kernel tells no VmRSS")?;
        let kib: f64 = line.trim().trim_end_matches("kB").trim().parse().map_err(|e| format!("{line}: {e}"))?;
        Ok(kib / 1024.0)
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
