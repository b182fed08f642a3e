//! `xitai demo`: a bank to look at, with every program published through the real flow.
//!
//! Organisation and people are written straight into the fresh database, as an installation would bring them in. The
//! programs are not: each is built, checked, uploaded over HTTP by a developer, approved over HTTP by two reviewers,
//! opened over HTTP by head office and enabled over HTTP by the branch. What is there already is left alone, so that a
//! demo that was cut off goes on, and a second start only serves.

mod campaign;
mod content;
mod notices;
mod organisation;
mod partner;
mod people;
pub(super) mod programs;
mod rail;
mod sign_ins;
mod zones;

use super::serve;
use crate::app::App;
use crate::config::sign_in::CodesWord;
use crate::config::{Config, ConfigArgs};
use crate::http::problem::Problem;
use clap::Args;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tracing_subscriber::EnvFilter;
use xitai_model::ids::BranchId;

/// Everybody's password in the demo.
pub const PASSWORD: &str = "xitai-demo";

/// Seed a demo bank and serve it
#[derive(Debug, Args)]
pub struct DemoArgs {
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Folder of the demo's programs; else `mini-programs` above this folder or above the binary
    #[arg(long, env = "XITAI_PROGRAMS")]
    pub programs: Option<PathBuf>,
    /// Address of the hospital and the water company that the demo's programs call
    #[arg(long, env = "XITAI_HOSPITAL", default_value = "127.0.0.1:8091")]
    pub hospital: SocketAddr,
    /// Address of the card network that the demo runs, where other banks' cards are added
    #[arg(long, env = "XITAI_RAIL_DEMO", default_value = "127.0.0.1:8092")]
    pub rail_demo: SocketAddr,
    /// Seed, and end
    #[arg(long)]
    pub seed_only: bool,
}

pub fn run(args: DemoArgs) -> ExitCode {
    start_log();
    match super::offline::block_on(demo(args)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(told) => {
            eprintln!("xitai: {told}");
            ExitCode::from(1)
        }
    }
}

/// Progress is told in lines of its own; the log adds only what is wrong, unless `XITAI_LOG` asks for more.
fn start_log() {
    let filter = EnvFilter::try_from_env("XITAI_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    // Nothing was started before it, so that it is the first.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}

async fn demo(args: DemoArgs) -> Result<(), String> {
    // Whoever starts a demo reads its terminal, so that is where its one-time codes go.
    let mut config = Config {
        codes: CodesWord::Log,
        chat_page: BranchId::parse(organisation::SUZHOU).ok(),
        ..Config::from(args.config)
    };
    config.egress_allow.push(partner::exception(args.hospital)?);
    let runs_rail = rail::configure(&mut config, args.rail_demo)?;
    let listener = TcpListener::bind(config.listen).await.map_err(|fault| {
        format!(
            "{} can't be listened on: {fault}\n  -> Choose another address: XITAI_LISTEN=127.0.0.1:8090",
            config.listen
        )
    })?;
    let address = listener.local_addr().map_err(|fault| fault.to_string())?;
    let packages = config.data_dir.join("packages");
    say(&format!("Bank in {}", config.data_dir.display()));
    let app = App::open(config).await.map_err(|problem| problem.to_string())?;
    if let Some(bank) = organisation::anothers(&app.catalog()) {
        return Err(format!("{} is no demo's bank.\n  -> Name another data folder and database", bank.name));
    }
    seed(&app).await.map_err(|problem| problem.to_string())?;
    let (ended, end) = oneshot::channel::<()>();
    let asked = async move {
        tokio::select! {
            () = serve::shutdown_asked() => {}
            // The sender goes when seeding alone was asked for, or when it failed.
            _ = end => {}
        }
    };
    let host = tokio::spawn(serve::run_host(app.clone(), listener, asked));
    let folder = args.programs.or_else(programs::folder);
    let seeded = programs::publish_all(&app, folder, packages, base(address)).await;
    // Entries open programs, so that those come first.
    let seeded = seeded.and(content::publish_all(&app, base(address)).await);
    let seeded = seeded.and(campaign::open_all(&app, base(address)).await);
    let seeded = seeded.and(notices::approve_all(&app, base(address)).await);
    let seeded = seeded.and(zones::publish(&app, base(address)).await);
    let partners = partner::register(&app, args.hospital, &base(address)).await;
    if args.seed_only {
        drop(ended);
        host.await.map_err(|fault| fault.to_string())??;
        return seeded.and(partners.map(|_| ()));
    }
    let served = match &partners {
        Ok(partners) => partner::serve(&app, args.hospital, &base(address), partners).await,
        Err(told) => Err(told.clone()),
    };
    let no_cards = |told: &String| say(&format!("{told}; no card can be added."));
    let cards = runs_rail && rail::serve(&app, args.rail_demo).await.inspect_err(no_cards).is_ok();
    if let Err(told) = &served {
        say(&format!("{told}; the bank opens without its partners."));
    }
    if let Err(told) = seeded {
        say(&format!("{told}; the bank opens without them. Start the demo again to try them again."));
    }
    greet(address, served.unwrap_or(false).then_some(args.hospital), cards);
    // Kept until the host ends by itself: dropping it would end the host.
    let served = host.await.map_err(|fault| fault.to_string())?;
    drop(ended);
    served
}

/// Writes what an installation would bring in. Done before the first request is answered.
pub(super) async fn seed(app: &Arc<App>) -> Result<(), Problem> {
    let places = organisation::seed(app).await?;
    let people = people::seed(app).await?;
    if places + people > 0 {
        say(&format!("Organisation: {places} records; {people} people"));
    }
    app.refresh_catalog().await.map(|_| ())
}

/// Where this machine reaches the host.
fn base(address: SocketAddr) -> String {
    let mut address = address;
    if address.ip().is_unspecified() {
        address.set_ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    format!("http://{address}")
}

pub(super) fn say(line: &str) {
    println!("[demo] {line}");
}

fn greet(address: SocketAddr, hospital: Option<SocketAddr>, cards: bool) {
    let base = base(address);
    println!();
    println!("  The bank is open: {base}/app");
    println!();
    println!("  Customers   wang (中文), smith (English), demo-01 … demo-99      {base}/app");
    println!("  Staff       canteen-zhou (manager), clerk-he (clerk)            {base}/app");
    println!("  Branch      operator-qian (enables programs in Suzhou)          {base}/console");
    println!("  Head office reviewer-chen, reviewer-zhao, manager-wu, duty-sun, auditor-feng");
    println!("              product-hu, risk-song, operations-liu, technology-gao sign off");
    println!("                                                                  {base}/console");
    println!("  Developer   dev-lin                                             {base}/publisher");
    println!();
    println!("  Passkeys    http://localhost:{}/app/me; one-time codes are printed here", address.port());
    println!();
    if let Some(hospital) = hospital {
        println!(
            "  Hospital    http://{hospital}/v1; curl -X DELETE http://{hospital}/doctor/slots/1 is the doctor who"
        );
        println!("              can't come");
    }
    println!();
    if cards {
        println!("  Cards       {base}/app/cards adds another bank's, such as 4242 4242 4242 4242");
        println!();
    }
    println!("  Everybody's password: {PASSWORD}");
    println!("  Stop with Ctrl-C; start again to go on, or remove the data folder to begin anew.");
    println!();
}
