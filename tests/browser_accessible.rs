//! Everybody can use every page: axe-core finds nothing, a focus is seen, and the keyboard is enough.
//!
//! The pages are those of the table of routes. They are found as people find them, by links; a page that nobody comes to
//! fails the test, so that a new one is covered by itself or is noticed.

use fantoccini::key::Key;
use serde_json::{Value, json};
use std::collections::{BTreeSet, VecDeque};
use xitai_tests::Bank;
use xitai_tests::accessible::Findings;
use xitai_tests::actor::CANTEEN;
use xitai_tests::browser::{Browser, browse, browse_calmly};
use xitai_tests::desk::DESK;

/// What answers at a page's address without being a page, and why.
const NO_PAGES: &[(&str, &str)] = &[
    ("/", "leads to the app"),
    ("/app/cards/add", "leads to the rail's page"),
    ("/app/cards/back", "where the rail's page leads back to"),
    ("/app/cards/bound", "leads to the cards"),
    ("/app/files/{program}/{version}/{*path}", "files of packages"),
    ("/app/media/{handle}", "pictures"),
    ("/app/notices/{id}", "leads to what the notice is about"),
    ("/app/open/{program}", "goes on to the session by itself"),
    ("/app/sessions/{id}/fragment", "a part of the session's page"),
    ("/app/sign-in/{provider}", "leads to the provider"),
    ("/app/sign-in/{provider}/back", "where the provider leads back to"),
    ("/console/branch-books/{branch}/{day}/csv", "a table to keep"),
    ("/console/branch-books/{branch}/{day}/json", "a document to keep"),
    ("/console/journeys/{id}/csv", "a table to keep"),
    ("/console/reconciliation/csv", "a table to keep"),
    ("/chat/fragment", "a part of the chat's page"),
    ("/chat/stream", "what moves the chat's page"),
    ("/kiosk/open/{program}", "goes on to the session by itself"),
    ("/kiosk/sessions/{id}/fragment", "a part of the session's page"),
    ("/publisher/programs/{id}/journeys/csv", "a table to keep"),
    ("/publisher/merchants/{id}/statements/{day}/csv", "a table to keep"),
    ("/publisher/merchants/{id}/statements/{day}/json", "a document to keep"),
];

/// Whoever looks, and where they begin. Between them they may open everything. A till waits for wang.
/// Whoever has used most comes first: a list that was seen empty leads nowhere.
pub const APP: &[(&str, &str)] = &[("smith", "/app"), ("wang", "/app/pay-code")];
const CONSOLE: &[(&str, &str)] = &[
    ("manager-wu", "/console"),
    ("reviewer-chen", "/console"),
    ("operator-qian", "/console"),
    ("canteen-zhou", "/console"),
    ("relation-tang", "/console/threads"),
    ("duty-sun", "/console"),
    ("auditor-feng", "/console"),
];
const PUBLISHER: &[(&str, &str)] = &[("dev-lin", "/publisher"), ("smith", "/publisher/merchants")];

/// What whoever is signed in is led on from.
const BEFORE: &str = "/app/sign-in";

/// Pages of a kiosk, which stands in a branch and is known by its device; its front is looked at like the others.
const AT_A_DEVICE: &[&str] = &["/kiosk/sessions/{id}", "/kiosk/content/{id}", "/kiosk/prints/{id}"];

/// The page routes below a root.
fn pages_below(root: &str) -> BTreeSet<String> {
    let told = xitai_tests::binary::run(&["routes", "--json"], &[]).done().json();
    let routes = told["routes"].as_array().expect("routes").clone();
    let text = |route: &Value, name: &str| route[name].as_str().unwrap_or_default().to_owned();
    let is_page = |route: &&Value| route["page"] == true && route["method"] == "GET";
    let is_below = |path: &String| *path == root || path.starts_with(&format!("{root}/"));
    let is_none = |path: &String| {
        path == BEFORE
            || AT_A_DEVICE.contains(&path.as_str())
            || NO_PAGES.iter().any(|(no, why)| no == path && !why.is_empty())
    };
    let all = routes.iter().filter(is_page).map(|route| text(route, "path"));
    all.filter(|path| is_below(path) && !is_none(path)).collect()
}

/// The route of an address; words before placeholders.
fn route_of<'r>(routes: &'r BTreeSet<String>, path: &str) -> Option<&'r String> {
    let fits = |route: &&String| {
        let (names, parts): (Vec<_>, Vec<_>) = (route.split('/').collect(), path.split('/').collect());
        names.len() == parts.len() && names.iter().zip(&parts).all(|(name, part)| name.starts_with('{') || name == part)
    };
    routes.iter().filter(fits).min_by_key(|route| route.matches('{').count())
}

/// Walks through everything below a root, and looks at one page of each route.
async fn walk(browser: &Browser, root: &str, people: &[(&str, &str)], unlinked: &[String], findings: &mut Findings) {
    visit(browser, root, people, unlinked, async |path| browser.examine(path, findings).await).await;
}

/// Comes to one page of each route below a root, and has it looked at; what looks may go elsewhere meanwhile.
pub async fn visit(
    browser: &Browser,
    root: &str,
    people: &[(&str, &str)],
    unlinked: &[String],
    mut look: impl AsyncFnMut(&str),
) {
    let routes = pages_below(root);
    let mut seen = BTreeSet::new();
    for (who, start) in people {
        browser.sign_in(who, start).await;
        let plain = routes.iter().filter(|route| !route.contains('{')).cloned();
        let mut waiting: VecDeque<String> = std::iter::once((*start).to_owned()).chain(plain).collect();
        waiting.extend(unlinked.iter().cloned());
        let mut begins = true;
        while let Some(address) = waiting.pop_front() {
            let asked = route_of(&routes, address.split('?').next().unwrap_or_default());
            // Where somebody begins they look around in any case: their links are not those of others.
            if !std::mem::take(&mut begins) && asked.is_none_or(|route| seen.contains(route)) {
                continue;
            }
            browser.go(&address).await;
            let Some((path, links)) = links(browser).await else { continue };
            waiting.extend(links);
            // It may have led on.
            if let Some(route) = route_of(&routes, &path).filter(|route| !seen.contains(*route)) {
                seen.insert(route.clone());
                look(&path).await;
            }
        }
    }
    let missed: Vec<&String> = routes.difference(&seen).collect();
    assert!(missed.is_empty(), "nobody came to {missed:?}");
}

/// Where the browser is, and where that leads. None where there is no page, or not for the one who asks.
async fn links(browser: &Browser) -> Option<(String, Vec<String>)> {
    let told = browser
        .script(
            "return {
                path: location.pathname, status: performance.getEntriesByType('navigation')[0].responseStatus,
                links: [...document.querySelectorAll('a[href]')].filter(a => a.origin === location.origin)
                    .map(a => a.pathname + a.search)
            }",
        )
        .await;
    let links = told["links"].as_array()?.iter().filter_map(|it| it.as_str().map(str::to_owned));
    let path = told["path"].as_str()?.to_owned();
    (told["status"] == 200).then(|| (path, links.collect()))
}

#[test]
fn every_page_of_the_app_is_for_everybody() {
    let (bank, unlinked) = Bank::lived_in();
    browse_calmly(bank.base(), async |browser| {
        let mut findings = Findings::default();
        browser.go(&format!("{BEFORE}?lang=en")).await;
        browser.examine(BEFORE, &mut findings).await;
        browser.go("/app/nowhere").await;
        browser.examine("a problem's page", &mut findings).await;
        walk(&browser, "/app", APP, &unlinked, &mut findings).await;
        findings.are_none();
    });
}

#[test]
fn every_page_for_whoever_comes_by_is_for_everybody() {
    let bank = Bank::start();
    let pages = ["/kiosk", "/chat", "/problems", "/problems/auth.forbidden"];
    browse_calmly(bank.base(), async |browser| {
        let mut findings = Findings::default();
        for root in ["/kiosk", "/chat", "/problems"] {
            let routes = pages_below(root);
            let missed = |route: &&String| !pages.iter().any(|page| route_of(&routes, page) == Some(route));
            assert_eq!(routes.iter().filter(missed).count(), 0, "nobody came to some of {routes:?}");
        }
        for page in pages {
            browser.go(&format!("{page}?lang=en")).await;
            browser.find("#main").await;
            browser.examine(page, &mut findings).await;
        }
        findings.are_none();
    });
}

#[test]
fn every_page_of_the_console_is_for_everybody() {
    let (bank, unlinked) = Bank::lived_in();
    browse_calmly(bank.base(), async |browser| {
        let mut findings = Findings::default();
        walk(&browser, "/console", CONSOLE, &unlinked, &mut findings).await;
        findings.are_none();
    });
}

#[test]
fn every_page_of_the_publisher_is_for_everybody() {
    let (bank, unlinked) = Bank::lived_in();
    browse_calmly(bank.base(), async |browser| {
        let mut findings = Findings::default();
        walk(&browser, "/publisher", PUBLISHER, &unlinked, &mut findings).await;
        findings.are_none();
    });
}

/// Screens of one program that are looked at.
const SCREENS_MAX: usize = 14;

/// Taps the next button that was not tapped yet, or decides on an open sheet; fields are filled in as a patient person
/// would. Says what it did, or nothing where there is nothing left to do.
const TAP_ON: &str = r##"
    window.tapped ??= new Set(JSON.parse(sessionStorage.getItem("tapped") ?? "[]"));
    const once = key => { tapped.add(key); sessionStorage.setItem("tapped", JSON.stringify([...tapped])); };
    const sheet = document.querySelector("dialog#sheet[open]");
    for (const field of (sheet ?? document.querySelector("#stage")).querySelectorAll("input, textarea, select")) {
        const chosen = field.type === "radio" && document.querySelector(`input[name='${CSS.escape(field.name)}']:checked`);
        if (field.type === "radio" ? !chosen : field.type === "checkbox" && sheet && !field.checked) field.click();
        if (field.type === "password") field.value = "xitai-demo";
        else if (!field.value && /^(text|tel|search|number)$/.test(field.type)) field.value = "1";
    }
    if (sheet) {
        const key = "sheet " + sheet.querySelector("h2")?.textContent;
        const decision = tapped.has(key) ? "decline" : "confirm";
        const button = sheet.querySelector(`[data-decide='${decision}']`);
        if (!button || button.disabled) return "waits";
        once(key);
        button.click();
        return decision;
    }
    // The same button on another screen is another one; one of many dishes stands for all.
    const named = el => (el.dataset.tap ?? el.closest("[data-node]").dataset.node).replace(/\d+/g, "");
    const screen = [...new Set([...document.querySelectorAll("#stage [data-tap]")].map(named))].join();
    const all = ".quantity .step:last-child:not([disabled]), #stage .primary[data-tap]:not([disabled]), #stage [data-tap]:not([disabled])";
    const found = all.split(", ").flatMap(css => [...document.querySelectorAll(css)]);
    const next = found.find(el => !tapped.has(named(el) + " on " + screen));
    if (!next) return null;
    once(named(next) + " on " + screen);
    next.click();
    return "tap " + named(next);
"##;

/// Says how many screens and sheets there were.
async fn play(browser: &Browser, program: &str, findings: &mut Findings) -> usize {
    browser.go(&format!("/app/open/{program}")).await;
    browser.find("#stage").await;
    browser.script("sessionStorage.removeItem('tapped')").await;
    let (mut shapes, mut turns) = (BTreeSet::new(), 0);
    while shapes.len() < SCREENS_MAX && turns < 60 {
        turns += 1;
        let shape = browser
            .script("return [...document.querySelectorAll('dialog#sheet[open] h2, #stage [data-node]')].map(el => (el.dataset.node ?? el.textContent).replace(/\\d+/g, '')).filter((it, at, all) => all.indexOf(it) === at).join()")
            .await;
        if shapes.insert(shape.to_string()) {
            browser.examine(&format!("{program}, screen {}", shapes.len()), findings).await;
        }
        if browser.script(TAP_ON).await.is_null() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(400)).await;
    }
    shapes.len()
}

#[test]
fn every_screen_of_the_sample_programs_is_for_everybody() {
    let bank = Bank::start();
    let programs = bank.customer("smith").caller.get("/api/v1/programs").ok();
    let programs = programs["programs"].as_array().expect("programs").clone();
    assert!(programs.len() >= 4, "{programs:?}");
    browse_calmly(bank.base(), async |browser| {
        let mut findings = Findings::default();
        browser.sign_in("smith", "/app").await;
        let mut screens = 0;
        for program in programs.iter().filter_map(|program| program["id"].as_str()) {
            screens += play(&browser, program, &mut findings).await;
        }
        // What the canteen's own people see.
        browser.sign_in("canteen-zhou", "/app").await;
        screens += play(&browser, CANTEEN, &mut findings).await;
        assert!(screens > SCREENS_MAX, "programs were played, not only opened: {screens} screens");
        findings.are_none();
    });
}

/// What opens each kind of sheet at the desk.
fn sheets() -> Vec<(&'static str, Value)> {
    let until_ms = xitai_tests::campaign::now_ms() + 3_600_000;
    let reach = |what: Value| json!({"do": "reach", "what": what});
    vec![
        ("scan", json!({"do": "scan"})),
        ("position", reach(json!({"locate": "to find the nearest branch"}))),
        ("file", reach(json!({"attach": {"purpose": "to see the bill", "accept": ["picture", "pdf"]}}))),
        ("print", reach(json!({"print": {"title": "Slip", "lines": [["Dish", "Noodles"]], "code": "A17"}}))),
        ("share", reach(json!({"share": {"page": "pages/index", "query": [], "text": "Lunch is ready"}}))),
        ("start", reach(json!({"start": {"program": CANTEEN, "page": "pages/index", "query": []}}))),
        ("notices", reach(json!({"subscribe": ["ready"]}))),
        (
            "facts",
            json!({"do": "identity", "what": {"do": "ask-claims", "claims": ["legal-name"], "optional": ["phone"]}}),
        ),
        ("presence", json!({"do": "identity", "what": {"do": "prove"}})),
        (
            "mandate",
            json!({"do": "money", "what": {"propose": {"key": "water", "each": 1_000, "period": "year", "cap": 2_500, "until_ms": until_ms}}}),
        ),
    ]
}

#[test]
fn every_sheet_is_for_everybody() {
    let bank = Bank::with_desk();
    xitai_tests::notices::approve(&bank, "ready", true);
    let smith = bank.customer("smith").never_quiet();
    browse_calmly(bank.base(), async |browser| {
        let mut findings = Findings::default();
        browser.sign_in("smith", "/app").await;
        for (name, command) in sheets() {
            let id = tokio::task::block_in_place(|| {
                let mut desk = smith.desk();
                desk.script(json!([command]));
                assert!(desk.view.sheet().is_some(), "{name} opens a sheet: {:#}", desk.view.0);
                desk.id.clone()
            });
            browser.go(&format!("/app/sessions/{id}")).await;
            browser.find("dialog#sheet[open]").await;
            browser.examine(&format!("the sheet of {name}"), &mut findings).await;
        }
        let id = tokio::task::block_in_place(|| {
            let mut desk = smith.desk();
            desk.open_pay_sheet("lunch", 1_200);
            desk.id.clone()
        });
        browser.go(&format!("/app/sessions/{id}")).await;
        browser.find("dialog#sheet[open]").await;
        browser.examine("the sheet of a payment", &mut findings).await;
        findings.are_none();
    });
}

#[test]
fn a_program_is_stopped_with_the_keyboard_alone() {
    let bank = Bank::with_desk();
    browse(bank.base(), async |browser| {
        browser.sign_in("duty-sun", "/console").await;
        browser.page.set_window_size(1_280, 900).await.expect("a window has a size");
        browser.walk_to(".desk-nav a[href='/console/programs']").await;
        browser.key(Key::Enter).await;
        browser.find(&format!("a[href='/console/programs/{DESK}']")).await;
        browser.walk_to(&format!("a[href='/console/programs/{DESK}']")).await;
        browser.key(Key::Enter).await;
        browser.find("#reason").await;
        browser.walk_to("#reason").await;
        browser.find("#reason:focus").await.send_keys("it charges twice").await.expect("keys");
        browser.walk_to(".stop-box button.danger").await;
        browser.key(Key::Enter).await;
        browser.find(".stopped").await;
    });
    bank.customer("wang").caller.post("/api/v1/sessions", &json!({"program": DESK})).refused(503, "program.stopped");
}
