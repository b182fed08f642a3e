//! A Chromium without a window, driven through WebDriver as far as measuring pages needs it.

use super::Told;
use super::bank::folder;
use crate::clock::Clock;
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// A page that has painted nothing by then never will.
const PATIENCE: Duration = Duration::from_secs(30);

/// One window with an empty profile, that keeps nothing of what it loads. Its driver and all that this started end
/// with the value.
pub struct Browser {
    driver: Child,
    agent: ureq::Agent,
    /// Address of the session at the driver.
    session: String,
    _profile: TempDir,
}

/// What one load of a page took.
pub struct Load {
    /// From the start of the navigation to the first text or picture.
    pub first_paint_ms: f64,
    /// Of the page and of all that it loaded, as they came over the wire.
    pub bytes: f64,
}

impl Browser {
    pub fn start(data: &Path) -> Result<Self, Told> {
        let profile = folder(data)?;
        let port = super::free_port()?;
        let mut command = Command::new("chromedriver");
        command.arg(format!("--port={port}")).env("HOME", profile.path());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        // A group of its own, so that its browser ends with it.
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let driver = command.spawn().map_err(|e| format!("chromedriver does not start: {e}"))?;
        let config = ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(PATIENCE));
        let mut browser = Self { driver, agent: config.build().into(), session: String::new(), _profile: profile };
        let root = format!("http://127.0.0.1:{port}/session");
        let began = Clock::Machine.monotonic();
        let id = loop {
            match browser.ask(&root, &browser.capabilities()) {
                Ok(made) => {
                    break made["sessionId"].as_str().map(str::to_owned).ok_or("the driver names no session")?;
                }
                Err(told) if began.elapsed() > PATIENCE => return Err(format!("no browser: {told}")),
                Err(_) => std::thread::sleep(Duration::from_millis(100)),
            }
        };
        browser.session = format!("{root}/{id}");
        browser.devtools("Network.enable", json!({}))?;
        browser.devtools("Network.setCacheDisabled", json!({ "cacheDisabled": true }))?;
        Ok(browser)
    }

    fn capabilities(&self) -> Value {
        let profile = format!("--user-data-dir={}", self._profile.path().join("profile").display());
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-dev-shm-usage",
            "--window-size=390,844",
            &profile,
        ];
        json!({"capabilities": {"alwaysMatch": {"goog:chromeOptions": {"args": arguments}}}})
    }

    /// Asks the driver, and gives its answer's value.
    fn ask(&self, url: &str, body: &Value) -> Result<Value, Told> {
        let answer = self.agent.post(url).send_json(body).map_err(|e| e.to_string())?;
        let status = answer.status();
        let mut told: Value = answer.into_body().read_json().map_err(|e| e.to_string())?;
        if !status.is_success() {
            return Err(format!("{url}: {}", told["value"]["message"]));
        }
        Ok(told["value"].take())
    }
    /// As on a slow phone from now on: Lighthouse's mobile profile, a processor four times slower than this one and a
    /// network of 1.6 Mbit/s down, 750 kbit/s up and 150 ms there and back.
    pub fn slow_phone(&self) -> Result<(), Told> {
        let bytes_per_s = |kilobits: f64| kilobits * 1_000.0 / 8.0;
        self.throttled(150, bytes_per_s(1_600.0), bytes_per_s(750.0), 4)
    }
    /// As fast as this machine and the loopback again.
    pub fn as_it_is(&self) -> Result<(), Told> {
        self.throttled(0, -1.0, -1.0, 1)
    }
    /// A rate below zero is no limit.
    fn throttled(&self, latency_ms: u32, down: f64, up: f64, processor: u32) -> Result<(), Told> {
        let network =
            json!({"offline": false, "latency": latency_ms, "downloadThroughput": down, "uploadThroughput": up});
        self.devtools("Network.emulateNetworkConditions", network)?;
        self.devtools("Emulation.setCPUThrottlingRate", json!({ "rate": processor }))
    }
    fn devtools(&self, command: &str, params: Value) -> Result<(), Told> {
        self.ask(&format!("{}/goog/cdp/execute", self.session), &json!({"cmd": command, "params": params})).map(|_| ())
    }
    pub fn go(&self, url: &str) -> Result<(), Told> {
        self.ask(&format!("{}/url", self.session), &json!({ "url": url })).map(|_| ())
    }
    pub fn script(&self, script: &str) -> Result<Value, Told> {
        self.ask(&format!("{}/execute/sync", self.session), &json!({"script": script, "args": []}))
    }
    /// From now on as whoever holds this cookie of the site that is shown.
    pub fn set_cookie(&self, name: &str, value: &str) -> Result<(), Told> {
        let cookie = json!({"cookie": {"name": name, "value": value, "path": "/", "httpOnly": true}});
        self.ask(&format!("{}/cookie", self.session), &cookie).map(|_| ())
    }
    /// Waits until a script gives something.
    pub fn until(&self, script: &str) -> Result<Value, Told> {
        let began = Clock::Machine.monotonic();
        loop {
            let told = self.script(script)?;
            if !told.is_null() {
                return Ok(told);
            }
            if began.elapsed() > PATIENCE {
                let place = self.script("return location.href")?;
                return Err(format!("{place} never gave {script}"));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    /// Loads a page as somebody who has never been there.
    pub fn load(&self, url: &str) -> Result<Load, Told> {
        self.go(url)?;
        let told = self.until(
            "const paint = performance.getEntriesByName('first-contentful-paint')[0];
             if (!paint || document.readyState !== 'complete') return null;
             const [page] = performance.getEntriesByType('navigation');
             const parts = [page, ...performance.getEntriesByType('resource')];
             return { status: page.responseStatus, paint: paint.startTime,
                      bytes: parts.reduce((sum, part) => sum + part.transferSize, 0) };",
        )?;
        if told["status"] != 200 {
            return Err(format!("{url} answers {}", told["status"]));
        }
        let number = |name: &str| told[name].as_f64().ok_or_else(|| format!("{url}: {told}"));
        Ok(Load { first_paint_ms: number("paint")?, bytes: number("bytes")? })
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(group) = rustix::process::Pid::from_raw(self.driver.id() as i32) {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ = self.driver.wait();
    }
}
