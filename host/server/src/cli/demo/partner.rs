//! The partners of the demo: their systems in this process, registered and approved as any other. What each was told
//! once, its secrets, lies in the data folder, so that a second start finds them.

use super::organisation::SUZHOU;
use super::say;
use super::sign_ins::SignIns;
use crate::app::App;
use crate::cli::client::ClientFault;
use crate::cli::partner_demo::{self, Hospital, Water};
use axum::Router;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::fs::OpenOptions;
use std::io::Write;
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::TcpListener;
use xitai_egress::Exception;
use xitai_model::ids::ProgramId;

const DEVELOPER: &str = "dev-lin";
const APPROVERS: [&str; 2] = ["reviewer-chen", "reviewer-zhao"];

/// Whose system is called, by which program, and where it lies at the demo's address.
struct Partner {
    program: &'static str,
    endpoint: &'static str,
    base: &'static str,
    secure_fields: &'static [&'static str],
    webhooks: bool,
    purpose: &'static str,
}

const HOSPITAL: Partner = Partner {
    program: "cn.bank.suzhou.hospital-registration",
    endpoint: "hospital",
    base: "/v1",
    secure_fields: &["identity-number"],
    webhooks: true,
    purpose: "查询医生、预约和取消就诊号 / doctors, booking and giving back",
};
const WATER: Partner = Partner {
    program: "cn.bank.suzhou.utility-bill",
    endpoint: "water",
    base: "/water/v1",
    secure_fields: &[],
    webhooks: false,
    purpose: "查账单、登记付款 / bills, and noting that they are paid",
};

/// What a partner's people were told.
#[derive(Serialize, Deserialize)]
struct Told {
    base_url: String,
    outbound_secret: String,
    inbound_secret: String,
}

/// Those whose programs are there.
pub struct Partners {
    hospital: Option<Told>,
    water: Option<Told>,
}

/// The partners' own address is inside: the operator of the demo lets it be asked.
pub fn exception(address: SocketAddr) -> Result<Exception, String> {
    format!("http://{address}={}/32", address.ip()).parse::<Exception>().map_err(|fault| fault.to_string())
}

/// Registers each, unless it is; nothing where the program that calls it is not there.
pub async fn register(app: &Arc<App>, address: SocketAddr, base: &str) -> Result<Partners, String> {
    let hospital = register_one(app, &HOSPITAL, address, base).await?;
    Ok(Partners { hospital, water: register_one(app, &WATER, address, base).await? })
}

async fn register_one(
    app: &Arc<App>,
    partner: &'static Partner,
    address: SocketAddr,
    base: &str,
) -> Result<Option<Told>, String> {
    let program = ProgramId::parse(partner.program).map_err(|fault| fault.to_string())?;
    if app.catalog().rollout(&program).is_none() {
        return Ok(None);
    }
    let file = app.config.data_dir.join(format!("{}.json", partner.endpoint));
    let (host, base_url) = (base.to_owned(), format!("http://{address}{}", partner.base));
    let told = tokio::task::spawn_blocking(move || registered(partner, &file, &host, base_url)).await;
    told.map_err(|fault| fault.to_string())?.map(Some)
}

/// Serves the partners until the host closes; whether there is a hospital among them.
pub async fn serve(app: &Arc<App>, address: SocketAddr, base: &str, partners: &Partners) -> Result<bool, String> {
    let mut routes = Router::new();
    if let Some(told) = &partners.hospital {
        let hook = format!("{base}/api/v1/hooks/{}/{}/{SUZHOU}", HOSPITAL.program, HOSPITAL.endpoint);
        let hospital = Hospital::new(&told.outbound_secret, &told.inbound_secret, &hook)?;
        routes = routes.merge(partner_demo::hospital_routes(hospital));
    }
    if let Some(told) = &partners.water {
        routes = routes.nest("/water", partner_demo::water_routes(Water::new(&told.outbound_secret)?));
    }
    let listener = TcpListener::bind(address)
        .await
        .map_err(|fault| format!("the partners can't listen on {address}: {fault} (XITAI_HOSPITAL moves them)"))?;
    let closing = app.clone();
    tokio::spawn(async move {
        if let Err(told) = partner_demo::serve(routes, listener, async move { closing.closing().await }).await {
            say(&format!("the partners ended: {told}"));
        }
    });
    Ok(partners.hospital.is_some())
}

fn registered(partner: &Partner, file: &Path, host: &str, base_url: String) -> Result<Told, String> {
    let kept = std::fs::read(file).ok().and_then(|bytes| serde_json::from_slice::<Told>(&bytes).ok());
    if let Some(kept) = kept.filter(|kept| kept.base_url == base_url) {
        return Ok(kept);
    }
    let name = partner.endpoint;
    let told = propose(partner, host, base_url).map_err(|fault| format!("{name}: {} {}", fault.what, fault.way_out))?;
    keep(file, &told).map_err(|fault| format!("{}: {fault}", file.display()))?;
    say(&format!("{name}: registered by {DEVELOPER}, approved by {}", APPROVERS.join(" and ")));
    Ok(told)
}

/// Proposes the endpoint and has two people approve exactly these terms.
fn propose(partner: &Partner, host: &str, base_url: String) -> Result<Told, ClientFault> {
    let mut people = SignIns::at(host);
    let Partner { program, endpoint, secure_fields, webhooks, purpose, .. } = partner;
    let proposal = json!({
        "name": endpoint, "base_url": base_url, "secure_fields": secure_fields, "webhooks": webhooks, "purpose": purpose
    });
    let path = format!("/programs/{program}/endpoints");
    let made = people.of(DEVELOPER)?.post(&path, &proposal)?;
    for login in APPROVERS {
        let terms = &made["endpoint"]["proposed"]["digest"];
        let decision = json!({ "decision": "approve", "terms": terms, "note": "Read the terms." });
        people.of(login)?.post(&format!("{path}/{endpoint}/decisions"), &decision)?;
    }
    let secret = |name: &str| made[name].as_str().unwrap_or_default().to_owned();
    Ok(Told { base_url, outbound_secret: secret("outbound_secret"), inbound_secret: secret("inbound_secret") })
}

/// Written whole or not at all, for nobody else's eyes.
fn keep(file: &Path, told: &Told) -> std::io::Result<()> {
    let part: PathBuf = file.with_extension("part");
    let mut written = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part)?;
    written.write_all(&serde_json::to_vec_pretty(told)?)?;
    written.sync_all()?;
    std::fs::rename(part, file)
}
