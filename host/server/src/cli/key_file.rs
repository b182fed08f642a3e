//! The file of the key that a publisher signs with: 64 hexadecimal digits, for its owner alone. It never leaves the
//! machine; the host gets the public half, and a proof that somebody here has the other one.

use super::client::{self, Client, ClientFault};
use crate::clock::Clock;
use data_encoding::HEXLOWER;
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use xitai_model::ids::PublisherId;
use xitai_model::publisher_key::registration_text;
use xitai_model::signature::SigningKey;

/// The file that was named, or the one among this user's settings.
pub fn path(named: Option<&Path>) -> Result<PathBuf, ClientFault> {
    let own = || client::settings().map(|folder| folder.join("publisher.key"));
    named.map(Path::to_owned).or_else(own).ok_or_else(|| {
        ClientFault::new("client.no-key", "Neither XITAI_CONFIG nor HOME is set.", "Name the file of the key: --key.")
    })
}

pub fn read(path: &Path) -> Result<SigningKey, ClientFault> {
    let told = |what: String| {
        ClientFault::new("client.no-key", format!("{}: {what}.", path.display()), "Make a key: `xitai keys new`.")
    };
    let meta = fs::metadata(path).map_err(|fault| told(fault.to_string()))?;
    if meta.permissions().mode() & 0o077 != 0 {
        let what = format!("{} may be read by others.", path.display());
        return Err(ClientFault::new("client.key-open", what, "Keep it to yourself: chmod 600."));
    }
    let text = fs::read_to_string(path).map_err(|fault| told(fault.to_string()))?;
    let seed = HEXLOWER.decode(text.trim().as_bytes()).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    seed.map(|seed| SigningKey::of_seed(&seed)).ok_or_else(|| told("64 hexadecimal digits are a key".to_owned()))
}

/// Makes a key in a new file. One that is there stays.
pub fn make(path: &Path) -> Result<SigningKey, ClientFault> {
    let told = |fault: std::io::Error| {
        let way_out =
            "Name another file with --key, register this one (`xitai keys register`), or replace it with --replace.";
        ClientFault::new("client.key-not-kept", format!("{}: {fault}.", path.display()), way_out)
    };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(told)?;
    }
    let seed = Clock::Machine.random::<32>();
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(told)?;
    file.write_all(HEXLOWER.encode(&seed).as_bytes()).and_then(|()| file.sync_all()).map_err(told)?;
    Ok(SigningKey::of_seed(&seed))
}

/// Registers it at a host, for the publisher of whoever is signed in there.
pub fn register(client: &Client, key: &SigningKey, name: &str, replaces: Option<&str>) -> Result<Value, ClientFault> {
    let who = client.get("/me")?;
    let publisher = who["publisher"].as_str().and_then(|id| PublisherId::parse(id).ok()).ok_or_else(|| {
        ClientFault::new("client.no-publisher", "Whoever is signed in is no publisher's developer.", "Sign in as one.")
    })?;
    let public = key.public();
    let proof = key.sign(&registration_text(&publisher, &public));
    client.post("/publisher/keys", &json!({ "public": public, "name": name, "proof": proof, "replaces": replaces }))
}
