//! `xitai serve`: one host of the bank.

use crate::app::App;
use crate::config::{Config, ConfigArgs};
use crate::traces::Traces;
use crate::{http, jobs};
use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry};

/// Serve the bank: HTTP, pages and jobs
#[derive(Debug, clap::Args)]
pub struct ServeArgs {
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Log lines as JSON
    #[arg(long, env = "XITAI_LOG_JSON")]
    pub log_json: bool,
}

/// How long open requests may take to end.
const DRAIN: Duration = Duration::from_secs(5);

pub fn run(args: ServeArgs) -> ExitCode {
    let config = Config::from(args.config);
    let traces = match config.traces.as_ref().map(Traces::start).transpose() {
        Ok(traces) => traces,
        Err(told) => {
            eprintln!("xitai: {told}");
            return ExitCode::FAILURE;
        }
    };
    to_its_end(args.log_json, traces.as_ref(), serve(config))
}

/// Runs a server of this process until it is asked to stop, and says why one could not.
pub fn to_its_end(
    log_json: bool,
    traces: Option<&Traces>,
    server: impl Future<Output = Result<(), String>>,
) -> ExitCode {
    start_log(log_json, traces);
    let Ok(runtime) = tokio::runtime::Builder::new_multi_thread().enable_all().build() else {
        eprintln!("xitai: the async runtime does not start");
        return ExitCode::FAILURE;
    };
    let code = match runtime.block_on(server) {
        Ok(()) => ExitCode::SUCCESS,
        Err(told) => {
            eprintln!("xitai: {told}");
            ExitCode::FAILURE
        }
    };
    runtime.shutdown_timeout(Duration::from_secs(1));
    code
}

/// Writes the log to standard error. What is logged follows `XITAI_LOG`, such as `info,xitai=debug`. Traces follow their own
/// rule.
pub fn start_log(json: bool, traces: Option<&Traces>) {
    let filter = EnvFilter::try_from_env("XITAI_LOG").unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    let log = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    let log: Box<dyn Layer<Registry> + Send + Sync> = if json { log.json().boxed() } else { log.boxed() };
    let registry = tracing_subscriber::registry().with(log.with_filter(filter));
    let started = match traces {
        Some(traces) => registry.with(traces.layer()).try_init(),
        None => registry.try_init(),
    };
    if started.is_err() {
        eprintln!("xitai: another log was there first");
    }
}

async fn serve(config: Config) -> Result<(), String> {
    let listener =
        TcpListener::bind(config.listen).await.map_err(|e| format!("{} can't be listened on: {e}", config.listen))?;
    let app = App::open(config).await.map_err(|problem| problem.to_string())?;
    run_host(app, listener, shutdown_asked()).await
}

/// Runs an opened host until `asked`, then lets open requests end.
pub async fn run_host(
    app: Arc<App>,
    listener: TcpListener,
    asked: impl Future<Output = ()> + Send + 'static,
) -> Result<(), String> {
    outlive_file_limits();
    let mut running = jobs::start(&app);
    crate::app::publish::resume(&app);
    let address = listener.local_addr().map_err(|e| e.to_string())?;
    tracing::info!(%address, programs = app.catalog().programs.len(), "serving");
    let closing = app.clone();
    let asked = async move {
        asked.await;
        tracing::info!("closing");
        closing.close();
    };
    let drained = {
        let app = app.clone();
        async move {
            app.closing().await;
            tokio::time::sleep(DRAIN).await;
        }
    };
    tokio::select! {
        served = http::serve(app.clone(), listener, asked) => served.map_err(|e| e.to_string())?,
        () = drained => tracing::warn!("some requests were cut off"),
    }
    let _ = tokio::time::timeout(Duration::from_secs(1), async { while running.join_next().await.is_some() {} }).await;
    Ok(())
}

/// A file that may grow no further is a full disk, which the host refuses and outlives; unhandled, the signal would end
/// it.
fn outlive_file_limits() {
    use tokio::signal::unix::{SignalKind, signal};
    let kind = SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw());
    if let Err(error) = signal(kind) {
        tracing::warn!(%error, "a limit on the size of files would end this host");
    }
}

/// SIGINT or SIGTERM.
pub async fn shutdown_asked() {
    use tokio::signal::unix::{SignalKind, signal};
    let (interrupt, terminate) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()));
    match (interrupt, terminate) {
        (Ok(mut interrupt), Ok(mut terminate)) => tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        },
        _ => std::future::pending().await,
    }
}
