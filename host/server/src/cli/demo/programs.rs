//! The demo's programs, each through the whole flow: build, check, upload, two reviewers and the desks that its tiers
//! ask for, open, enable.

use super::PASSWORD;
use super::organisation::SUZHOU;
use super::say;
use crate::app::App;
use crate::cli::build::{self, Built};
use crate::cli::client::{Client, ClientFault};
use crate::cli::publish::Published;
use crate::cli::{check, key_file, publish, report};
use crate::package;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use xitai_model::ids::{PlaceId, ProgramId};
use xitai_model::manifest::Manifest;
use xitai_model::review::CHECKLIST;
use xitai_model::signature::SigningKey;

const DEVELOPER: &str = "dev-lin";
/// Who signs off, with the desk that each speaks for.
const REVIEWERS: [(&str, &str); 6] = [
    ("reviewer-chen", "review"),
    ("reviewer-zhao", "review"),
    ("product-hu", "product"),
    ("risk-song", "risk"),
    ("operations-liu", "operations"),
    ("technology-gao", "technology"),
];
const HEAD_OFFICE: &str = "manager-wu";
const BRANCH: &str = "operator-qian";
const MANAGER: &str = "canteen-zhou";

/// The button of a manager's page that fills an empty program with something to look at.
const SAMPLES: &str = "samples";

/// `mini-programs` above the current folder or above the binary.
pub fn folder() -> Option<PathBuf> {
    let from = [std::env::current_dir().ok(), std::env::current_exe().ok()];
    from.into_iter()
        .flatten()
        .flat_map(|start| start.ancestors().map(Path::to_owned).collect::<Vec<_>>())
        .map(|above| above.join("mini-programs"))
        .find(|folder| folder.is_dir())
}

/// Publishes each program that is not enabled yet. Runs beside the host, which answers the requests.
pub async fn publish_all(
    app: &Arc<App>,
    folder: Option<PathBuf>,
    packages: PathBuf,
    base: String,
) -> Result<(), String> {
    let Some(folder) = folder else {
        say("No mini-programs folder was found: the bank opens without programs (XITAI_PROGRAMS names one).");
        return Ok(());
    };
    let mut waiting = Vec::new();
    for program in program_folders(&folder)? {
        if !is_enabled(app, &program) {
            waiting.push(program);
        }
    }
    if waiting.is_empty() {
        return Ok(());
    }
    let shared = folder.parent().map(|repository| repository.join("target/wasm"));
    tokio::task::spawn_blocking(move || {
        let people = People::sign_in(&base, &packages.with_file_name("publisher.key")).map_err(told)?;
        let mut failed = Vec::new();
        // One that does not come through keeps none of the others back.
        for program in &waiting {
            if let Err(told) = perform(&people, program, &packages, shared.as_deref()) {
                say(&format!("{}: {told}", program.display()));
                failed.push(told);
            }
        }
        if failed.is_empty() { Ok(()) } else { Err(format!("{} programs did not come through", failed.len())) }
    })
    .await
    .map_err(|fault| fault.to_string())?
}

fn program_folders(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = std::fs::read_dir(folder).map_err(|fault| format!("{}: {fault}", folder.display()))?;
    let mut folders: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.join(package::MANIFEST_NAME).is_file())
        .collect();
    folders.sort();
    Ok(folders)
}

/// Whether the program of this folder has come all the way.
fn is_enabled(app: &App, folder: &Path) -> bool {
    let text = std::fs::read(folder.join(package::MANIFEST_NAME)).unwrap_or_default();
    let manifest: Value = serde_json::from_slice(&text).unwrap_or_default();
    let (Ok(id), Ok(branch)) =
        (ProgramId::parse(manifest["app_id"].as_str().unwrap_or_default()), PlaceId::parse(SUZHOU))
    else {
        return false;
    };
    app.catalog().rollout(&id).is_some_and(|rollout| rollout.enabled.contains(&branch))
}

/// The sign-ins of those who take part.
pub struct People {
    developer: Client,
    /// The developer's, in a file as any developer has it.
    key: SigningKey,
    reviewers: Vec<Client>,
    head_office: Client,
    branch: Client,
    manager: Client,
}

impl People {
    pub fn sign_in(base: &str, key: &Path) -> Result<Self, ClientFault> {
        let one = |login: &str| -> Result<Client, ClientFault> {
            let answer = Client::new(base, None).post("/tokens", &json!({ "login": login, "password": PASSWORD }))?;
            Ok(Client::new(base, answer["token"].as_str().map(str::to_owned)))
        };
        let developer = one(DEVELOPER)?;
        let key = if key.exists() { key_file::read(key)? } else { key_file::make(key)? };
        key_file::register(&developer, &key, "demo", None)?;
        Ok(Self {
            developer,
            key,
            reviewers: REVIEWERS.iter().map(|(login, _)| one(login)).collect::<Result<_, _>>()?,
            head_office: one(HEAD_OFFICE)?,
            branch: one(BRANCH)?,
            manager: one(MANAGER)?,
        })
    }
}

fn perform(people: &People, folder: &Path, packages: &Path, shared: Option<&Path>) -> Result<(), String> {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    say(&format!("{name}: building"));
    let built = built(folder, packages, shared)?;
    let bytes = std::fs::read(&built.path).map_err(|fault| format!("{}: {fault}", built.path.display()))?;
    let (_, found) = check::inspect_package(&bytes);
    if check::refuses(&found) {
        report::findings(&found);
        return Err(format!("{name} does not pass the check"));
    }
    say(&format!(
        "{name}: {} KiB, component {} KiB; checked",
        built.package_bytes.div_ceil(1024),
        built.component_bytes.div_ceil(1024)
    ));
    let signed = people.sign(&bytes)?;
    let published = people.upload(&built.manifest, signed)?;
    say(&format!("{name}: uploaded by {DEVELOPER}, {}", published.state));
    let signed = people.bring_out(&built.manifest, &published)?;
    say(&format!("{name}: approved by {}", signed.join(", ")));
    say(&format!("{name}: opened by {HEAD_OFFICE}, enabled in {SUZHOU} by {BRANCH}"));
    if first_day(&people.manager, built.manifest.app_id.as_str()).map_err(told)? {
        say(&format!("{name}: filled with its samples by {MANAGER}"));
    }
    Ok(())
}

impl People {
    pub fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, String> {
        package::sign(bytes, &self.key).map_err(|fault| format!("it can't be signed: {fault}"))
    }
    /// Uploads a signed package and waits for the host's inspection, which must let it through.
    pub fn upload(&self, manifest: &Manifest, signed: Vec<u8>) -> Result<Published, String> {
        let (id, version) = (manifest.app_id.as_str(), manifest.version.name.to_string());
        let published = publish::publish(&self.developer, id, &version, signed, false).map_err(told)?;
        if published.state == "refused" {
            report::findings(&published.findings);
            return Err(format!("{id} was refused by the host's inspection"));
        }
        Ok(published)
    }
    /// Has it approved, opened for everybody and enabled in the branch; gives who signed.
    pub fn bring_out(&self, manifest: &Manifest, published: &Published) -> Result<Vec<&'static str>, String> {
        let signed = approve(self, &published.document).map_err(told)?;
        let path = format!("/programs/{}/rollout", manifest.app_id);
        let version = manifest.version.name.to_string();
        let opening = json!({ "version": version, "percent": 100, "channels": [], "all_branches": true });
        self.head_office.put(&path, &opening).map_err(told)?;
        self.branch.put(&path, &json!({ "enabled": [SUZHOU] })).map_err(told)?;
        Ok(signed)
    }
}

/// A program whose manager's first page offers samples begins with them, so that customers find something.
fn first_day(manager: &Client, program: &str) -> Result<bool, ClientFault> {
    let view = manager.post("/sessions", &json!({ "program": program }))?;
    let offered =
        view["screen"]["nodes"].as_array().is_some_and(|nodes| nodes.iter().any(|node| node["id"] == SAMPLES));
    if offered {
        let session = view["session"].as_str().unwrap_or_default();
        let tap = json!({ "type": "tapped", "id": SAMPLES });
        let event = json!({ "device": "demo", "client_seq": 1, "seen": view["position"], "event": tap });
        manager.post(&format!("/sessions/{session}/events"), &event)?;
    }
    Ok(offered)
}

fn built(folder: &Path, packages: &Path, shared: Option<&Path>) -> Result<Built, String> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let out = packages.join(format!("{name}.{}", package::EXTENSION));
    let options =
        build::Options { out: Some(out), quiet: false, shared_target: shared.map(Path::to_owned), listener: None };
    build::build(folder, &options).map_err(|fault| {
        report::findings(&fault.findings);
        fault.to_string()
    })
}

/// Has those sign off who have not yet: a demo that was cut off goes on.
fn approve(people: &People, release: &Value) -> Result<Vec<&'static str>, ClientFault> {
    let review = release["review"].as_str().unwrap_or_default();
    let note = "Read the findings and permissions; used it on the phone page.";
    let points: Vec<&str> = CHECKLIST.iter().map(|point| point.id).collect();
    let decision = json!({ "decision": "approve", "package": release["package"], "note": note, "points": points });
    let asked = |desk: &str| release["desks"].as_array().is_some_and(|desks| desks.iter().any(|it| it == desk));
    let mut all = Vec::new();
    for (reviewer, (login, _)) in people.reviewers.iter().zip(REVIEWERS).filter(|(_, (_, desk))| asked(desk)) {
        let signed = release["signoffs"].as_array().is_some_and(|all| all.iter().any(|signoff| signoff["by"] == login));
        if !signed {
            reviewer.post(&format!("/reviews/{review}/decisions"), &decision)?;
        }
        all.push(login);
    }
    Ok(all)
}

fn told(fault: ClientFault) -> String {
    format!("{} ({}) {}", fault.what, fault.code, fault.way_out)
}
