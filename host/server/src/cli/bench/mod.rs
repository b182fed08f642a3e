//! `xitai bench`: the product's own figures, each measured through the path that customers' events take.
//!
//! A figure that means something only beside another, such as a sandboxed call beside the bare engine, is measured
//! together with it in one run, so that the machine's mood falls on both.

mod bank;
mod browser;
mod coupon;
mod dev;
mod event;
mod figure;
mod handover;
mod idle;
mod languages;
mod ledger;
mod load;
mod order;
mod pages;
mod postgres;
mod publishing;
mod render;
mod rollout;
mod sandbox;
mod stop;
mod till;

use bank::Place;
use figure::Figure;
use indicatif::{ProgressBar, ProgressStyle};
use postgres::Postgres;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// Measure the product on this machine
#[derive(Debug, clap::Args)]
pub struct BenchArgs {
    /// Figures to measure; all of them where none is named
    pub names: Vec<String>,
    /// Print one JSON line a figure
    #[arg(long)]
    pub json: bool,
    /// An empty PostgreSQL database, `postgres://…`; else one is started here where PostgreSQL is installed
    #[arg(long)]
    pub database: Option<String>,
    /// How long each load lasts
    #[arg(long, default_value_t = 10)]
    pub seconds: u64,
    /// A tenth of the programs, sessions and customers, for a first look
    #[arg(long)]
    pub small: bool,
    /// Folder for the banks that are measured, on the disk to be measured
    #[arg(long, default_value = ".")]
    pub data: PathBuf,
    /// The package to measure with; else the till of the repository is built
    #[arg(long)]
    pub package: Option<PathBuf>,
}

/// Groups of figures that come out of one run, with the names they print.
const GROUPS: [(&str, &[&str]); 18] = [
    ("sandbox", &["event_sandbox"]),
    (
        "languages",
        &[
            "rust_event_us",
            "rust_package_bytes",
            "js_event_us",
            "js_package_bytes",
            "python_event_us",
            "python_package_bytes",
            "script_event_us",
            "script_package_bytes",
        ],
    ),
    (
        "dev",
        &[
            "rust_first_screen_s",
            "save_to_redraw_ms",
            "js_first_screen_s",
            "js_save_to_redraw_ms",
            "python_first_screen_s",
            "python_save_to_redraw_ms",
        ],
    ),
    ("ledger", &["ledger_transfers_per_s"]),
    ("ruled", &["ledger_ruled_transfers_per_s", "ledger_flatness"]),
    ("pgbench", &["ledger_against_pgbench"]),
    ("coupons", &["coupon_claims_per_s", "coupon_overspend"]),
    ("events", &["events_durable_per_s", "events_durable_p99_ms", "events_durable_host_us"]),
    ("orders", &["paid_orders_per_s", "paid_orders_p99_ms", "paid_orders_host_us"]),
    ("idle", &["resident_mib", "cold_event_ms"]),
    ("assignment", &["assignment_moved", "assignment_uneven"]),
    ("rollback", &["rollback_ms"]),
    ("publishing", &["publish_to_live_ms"]),
    ("stop", &["stop_ms", "stop_told_ms"]),
    ("render", &["render_web_us", "render_kiosk_us", "render_chat_us"]),
    ("handover", &["handover_ms"]),
    ("pages", &["page_paint_ms", "page_bytes", "slow_page_paint_ms"]),
    (
        "postgres",
        &[
            "events_durable_per_s_postgres",
            "events_durable_p99_ms_postgres",
            "events_durable_host_us_postgres",
            "paid_orders_per_s_postgres",
            "paid_orders_p99_ms_postgres",
            "paid_orders_host_us_postgres",
        ],
    ),
];

/// What every measurement is given.
pub struct Bench {
    pub args: BenchArgs,
    pub till: till::Till,
    bars: bool,
}

impl Bench {
    /// `full`, or a tenth of it for a first look.
    pub fn sized(&self, full: usize) -> usize {
        if self.args.small { (full / 10).max(1) } else { full }
    }
    pub fn window(&self) -> Duration {
        Duration::from_secs(self.args.seconds.max(1))
    }
    /// A bar on a terminal; nothing where a machine reads.
    pub fn bar(&self, what: &'static str, length: u64) -> ProgressBar {
        if !self.bars {
            return ProgressBar::hidden();
        }
        let style = ProgressStyle::with_template("{msg:34} {bar:30} {pos}/{len} {eta}").expect("the template is right");
        ProgressBar::new(length).with_style(style).with_message(what)
    }
    pub fn spinner(&self, what: &'static str) -> ProgressBar {
        if !self.bars {
            return ProgressBar::hidden();
        }
        let spinner = ProgressBar::new_spinner().with_message(what);
        spinner.enable_steady_tick(Duration::from_millis(120));
        spinner
    }
}

pub fn run(args: BenchArgs) -> ExitCode {
    let known: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    if let Some(unknown) = args.names.iter().find(|name| !known.contains(&name.as_str())) {
        eprintln!("xitai: there is no figure {unknown}; there are {}", known.join(", "));
        return ExitCode::from(2);
    }
    let Ok(runtime) = tokio::runtime::Builder::new_multi_thread().enable_all().build() else {
        eprintln!("xitai: the async runtime does not start");
        return ExitCode::FAILURE;
    };
    let measured = runtime.block_on(measure(args));
    runtime.shutdown_timeout(Duration::from_secs(1));
    match measured {
        Ok(()) => ExitCode::SUCCESS,
        Err(told) => {
            eprintln!("xitai: {told}");
            ExitCode::FAILURE
        }
    }
}

/// Why there is no figure.
pub type Told = String;

/// A port of the loopback that nobody listens on.
fn free_port() -> Result<u16, Told> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").map_err(|e| e.to_string())?;
    listener.local_addr().map(|address| address.port()).map_err(|e| e.to_string())
}

async fn measure(args: BenchArgs) -> Result<(), Told> {
    let json = args.json;
    let bars = !json && std::io::stderr().is_terminal();
    std::fs::create_dir_all(&args.data).map_err(|e| format!("{}: {e}", args.data.display()))?;
    let till = till::Till::get(args.package.as_deref())?;
    let bench = Bench { args, till, bars };
    let mut shown: Vec<Figure> = Vec::new();
    for (group, names) in GROUPS {
        let wanted = |name: &&str| bench.args.names.is_empty() || bench.args.names.iter().any(|asked| asked == name);
        if !names.iter().any(wanted) {
            continue;
        }
        let figures = measure_group(&bench, group).await?;
        for figure in figures.into_iter().filter(|figure| wanted(&figure.kind())) {
            if json {
                println!("{}", figure.line());
            }
            shown.push(figure);
        }
    }
    if !json {
        println!("{}", figure::table(&shown));
    }
    Ok(())
}

async fn measure_group(bench: &Bench, group: &str) -> Result<Vec<Figure>, Told> {
    match group {
        "sandbox" => sandbox::measure(bench).await,
        "languages" => languages::measure(bench).await,
        "dev" => dev::measure(bench).await,
        "ledger" => ledger::measure(bench).await,
        "ruled" => ledger::measure_ruled(bench).await,
        "pgbench" => beside_pgbench(bench).await,
        "coupons" => coupon::measure(bench).await,
        "events" => event::measure(bench, &Place::embedded(bench)?, "").await,
        "orders" => order::measure(bench, &Place::embedded(bench)?, "").await,
        "idle" => idle::measure(bench).await,
        "assignment" => rollout::measure_assignment(bench).await,
        "rollback" => rollout::measure_rollback(bench).await,
        "publishing" => publishing::measure(bench).await,
        "stop" => on_two_hosts(bench).await,
        "render" => render::measure(bench).await,
        "handover" => handover::measure(bench).await,
        "pages" => in_chromium(bench).await,
        _ => on_postgres(bench).await,
    }
}

/// Always on a server of its own: what is compared must have the same settings and nothing else to do.
async fn beside_pgbench(bench: &Bench) -> Result<Vec<Figure>, Told> {
    match Postgres::start(&bench.args.data) {
        Ok(postgres) => ledger::measure_against_pgbench(bench, &postgres).await,
        Err(told) => {
            eprintln!("xitai: without pgbench's figure: {told}");
            Ok(Vec::new())
        }
    }
}

/// What people see, where a browser is installed.
async fn in_chromium(bench: &Bench) -> Result<Vec<Figure>, Told> {
    if std::process::Command::new("chromedriver").arg("--version").output().is_err() {
        eprintln!("xitai: without the pages' figures: chromedriver is not installed; `make setup` installs it");
        return Ok(Vec::new());
    }
    pages::measure(bench).await
}

/// What only two hosts show: both on one PostgreSQL.
async fn on_two_hosts(bench: &Bench) -> Result<Vec<Figure>, Told> {
    if let Some(url) = &bench.args.database {
        return stop::measure(bench, &Place::on(bench, url.clone())?).await;
    }
    match Postgres::start(&bench.args.data) {
        Ok(postgres) => stop::measure(bench, &Place::on(bench, postgres.database("stop")?)?).await,
        Err(told) => {
            eprintln!("xitai: without the stop's figure: {told}");
            Ok(Vec::new())
        }
    }
}

/// The same loads on PostgreSQL, where there is one.
async fn on_postgres(bench: &Bench) -> Result<Vec<Figure>, Told> {
    let started = match &bench.args.database {
        Some(_) => None,
        None => match Postgres::start(&bench.args.data) {
            Ok(postgres) => Some(postgres),
            Err(told) => {
                eprintln!("xitai: without PostgreSQL's figures: {told}");
                return Ok(Vec::new());
            }
        },
    };
    let url = |name: &str| match (&bench.args.database, &started) {
        (Some(url), _) => Ok(url.clone()),
        (None, Some(postgres)) => postgres.database(name),
        (None, None) => Err("no PostgreSQL".to_owned()),
    };
    let mut figures = event::measure(bench, &Place::on(bench, url("events")?)?, "_postgres").await?;
    if bench.args.database.is_none() {
        figures.extend(order::measure(bench, &Place::on(bench, url("orders")?)?, "_postgres").await?);
    }
    Ok(figures)
}
