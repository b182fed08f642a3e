//! `xitai dev`: the program of a folder on a whole host in this process, built at each save, with a page that shows what
//! goes on inside. `docs/dev.md` says what it can do.

use super::build::BuildFault;
use super::report::{self, Ended};
use super::serve;
use crate::dev::Dev;
use crate::package::MANIFEST_NAME;
use clap::Args;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

/// Run a program while you write it: built at each save, on a whole host, with a page beside it
#[derive(Debug, Args)]
pub struct DevArgs {
    /// The program's folder
    #[arg(default_value = ".")]
    pub folder: PathBuf,
    /// Port on this machine; a free one where none is named
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// Open the page in the browser
    #[arg(long)]
    pub open: bool,
}

pub fn run(args: DevArgs) -> ExitCode {
    // Progress is told in lines of its own; the log adds only what is wrong, unless it is asked for more.
    let filter = EnvFilter::try_from_env("XITAI_LOG").unwrap_or_else(|_| EnvFilter::new("error"));
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
    match std::path::absolute(&args.folder) {
        Ok(folder) if folder.join(MANIFEST_NAME).is_file() => {
            let served = super::offline::block_on(dev(folder, &args));
            match served {
                Ok(()) => ExitCode::SUCCESS,
                Err(fault) => refused(&fault).into(),
            }
        }
        _ => {
            let what = format!("There is no {MANIFEST_NAME} in {}.", args.folder.display());
            let way_out = "Run `xitai dev` in a program's folder; `xitai new NAME` makes one.";
            report::refused(false, "client.no-file", &what, way_out, &[]);
            Ended::Usage.into()
        }
    }
}

fn refused(fault: &BuildFault) -> Ended {
    report::refused(false, "client.no-file", &fault.what, &fault.way_out, &fault.findings)
}

async fn dev(folder: PathBuf, args: &DevArgs) -> Result<(), BuildFault> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, args.port)).await.map_err(|fault| {
        let what = format!("Port {} can't be listened on: {fault}.", args.port);
        BuildFault::new(what, "Choose another with --port, or leave it out.")
    })?;
    let address = listener.local_addr().map_err(|fault| BuildFault::new(fault.to_string(), ""))?;
    let url = format!("http://{address}/");
    println!();
    println!("  {} is on the stage at {url}", folder.file_name().unwrap_or_default().to_string_lossy());
    println!("  Save a file, and the page shows it. Ctrl-C ends it, and leaves nothing behind.");
    println!();
    if args.open {
        open(&url);
    }
    let dev = Dev::new(folder)?;
    dev.run(listener, serve::shutdown_asked()).await.map_err(|told| BuildFault::new(told, ""))
}

/// In whatever the system opens addresses with. Without one the address is there to be clicked.
fn open(url: &str) {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let started =
        Command::new(opener).arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    if started.is_err() {
        println!("  There is no {opener} here: open the address yourself.");
    }
}
