//! How soon a package is live where nobody waits: each Rust sample, and one with an engine in it, goes the whole way over
//! HTTP at a bank that has none of them, signed, uploaded, inspected, its scenes played, approved, opened, enabled, and
//! opened by a customer.

use super::bank::{Host, Place, Seeding};
use super::figure::Figure;
use super::till::Till;
use super::{Bench, Told};
use crate::cli::client::Client;
use crate::cli::demo::{self, PASSWORD, programs::People};
use crate::clock::Clock;
use serde_json::json;

const SAMPLES: [&str; 5] = ["branch-queue", "canteen", "coupon-wallet", "hospital-registration", "branch-queue-js"];
const CUSTOMER: &str = "wang";

pub async fn measure(bench: &Bench) -> Result<Vec<Figure>, Told> {
    let place = Place::embedded(bench)?;
    let seeding = Seeding::open(&place).await?;
    demo::seed(&seeding.app).await.map_err(|problem| problem.to_string())?;
    seeding.close().await;
    let host = Host::start(&place).await?;
    let base = format!("http://{}", host.address);
    let key = place.path().join("publisher.key");
    let bar = bench.bar("Packages", SAMPLES.len() as u64);
    let measured = tokio::task::spawn_blocking(move || {
        let people = People::sign_in(&base, &key).map_err(|fault| fault.what)?;
        let customer = signed_in(&base)?;
        let mut figures = Vec::with_capacity(SAMPLES.len());
        for name in SAMPLES {
            let sample = match Till::built(&format!("mini-programs/{name}")) {
                Ok(sample) => sample,
                Err(told) => {
                    eprintln!("xitai: without {name}: {told}");
                    continue;
                }
            };
            let took_ms = publish_once(&people, &customer, &sample)?;
            figures.push(Figure::new(format!("publish_to_live_ms {name}"), took_ms, "ms"));
            bar.inc(1);
        }
        bar.finish_and_clear();
        Ok(figures)
    });
    measured.await.map_err(|e| e.to_string())?
}

/// From the package to its first screen. Those who approve do so at once.
fn publish_once(people: &People, customer: &Client, sample: &Till) -> Result<f64, Told> {
    let began = Clock::Machine.monotonic();
    let signed = people.sign(&sample.package)?;
    let published = people.upload(&sample.manifest, signed)?;
    people.bring_out(&sample.manifest, &published)?;
    let open = json!({"program": sample.manifest.app_id, "channel": "phone"});
    let view = customer.post("/sessions", &open).map_err(|fault| format!("{} {}", fault.code, fault.what))?;
    let took_ms = began.elapsed().as_secs_f64() * 1e3;
    if view["program"]["version"] != sample.manifest.version.name.to_string() {
        return Err(format!("it is not the release that opens: {}", view["program"]));
    }
    Ok(took_ms)
}

fn signed_in(base: &str) -> Result<Client, Told> {
    let made = Client::new(base, None).post("/tokens", &json!({"login": CUSTOMER, "password": PASSWORD}));
    let made = made.map_err(|fault| fault.what)?;
    Ok(Client::new(base, made["token"].as_str().map(str::to_owned)))
}
