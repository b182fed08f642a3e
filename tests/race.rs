//! Sixty-four at once: each with a session of its own, let go together.

use serde_json::{Value, json};
use std::sync::Barrier;
use std::time::{Duration, Instant};
use xitai_tests::desk::said;
use xitai_tests::{Bank, Customer, Database, Session};

pub const RACERS: usize = 64;

/// A bank that lets one customer come so often.
pub fn bank(database: Database) -> Bank {
    Bank::desk_with(database, &["--requests-per-s".to_owned(), "100000".to_owned()])
}

/// One who waits at the line, with what they will do.
pub struct Racer {
    session: Session,
    script: Value,
}

impl Racer {
    pub fn script(customer: &Customer, script: Value) -> Self {
        Self { session: customer.desk(), script }
    }

    /// Does it, however often the host says that it is busy; what was said last.
    fn run(mut self) -> String {
        let deadline = Instant::now() + Duration::from_secs(120);
        loop {
            let answer = self.session.try_script(self.script.clone());
            if answer.status < 300 {
                return said(&self.session.view).last().cloned().unwrap_or_default();
            }
            assert!(answer.status == 503 || answer.status == 429, "{} {}", answer.status, answer.text());
            assert!(Instant::now() < deadline, "an answer at last: {}", answer.text());
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Lets all go at once; what each was told.
pub fn run(make: impl Fn(usize) -> Racer) -> Vec<String> {
    let racers: Vec<Racer> = (0..RACERS).map(make).collect();
    let line = Barrier::new(RACERS);
    std::thread::scope(|scope| {
        let start = |racer: Racer| {
            let line = &line;
            scope.spawn(move || {
                line.wait();
                racer.run()
            })
        };
        let running: Vec<_> = racers.into_iter().map(start).collect();
        running.into_iter().map(|racer| racer.join().expect("a racer")).collect()
    })
}

#[test]
fn a_race_is_run_by_all() {
    let bank = bank(Database::Sqlite);
    let customer = bank.customer("wang");
    let told = run(|number| Racer::script(&customer, json!([{"do": "next", "name": format!("lane-{}", number % 2)}])));
    let mut numbers: Vec<&String> = told.iter().collect();
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), RACERS, "{told:?}");
}
