//! What people wait for: the first paint of each page of the side bars, and what it takes over the wire, in Chromium.

use super::bank::{Host, Place};
use super::browser::Browser;
use super::figure::{Figure, quantile};
use super::{Bench, Told};
use crate::cli::client::Client;
use crate::cli::demo::PASSWORD;
use crate::http::extract::COOKIE;
use serde_json::json;
use std::process::{Command, Stdio};

const LOADS: usize = 5;
/// Whose pages are loaded, and where each begins.
const PEOPLE: [(&str, &str); 3] = [("wang", "/app"), ("manager-wu", "/console"), ("dev-lin", "/publisher")];
/// The program whose page stands for all programs'.
const PROGRAM: &str = "cn.bank.suzhou.canteen";

pub async fn measure(bench: &Bench) -> Result<Vec<Figure>, Told> {
    let place = Place::embedded(bench)?;
    let spinner = bench.spinner("A demo bank for the pages");
    seed(&place)?;
    spinner.finish_and_clear();
    let host = Host::start(&place).await?;
    let (data, base) = (bench.args.data.clone(), format!("http://{}", host.address));
    let spinner = bench.spinner("First paints");
    let measured = tokio::task::spawn_blocking(move || {
        let browser = Browser::start(&data)?;
        PEOPLE.iter().try_fold(Vec::new(), |mut figures, (login, home)| {
            figures.extend(of_person(&browser, &base, login, home)?);
            Ok(figures)
        })
    });
    let figures = measured.await.map_err(|e| e.to_string())?;
    spinner.finish_and_clear();
    figures
}

/// The demo's bank, as anybody makes it: the pages have to show something.
fn seed(place: &Place) -> Result<(), Told> {
    let me = std::env::current_exe().map_err(|e| e.to_string())?;
    let mut command = Command::new(me);
    command.args(["demo", "--seed-only", "--database", place.database()]);
    command.env("XITAI_DATA", place.path()).env("XITAI_LISTEN", "127.0.0.1:0").stdin(Stdio::null());
    let ran = command.output().map_err(|e| e.to_string())?;
    if ran.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&ran.stderr).into_owned()) }
}

/// One person's pages: home, and whatever the side bar leads to.
fn of_person(browser: &Browser, base: &str, login: &str, home: &str) -> Result<Vec<Figure>, Told> {
    let made = Client::new(base, None).post("/tokens", &json!({"login": login, "password": PASSWORD}));
    let made = made.map_err(|fault| fault.what)?;
    browser.go(&format!("{base}/app/sign-in"))?;
    browser.set_cookie(COOKIE, made["token"].as_str().ok_or("a sign-in has a token")?)?;
    browser.go(&format!("{base}{home}"))?;
    let links = browser.script("return [...document.querySelectorAll('nav a[href^=\"/\"]')].map(a => a.pathname)")?;
    let links = links.as_array().into_iter().flatten().filter_map(|link| link.as_str().map(str::to_owned));
    let mut paths = vec![home.to_owned()];
    links.for_each(|link| {
        if !paths.contains(&link) {
            paths.push(link)
        }
    });
    let mut figures = Vec::new();
    for path in &paths {
        figures.extend(of_page(browser, &format!("{base}{path}"), path)?);
    }
    if home == "/app" {
        browser.go(&format!("{base}/app/open/{PROGRAM}"))?;
        let session = browser.until("return document.querySelector('#stage') && location.pathname")?;
        let session = session.as_str().ok_or("a session has an address")?;
        let program = format!("{base}{session}");
        figures.extend(of_page(browser, &program, "/app/sessions/{id}")?);
        browser.slow_phone()?;
        figures.push(slow(browser, &format!("{base}{home}"), home)?);
        figures.push(slow(browser, &program, "/app/sessions/{id}")?);
        browser.as_it_is()?;
    }
    Ok(figures)
}

fn slow(browser: &Browser, url: &str, name: &str) -> Result<Figure, Told> {
    let [paint, _] = of_page(browser, url, name)?;
    Ok(Figure::new(format!("slow_page_paint_ms {name}"), paint.value, paint.unit))
}

/// The middle one of some loads; every load brings the same bytes, so that any says how many.
fn of_page(browser: &Browser, url: &str, name: &str) -> Result<[Figure; 2], Told> {
    let loads = (0..LOADS).map(|_| browser.load(url)).collect::<Result<Vec<_>, _>>()?;
    let mut paints: Vec<f64> = loads.iter().map(|load| load.first_paint_ms).collect();
    paints.sort_by(f64::total_cmp);
    let bytes = loads.iter().map(|load| load.bytes).fold(0.0, f64::max);
    Ok([
        Figure::new(format!("page_paint_ms {name}"), quantile(&paints, 0.5), "ms"),
        Figure::new(format!("page_bytes {name}"), bytes, "bytes"),
    ])
}
