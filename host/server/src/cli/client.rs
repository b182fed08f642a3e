//! The command line's way to a host: the sign-in that `xitai login` kept, and requests that come back as JSON.

use super::report::{self, Ended};
use serde_json::{Map, Value, json};
use std::fs;
use std::io::{self, Read, Write as _};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::PathBuf;
use std::time::Duration;
use ureq::SendBody;
use ureq::http::Method;
use xitai_model::release::Finding;

/// A host answers within this; an upload over a slow line may take longer than a click.
const ANSWER_WITHIN: Duration = Duration::from_secs(300);

/// Why a request came to nothing.
#[derive(Debug, Clone)]
pub struct ClientFault {
    /// Stable: of the registry where the host answered, else `client.…`.
    pub code: String,
    pub what: String,
    pub way_out: String,
    pub findings: Vec<Finding>,
}

impl ClientFault {
    pub fn new(code: &str, what: impl Into<String>, way_out: impl Into<String>) -> Self {
        Self { code: code.to_owned(), what: what.into(), way_out: way_out.into(), findings: Vec::new() }
    }
    pub fn end(&self, as_json: bool) -> Ended {
        let what = format!("{} ({})", self.what, self.code);
        report::refused(as_json, &self.code, &what, &self.way_out, &self.findings)
    }
    /// From the problem details of an answer.
    fn of_answer(status: u16, body: &Value) -> Self {
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        let (title, detail) = (text("title"), text("detail"));
        let what = if detail.is_empty() { title } else { format!("{title} {detail}") };
        let code = if body["code"].is_string() { text("code") } else { format!("http.{status}") };
        let what = if what.is_empty() { format!("The host answered with status {status}.") } else { what };
        let findings = serde_json::from_value(body["findings"].clone()).unwrap_or_default();
        Self { code, what, way_out: text("mend"), findings }
    }
}

/// A host and the sign-in there.
pub struct Client {
    /// Such as `http://127.0.0.1:8080`, without a slash at its end.
    pub host: String,
    token: Option<String>,
    agent: ureq::Agent,
}

impl Client {
    pub fn new(host: &str, token: Option<String>) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(ANSWER_WITHIN))
            .user_agent(concat!("xitai/", env!("CARGO_PKG_VERSION")))
            .build();
        Self { host: host.trim_end_matches('/').to_owned(), token, agent: config.into() }
    }

    /// The host that was signed in to last, or the one named.
    pub fn signed_in(host: Option<&str>) -> Result<Self, ClientFault> {
        let kept = SignIns::read();
        let host = host.map(|host| host.trim_end_matches('/').to_owned()).or_else(|| kept.last.clone());
        let Some(host) = host else {
            return Err(ClientFault::new("client.no-host", "No host is known.", "Sign in first: `xitai login URL`."));
        };
        match kept.tokens.get(&host).and_then(Value::as_str) {
            Some(token) => Ok(Self::new(&host, Some(token.to_owned()))),
            None => {
                let way_out = format!("Sign in first: `xitai login {host}`.");
                Err(ClientFault::new("client.not-signed-in", format!("There is no sign-in for {host}."), way_out))
            }
        }
    }

    pub fn get(&self, path: &str) -> Result<Value, ClientFault> {
        self.send(Method::GET, path, None, SendBody::none())
    }
    pub fn post(&self, path: &str, body: &Value) -> Result<Value, ClientFault> {
        self.json(Method::POST, path, body)
    }
    pub fn put(&self, path: &str, body: &Value) -> Result<Value, ClientFault> {
        self.json(Method::PUT, path, body)
    }
    fn json(&self, method: Method, path: &str, body: &Value) -> Result<Value, ClientFault> {
        let text = body.to_string();
        self.send(
            method,
            path,
            Some("application/json"),
            SendBody::from_owned_reader(io::Cursor::new(text.into_bytes())),
        )
    }
    /// Uploads bytes; `read` is where they come from, so that a progress bar can watch.
    pub fn upload(&self, path: &str, media: &str, read: impl Read + 'static) -> Result<Value, ClientFault> {
        self.send(Method::POST, path, Some(media), SendBody::from_owned_reader(read))
    }

    fn send(&self, method: Method, path: &str, media: Option<&str>, body: SendBody<'_>) -> Result<Value, ClientFault> {
        let url = format!("{}/api/v1{path}", self.host);
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(&url)
            .header("accept", "application/json")
            .header("accept-language", language());
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(media) = media {
            request = request.header("content-type", media);
        }
        let request = request.body(body).map_err(|fault| {
            ClientFault::new("client.bad-address", format!("{url}: {fault}."), "Name the host by its URL.")
        })?;
        let mut answer = self.agent.run(request).map_err(|fault| {
            let way_out = "See that the address is right and the host runs; `make demo` starts one here.";
            ClientFault::new("client.unreachable", format!("{} does not answer: {fault}.", self.host), way_out)
        })?;
        let status = answer.status().as_u16();
        let text = answer.body_mut().read_to_string().map_err(|fault| {
            ClientFault::new("client.cut-off", format!("The answer of {} broke off: {fault}.", self.host), "Try again.")
        })?;
        let document = serde_json::from_str(&text).unwrap_or(Value::Null);
        if (200..300).contains(&status) { Ok(document) } else { Err(ClientFault::of_answer(status, &document)) }
    }
}

/// The language in which the host shall explain itself: the terminal's.
fn language() -> &'static str {
    let spoken =
        ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
    if spoken.is_some_and(|spoken| spoken.starts_with("zh")) { "zh-CN" } else { "en" }
}

/// The sign-ins of this user, in a file that only the user may read.
#[derive(Debug, Clone, Default)]
pub struct SignIns {
    pub last: Option<String>,
    pub tokens: Map<String, Value>,
}

impl SignIns {
    pub fn read() -> Self {
        let document: Value = sign_ins_path()
            .and_then(|path| fs::read(path).ok())
            .and_then(|text| serde_json::from_slice(&text).ok())
            .unwrap_or_default();
        Self {
            last: document["last"].as_str().map(str::to_owned),
            tokens: document["tokens"].as_object().cloned().unwrap_or_default(),
        }
    }
    pub fn keep(&self) -> io::Result<PathBuf> {
        let path = sign_ins_path().ok_or_else(|| io::Error::other("neither XITAI_CONFIG nor HOME is set"))?;
        if let Some(parent) = path.parent() {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(parent)?;
        }
        // Written beside and renamed: a full disk must not take the sign-ins that are there.
        let beside = path.with_extension("new");
        let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
        file.write_all(json!({ "last": self.last, "tokens": self.tokens }).to_string().as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, &path)?;
        Ok(path)
    }
}

/// The folder of this user's settings.
pub fn settings() -> Option<PathBuf> {
    std::env::var_os("XITAI_CONFIG").map(PathBuf::from).or_else(|| {
        // Empty is as good as unset, as the specification of these folders says.
        let config = std::env::var_os("XDG_CONFIG_HOME").filter(|set| !set.is_empty()).map(PathBuf::from);
        let config = config.or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".config")));
        config.map(|config| config.join("xitai"))
    })
}

fn sign_ins_path() -> Option<PathBuf> {
    settings().map(|folder| folder.join("sign-ins.json"))
}
