//! A real Chromium without a window, driven through WebDriver.

use crate::bank::PASSWORD;
use crate::process::{Owned, free_port};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::future::Future;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

/// How long a page may take for anything. Whoever waits sees it as soon as it is there; a machine with much else to do
/// takes its time.
const PATIENCE: Duration = Duration::from_secs(90);
const AGAIN_AFTER: Duration = Duration::from_millis(100);

/// One browser window with an empty profile. Its driver, and with it the browser, ends with the value.
pub struct Browser {
    pub page: Client,
    base: String,
    /// The driver's own address.
    driver: String,
    _driver: Owned,
    _profile: tempfile::TempDir,
}

/// Runs a browser test: `steps` gets a phone-sized window on the bank at `base`.
pub fn browse<F: Future<Output = ()>>(base: &str, steps: impl FnOnce(Browser) -> F) {
    browse_sized(base, (420, 900), steps);
}

pub fn browse_sized<F: Future<Output = ()>>(base: &str, size: (u32, u32), steps: impl FnOnce(Browser) -> F) {
    browse_with(base, size, &[], steps);
}

/// A window in which nothing moves, for whoever looks at pages as they stand.
pub fn browse_calmly<F: Future<Output = ()>>(base: &str, steps: impl FnOnce(Browser) -> F) {
    browse_with(base, (1_280, 900), &["--force-prefers-reduced-motion".to_owned()], steps);
}

/// A phone whose camera sees a film, again and again.
pub fn browse_filming<F: Future<Output = ()>>(base: &str, film: &std::path::Path, steps: impl FnOnce(Browser) -> F) {
    let camera = [
        "--use-fake-device-for-media-stream".to_owned(),
        "--use-fake-ui-for-media-stream".to_owned(),
        format!("--use-file-for-fake-video-capture={}", film.display()),
    ];
    browse_with(base, (420, 900), &camera, steps);
}

fn browse_with<F: Future<Output = ()>>(
    base: &str,
    size: (u32, u32),
    more: &[String],
    steps: impl FnOnce(Browser) -> F,
) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let browser = Browser::start(base, size, more).await;
        let page = browser.page.clone();
        steps(browser).await;
        let _ = page.close().await;
    });
}

impl Browser {
    async fn start(base: &str, (width, height): (u32, u32), more: &[String]) -> Self {
        let profile = tempfile::Builder::new().prefix("xitai-chromium").tempdir().expect("a folder");
        let port = free_port();
        let mut command = Command::new("chromedriver");
        command.arg(format!("--port={port}")).env("HOME", profile.path());
        let driver = Owned::start(&command, &profile.path().join("driver.log"));
        let mut arguments: Vec<String> = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
        ]
        .map(str::to_owned)
        .to_vec();
        arguments.push(format!("--window-size={width},{height}"));
        arguments.push(format!("--user-data-dir={}", profile.path().join("profile").display()));
        arguments.extend_from_slice(more);
        let capabilities = json!({"goog:chromeOptions": {"args": arguments}, "goog:loggingPrefs": {"browser": "ALL"}});
        let capabilities = capabilities.as_object().cloned().expect("an object");
        let address = format!("http://127.0.0.1:{port}");
        let deadline = Instant::now() + PATIENCE;
        let page = loop {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            match builder.capabilities(capabilities.clone()).connect(&address).await {
                Ok(page) => break page,
                Err(e) => assert!(Instant::now() < deadline, "a browser: {e}"),
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        };
        Self { page, base: base.to_owned(), driver: address, _driver: driver, _profile: profile }
    }

    /// Gives the browser an authenticator that verifies whoever asks, as a phone with a willing finger.
    pub async fn add_authenticator(&self) {
        let session = self.page.session_id().await.ok().flatten().expect("a session");
        let url = format!("{}/session/{session}/webauthn/authenticator", self.driver);
        let body = json!({
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
            "isUserConsenting": true, "isUserVerified": true,
        });
        let answer = tokio::task::block_in_place(|| ureq::post(&url).send_json(&body));
        answer.expect("a virtual authenticator");
    }
    /// Puts the browser's device at a place, and lets pages of the bank ask for it.
    pub async fn stand_at(&self, latitude: f64, longitude: f64) {
        let grant = json!({"origin": self.base, "permissions": ["geolocation"]});
        self.devtools("Browser.grantPermissions", grant).await;
        let place = json!({"latitude": latitude, "longitude": longitude, "accuracy": 20});
        self.devtools("Emulation.setGeolocationOverride", place).await;
    }
    /// A window this wide, which the browser itself would not be made: 320 is a desk's page at a zoom of 400 %.
    pub async fn narrow(&self, width: u32) {
        let size = json!({"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
    }
    /// What a screen reader is given, in its order: role and name.
    pub async fn spoken_tree(&self) -> Vec<(String, String)> {
        let told = self.devtools("Accessibility.getFullAXTree", json!({})).await;
        let nodes = told["value"]["nodes"].as_array().cloned().unwrap_or_default();
        let text = |node: &Value, of: &str| node[of]["value"].as_str().unwrap_or_default().to_owned();
        // The browser lists them level by level.
        let mut waiting: Vec<&Value> = nodes.iter().take(1).collect();
        let mut spoken = Vec::new();
        while let Some(node) = waiting.pop() {
            if node["ignored"] != true {
                spoken.push((text(node, "role"), text(node, "name")));
            }
            let below = node["childIds"].as_array().into_iter().flatten().rev();
            waiting.extend(below.filter_map(|id| nodes.iter().find(|node| node["nodeId"] == *id)));
        }
        spoken
    }
    /// A command of the browser's own development protocol.
    pub async fn devtools(&self, command: &str, params: Value) -> Value {
        let session = self.page.session_id().await.ok().flatten().expect("a session");
        let url = format!("{}/session/{session}/goog/cdp/execute", self.driver);
        let body = json!({"cmd": command, "params": params});
        let answer = tokio::task::block_in_place(|| ureq::post(&url).send_json(&body));
        let answer = answer.unwrap_or_else(|e| panic!("{command}: {e}"));
        answer.into_body().read_json().unwrap_or(Value::Null)
    }
    pub async fn go(&self, path: &str) {
        self.page.goto(&format!("{}{path}", self.base)).await.unwrap_or_else(|e| panic!("{path} opens: {e}"));
    }
    /// Waits for an element by CSS.
    pub async fn find(&self, css: &str) -> fantoccini::elements::Element {
        let wait = self.page.wait().at_most(PATIENCE);
        match wait.for_element(Locator::Css(css)).await {
            Ok(found) => found,
            Err(e) => panic!("{css} ({e}) on {}", self.describe().await),
        }
    }
    pub async fn has(&self, css: &str) -> bool {
        self.page.find(Locator::Css(css)).await.is_ok()
    }
    /// Loads the page again until something is there that a job of the host brings about.
    pub async fn finds_by_and_by(&self, css: &str) {
        let deadline = Instant::now() + PATIENCE;
        while !self.has(css).await {
            assert!(Instant::now() < deadline, "no `{css}` came: {}", self.describe().await);
            tokio::time::sleep(2 * AGAIN_AFTER).await;
            self.page.refresh().await.expect("the page loads again");
        }
    }
    /// As somebody else from now on, on the page that they asked for.
    pub async fn sign_in(&self, login: &str, path: &str) {
        self.page.delete_all_cookies().await.expect("cookies go");
        self.go(&format!("{path}?lang=en")).await;
        self.fill("#login", login).await;
        self.fill("#password", PASSWORD).await;
        self.click("form[action='/app/sign-in'] button[type=submit]").await;
        self.find("body:not(:has(#login)) #main").await;
    }
    /// Nothing of the page lies beside the window.
    pub async fn fits(&self) {
        let wide = self.script("return document.documentElement.scrollWidth > innerWidth").await;
        assert_eq!(wide, false, "the page fits: {}", self.describe().await);
    }
    pub async fn click(&self, css: &str) {
        self.click_at(Locator::Css(css), css).await;
    }
    /// Clicks the link or button whose visible text holds `words`.
    pub async fn click_text(&self, words: &str) {
        let path = format!("//*[self::a or self::button or self::summary][contains(normalize-space(.), '{words}')]");
        self.click_at(Locator::XPath(&path), words).await;
    }
    /// A page that morphs may replace an element between finding and clicking it, and one whose script has not run yet
    /// shows only later what can be clicked.
    async fn click_at(&self, at: Locator<'_>, what: &str) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let failed = match self.page.wait().at_most(PATIENCE).for_element(at).await {
                Ok(found) => match found.click().await {
                    Ok(()) => return,
                    Err(e) => {
                        // What lies below the bar at the foot of the window is brought into sight, as people do.
                        let element = serde_json::to_value(&found).expect("an element has its reference");
                        let _ =
                            self.page.execute("arguments[0].scrollIntoView({ block: 'center' })", vec![element]).await;
                        e
                    }
                },
                Err(e) => e,
            };
            if Instant::now() >= deadline {
                panic!("{what:?} can be clicked ({failed}) on {}", self.describe().await);
            }
            tokio::time::sleep(AGAIN_AFTER).await;
        }
    }
    pub async fn fill(&self, css: &str, text: &str) {
        let field = self.find(css).await;
        field.clear().await.expect("a field can be cleared");
        field.send_keys(text).await.expect("a field takes keys");
    }
    /// Waits until the page's visible text holds `words`.
    pub async fn sees(&self, words: &str) {
        let deadline = Instant::now() + PATIENCE;
        while !self.text().await.contains(words) {
            assert!(Instant::now() < deadline, "{words:?} is seen on {}", self.describe().await);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    pub async fn text(&self) -> String {
        self.script("return document.body ? document.body.innerText : ''").await.as_str().unwrap_or_default().to_owned()
    }
    pub async fn script(&self, script: &str) -> Value {
        self.page.execute(script, Vec::new()).await.unwrap_or(Value::Null)
    }
    /// Presses a key where the focus is.
    pub async fn key(&self, key: fantoccini::key::Key) {
        use fantoccini::actions::{InputSource, KeyAction, KeyActions};
        let key = char::from(key);
        let press = KeyActions::new("keyboard".to_owned())
            .then(KeyAction::Down { value: key })
            .then(KeyAction::Up { value: key });
        self.page.perform_actions(press).await.expect("a key is pressed");
    }
    /// Presses Tab until the element has the focus, which must be seen.
    pub async fn walk_to(&self, css: &str) {
        for _ in 0..120 {
            let here = self.script(&format!("return !!document.activeElement?.matches(\"{css}\")")).await;
            if here == true {
                let outline = self.script("return getComputedStyle(document.activeElement).outlineStyle").await;
                let shadow = self.script("return getComputedStyle(document.activeElement).boxShadow").await;
                assert!(outline != "none" || shadow != "none", "the focus on {css} is seen");
                return;
            }
            self.key(fantoccini::key::Key::Tab).await;
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{css} is reached with Tab on {}", self.describe().await);
    }
    /// What the page and its console say, for a failing test.
    pub async fn describe(&self) -> String {
        let url = self.page.current_url().await.map(|u| u.to_string()).unwrap_or_default();
        let picture = self.screenshot("failed").await;
        format!("{url} (picture: {}):\n{}", picture.display(), self.text().await)
    }
    /// Keeps a picture of the page under `target/screens`.
    pub async fn screenshot(&self, name: &str) -> PathBuf {
        let dir = crate::binary::target_dir().join("screens");
        std::fs::create_dir_all(&dir).expect("a folder");
        let test = std::thread::current().name().unwrap_or("test").replace("::", "-");
        let path = dir.join(format!("{test}-{name}.png"));
        if let Ok(picture) = self.page.screenshot().await {
            std::fs::write(&path, picture).expect("a picture is kept");
        }
        path
    }
}
