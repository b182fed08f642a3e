//! The hospital of the demo: a partner's system in this process, registered and approved as any other. What it was told
//! once, its secrets, lies in the data folder, so that a second start finds them.

use super::organisation::SUZHOU;
use super::{PASSWORD, say};
use crate::app::App;
use crate::cli::client::{Client, ClientFault};
use crate::cli::partner_demo::{self, Hospital};
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

const PROGRAM: &str = "cn.bank.suzhou.hospital-registration";
const ENDPOINT: &str = "hospital";
const DEVELOPER: &str = "dev-lin";
const APPROVERS: [&str; 2] = ["reviewer-chen", "reviewer-zhao"];

/// What the hospital's people were told.
#[derive(Serialize, Deserialize)]
pub struct Told {
    base_url: String,
    outbound_secret: String,
    inbound_secret: String,
}

/// The hospital's own address is inside: the operator of the demo lets it be asked.
pub fn exception(address: SocketAddr) -> Result<Exception, String> {
    format!("http://{address}={}/32", address.ip()).parse::<Exception>().map_err(|fault| fault.to_string())
}

/// Registers the hospital, unless it is; nothing where the program that calls it is not there.
pub async fn register(app: &Arc<App>, address: SocketAddr, base: &str) -> Result<Option<Told>, String> {
    let program = ProgramId::parse(PROGRAM).map_err(|fault| fault.to_string())?;
    if app.catalog().rollout(&program).is_none() {
        return Ok(None);
    }
    let file = app.config.data_dir.join("hospital.json");
    let (host, base_url) = (base.to_owned(), format!("http://{address}/v1"));
    let told = tokio::task::spawn_blocking(move || registered(&file, &host, base_url)).await;
    told.map_err(|fault| fault.to_string())?.map(Some)
}

/// Serves the hospital until the host closes.
pub async fn serve(app: &Arc<App>, address: SocketAddr, base: &str, told: &Told) -> Result<(), String> {
    let listener = TcpListener::bind(address)
        .await
        .map_err(|fault| format!("the hospital can't listen on {address}: {fault} (XITAI_HOSPITAL moves it)"))?;
    let hook = format!("{base}/api/v1/hooks/{PROGRAM}/{ENDPOINT}/{SUZHOU}");
    let hospital = Hospital::new(&told.outbound_secret, &told.inbound_secret, &hook)?;
    let closing = app.clone();
    tokio::spawn(async move {
        if let Err(told) = partner_demo::serve(hospital, listener, async move { closing.closing().await }).await {
            say(&format!("the hospital ended: {told}"));
        }
    });
    Ok(())
}

fn registered(file: &Path, host: &str, base_url: String) -> Result<Told, String> {
    let kept = std::fs::read(file).ok().and_then(|bytes| serde_json::from_slice::<Told>(&bytes).ok());
    match kept.filter(|kept| kept.base_url == base_url) {
        Some(kept) => Ok(kept),
        None => {
            let told =
                propose(host, base_url).map_err(|fault| format!("hospital: {} {}", fault.what, fault.way_out))?;
            keep(file, &told).map_err(|fault| format!("{}: {fault}", file.display()))?;
            say(&format!("hospital: registered by {DEVELOPER}, approved by {}", APPROVERS.join(" and ")));
            Ok(told)
        }
    }
}

/// Proposes the endpoint and has two people approve exactly these terms.
fn propose(host: &str, base_url: String) -> Result<Told, ClientFault> {
    let one = |login: &str| -> Result<Client, ClientFault> {
        let answer = Client::new(host, None).post("/tokens", &json!({ "login": login, "password": PASSWORD }))?;
        Ok(Client::new(host, answer["token"].as_str().map(str::to_owned)))
    };
    let proposal = json!({
        "name": ENDPOINT, "base_url": base_url, "secure_fields": ["identity-number"], "webhooks": true,
        "purpose": "查询医生、预约和取消就诊号 / doctors, booking and giving back"
    });
    let path = format!("/programs/{PROGRAM}/endpoints");
    let made = one(DEVELOPER)?.post(&path, &proposal)?;
    for login in APPROVERS {
        let terms = &made["endpoint"]["proposed"]["digest"];
        let decision = json!({ "decision": "approve", "terms": terms, "note": "Read the terms." });
        one(login)?.post(&format!("{path}/{ENDPOINT}/decisions"), &decision)?;
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
