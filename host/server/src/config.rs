//! What a host is told when it starts: addresses, folders, sizes. Read once; everything else takes it as an argument.

pub mod chat;
pub mod rail;
pub mod sign_in;

use crate::app::outbound::Outbound;
use crate::traces::TracesConfig;
use crate::zone::Zone;
use ipnet::IpNet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use xitai_egress::signature::Secret;
use xitai_egress::{Exception, Target};
use xitai_model::ids::BranchId;
use xitai_model::limits;

/// The zone of a bank that says nothing else.
pub const ZONE_DEFAULT: &str = "Asia/Shanghai";
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
    /// On whose clock the bank's own people live, and customers of whom no zone is known.
    pub zone: Zone,
    /// The rules by which content is checked; absent: those that the binary carries.
    pub content_rules: Option<PathBuf>,
    /// Sandbox threads.
    pub lanes: usize,
    /// Partners inside that may be called, by name.
    pub egress_allow: Vec<Exception>,
    /// Networks of the bank's own proxies, whose word is taken for who connects to them.
    pub proxies: Vec<IpNet>,
    /// Certificates of authorities beside the public ones.
    pub egress_ca: Option<PathBuf>,
    /// The bank's push system, which is told of notices.
    pub notice_webhook: Option<Outbound>,
    /// The bank's mail relay, for customers who want notices by mail.
    pub notice_mail: Option<MailConfig>,
    /// Another rail that carries payments.
    pub rail: Option<rail::RailConfig>,
    /// The branch that serves strangers on the bank's own chat page; without one there is no such page.
    pub chat_page: Option<BranchId>,
    /// Whoever is on duty, who is told of alerts and deadlines.
    pub duty: DutyConfig,
    /// Where traces go, if anywhere.
    pub traces: Option<TracesConfig>,
    /// Requests of one sign-in in a second. Benchmarks raise it; nothing else does.
    pub requests_per_s_max: u32,
    /// How one-time codes reach people where the sign-in file does not say.
    pub codes: sign_in::CodesWord,
}

/// As it was typed: it is read where the host starts, so that nothing prints the password in it.
#[derive(Clone)]
pub struct MailConfig {
    pub url: String,
    pub from: String,
}

/// How people on duty are told. Where nothing is said, they are not.
#[derive(Debug, Clone, Default)]
pub struct DutyConfig {
    pub webhook: Option<Outbound>,
    pub mail: Option<DutyMail>,
}

#[derive(Debug, Clone)]
pub struct DutyMail {
    pub way: MailConfig,
    pub to: Vec<String>,
}

impl std::fmt::Debug for MailConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MailConfig").field("from", &self.from).finish_non_exhaustive()
    }
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
    /// Time zone of the bank
    #[arg(long, env = "XITAI_ZONE", default_value = ZONE_DEFAULT)]
    pub zone: Zone,
    /// The rules by which content is checked (TOML: refused, flagged, hosts); without it the host's own
    #[arg(long, env = "XITAI_CONTENT_RULES")]
    pub content_rules: Option<PathBuf>,
    /// Sandbox threads; without it two for each processor
    #[arg(long, env = "XITAI_LANES")]
    pub lanes: Option<usize>,
    /// Partners inside that may be called all the same: `[http://]HOST[:PORT]=NETWORK`, separated by commas
    #[arg(long, env = "XITAI_EGRESS_ALLOW", value_delimiter = ',')]
    pub egress_allow: Vec<Exception>,
    /// Networks of the proxies in front, whose `X-Forwarded-For` is believed: `10.0.0.0/24,10.0.1.7/32`
    #[arg(long, env = "XITAI_PROXIES", value_delimiter = ',')]
    pub proxies: Vec<IpNet>,
    /// PEM file with certificates of authorities that partners may have, beside the public ones
    #[arg(long, env = "XITAI_EGRESS_CA")]
    pub egress_ca: Option<PathBuf>,
    /// Address of the bank's push system, which is told of notices by a signed webhook
    #[arg(long, env = "XITAI_NOTICE_WEBHOOK", value_parser = Target::parse, requires = "notice_secret")]
    pub notice_webhook: Option<Target>,
    /// The secret that signs those, as `whsec_` and base64 of 32 bytes
    #[arg(long, env = "XITAI_NOTICE_SECRET", hide_env_values = true, value_parser = secret, requires = "notice_webhook")]
    pub notice_secret: Option<Secret>,
    /// Serve the bank's own chat page at /chat; this branch serves whoever is not known there
    #[arg(long, env = "XITAI_CHAT_PAGE", value_parser = branch)]
    pub chat_page: Option<BranchId>,
    #[command(flatten)]
    pub rail: rail::RailArgs,
    /// Address of whoever is on duty, who is told of alerts by a signed webhook until somebody takes them, and of deadlines
    #[arg(long, env = "XITAI_ALERT_WEBHOOK", value_parser = Target::parse, requires = "alert_secret")]
    pub alert_webhook: Option<Target>,
    /// The secret that signs those, as `whsec_` and base64 of 32 bytes
    #[arg(long, env = "XITAI_ALERT_SECRET", hide_env_values = true, value_parser = secret, requires = "alert_webhook")]
    pub alert_secret: Option<Secret>,
    /// A mail relay by which people on duty are told the same, written as `--notice-mail` is
    #[arg(
        long,
        env = "XITAI_ALERT_MAIL",
        hide_env_values = true,
        requires = "alert_mail_from",
        requires = "alert_mail_to"
    )]
    pub alert_mail: Option<String>,
    /// Whom those letters are from
    #[arg(long, env = "XITAI_ALERT_MAIL_FROM", requires = "alert_mail")]
    pub alert_mail_from: Option<String>,
    /// Whom they are for, separated by commas
    #[arg(long, env = "XITAI_ALERT_MAIL_TO", value_delimiter = ',', requires = "alert_mail")]
    pub alert_mail_to: Vec<String>,
    /// The bank's mail relay, for customers who want notices by mail: `smtps://USER:PASSWORD@HOST:465`, or
    /// `smtp://…:587?tls=required`
    #[arg(
        long,
        env = "XITAI_NOTICE_MAIL",
        hide_env_values = true,
        requires = "notice_mail_from",
        conflicts_with = "notice_webhook"
    )]
    pub notice_mail: Option<String>,
    /// Whom those letters are from, such as `The Bank <notices@bank.example>`
    #[arg(long, env = "XITAI_NOTICE_MAIL_FROM", requires = "notice_mail")]
    pub notice_mail_from: Option<String>,
    /// Collector that traces go to by OTLP over HTTP, such as `http://127.0.0.1:4318`; without it the one that
    /// OTEL_EXPORTER_OTLP_ENDPOINT names
    #[arg(long, env = "XITAI_OTLP")]
    pub otlp: Option<String>,
    /// Tell partners by `traceparent` which trace a call belongs to
    #[arg(long, env = "XITAI_OTLP_PARTNERS")]
    pub otlp_partners: bool,
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
            zone: args.zone,
            lanes: args.lanes.unwrap_or_else(lanes_default).clamp(1, limits::CALLS_AT_ONCE_MAX),
            egress_allow: args.egress_allow,
            proxies: args.proxies,
            egress_ca: args.egress_ca,
            chat_page: args.chat_page,
            rail: args.rail.config(),
            duty: DutyConfig {
                webhook: args.alert_webhook.zip(args.alert_secret).map(|(target, secret)| Outbound { target, secret }),
                mail: args.alert_mail.zip(args.alert_mail_from).map(|(url, from)| {
                    let to = args.alert_mail_to.into_iter().take(limits::DUTY_ADDRESSES_MAX).collect();
                    DutyMail { way: MailConfig { url, from }, to }
                }),
            },
            notice_webhook: args
                .notice_webhook
                .zip(args.notice_secret)
                .map(|(target, secret)| Outbound { target, secret }),
            notice_mail: args.notice_mail.zip(args.notice_mail_from).map(|(url, from)| MailConfig { url, from }),
            traces: args
                .otlp
                .or_else(collector)
                .map(|collector| TracesConfig { collector, to_partners: args.otlp_partners }),
            requests_per_s_max: args.requests_per_s,
            codes: sign_in::CodesWord::Off,
        }
    }
}

/// The standard's own name for it, so that a host among others is set up as they are.
fn collector() -> Option<String> {
    std::env::var("OTEL_EXPORTER_OTLP_ENDPOINT").ok().filter(|url| !url.is_empty())
}

fn branch(text: &str) -> Result<BranchId, String> {
    BranchId::parse(text).map_err(|bad| bad.to_string())
}

fn secret(text: &str) -> Result<Secret, &'static str> {
    Secret::parse(text).ok_or("`whsec_` and the base64 of 32 bytes are expected")
}

/// The embedded database of a data folder.
pub fn embedded_database(data_dir: &Path) -> String {
    format!("sqlite:{}", data_dir.join("xitai.db").display())
}

fn lanes_default() -> usize {
    std::thread::available_parallelism().map_or(4, |processors| processors.get() * 2)
}
