//! What a host is told when it starts: addresses, folders, sizes. Read once; everything else takes it as an argument.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use xitai_egress::Exception;
use xitai_model::limits;

/// The address that `serve` and `demo` listen on when nothing else is said.
pub const LISTEN_DEFAULT: &str = "127.0.0.1:8080";

#[derive(Debug, Clone)]
pub struct Config {
    pub listen: SocketAddr,
    pub data_dir: PathBuf,
    /// `sqlite:PATH` or `postgres://…`.
    pub database: String,
    /// Where the host's keys lie. Hosts that share a database share the keys.
    pub keys_dir: PathBuf,
    /// The rules by which content is checked; absent: those that the binary carries.
    pub content_rules: Option<PathBuf>,
    /// Sandbox threads.
    pub lanes: usize,
    /// Partners inside that may be called, by name.
    pub egress_allow: Vec<Exception>,
    /// Certificates of authorities beside the public ones.
    pub egress_ca: Option<PathBuf>,
    /// Requests of one sign-in in a second. Benchmarks raise it; nothing else does.
    pub requests_per_s_max: u32,
}

#[derive(Debug, Clone, clap::Args)]
pub struct ConfigArgs {
    /// Address to listen on
    #[arg(long, env = "XITAI_LISTEN", default_value = LISTEN_DEFAULT)]
    pub listen: SocketAddr,
    /// Folder for the embedded database, keys and native code
    #[arg(long, env = "XITAI_DATA", default_value = "data")]
    pub data: PathBuf,
    /// `postgres://…` or `sqlite:PATH`; without it an embedded database in the data folder
    #[arg(long, env = "XITAI_DATABASE")]
    pub database: Option<String>,
    /// Folder of the host's keys; hosts on one database share it. Without it `keys` in the data folder
    #[arg(long, env = "XITAI_KEYS")]
    pub keys: Option<PathBuf>,
    /// The rules by which content is checked (TOML: refused, flagged, hosts); without it the host's own
    #[arg(long, env = "XITAI_CONTENT_RULES")]
    pub content_rules: Option<PathBuf>,
    /// Sandbox threads; without it two for each processor
    #[arg(long, env = "XITAI_LANES")]
    pub lanes: Option<usize>,
    /// Partners inside that may be called all the same: `[http://]HOST[:PORT]=NETWORK`, separated by commas
    #[arg(long, env = "XITAI_EGRESS_ALLOW", value_delimiter = ',')]
    pub egress_allow: Vec<Exception>,
    /// PEM file with certificates of authorities that partners may have, beside the public ones
    #[arg(long, env = "XITAI_EGRESS_CA")]
    pub egress_ca: Option<PathBuf>,
    /// Requests of one sign-in in a second
    #[arg(long, env = "XITAI_REQUESTS_PER_S", default_value_t = limits::REQUESTS_PER_S_MAX, hide = true)]
    pub requests_per_s: u32,
}

impl From<ConfigArgs> for Config {
    fn from(args: ConfigArgs) -> Self {
        let database = args.database.unwrap_or_else(|| embedded_database(&args.data));
        Self {
            listen: args.listen,
            keys_dir: args.keys.unwrap_or_else(|| args.data.join("keys")),
            database,
            content_rules: args.content_rules,
            data_dir: args.data,
            lanes: args.lanes.unwrap_or_else(lanes_default).clamp(1, limits::CALLS_AT_ONCE_MAX),
            egress_allow: args.egress_allow,
            egress_ca: args.egress_ca,
            requests_per_s_max: args.requests_per_s,
        }
    }
}

/// The embedded database of a data folder.
pub fn embedded_database(data_dir: &Path) -> String {
    format!("sqlite:{}", data_dir.join("xitai.db").display())
}

fn lanes_default() -> usize {
    std::thread::available_parallelism().map_or(4, |processors| processors.get() * 2)
}
