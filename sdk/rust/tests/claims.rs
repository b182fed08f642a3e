//! Facts about the customer, against the bank in memory: asked for on a sheet, given one by one, taken back.

use serde::{Deserialize, Serialize};
use xitai::identity::claims::{self, ConsentRequest};
use xitai::prelude::*;
use xitai::testing::Bank;

#[derive(Default, Serialize, Deserialize)]
struct Desk {
    consent: String,
    said: String,
}

impl Program for Desk {
    type State = Desk;

    fn open(_ctx: &Context, _launch: &Launch) -> StepResult<Desk> {
        Ok(Step::new(Desk::default(), page("hello")))
    }

    fn update(_ctx: &Context, mut desk: Desk, event: Event) -> StepResult<Desk> {
        let mut ticket = None;
        match &event {
            Event::Tapped(tap) if tap.id == "ask" => {
                let ask = ConsentRequest::new("To call you", 30).needs(claims::LEGAL_NAME).likes(claims::PHONE);
                match claims::request(&ask) {
                    Ok(asked) => ticket = Some(asked),
                    Err(refusal) => desk.said = refusal.code,
                }
            }
            Event::Tapped(tap) if tap.id == "read" => {
                desk.said = match claims::read(&desk.consent) {
                    Ok(values) => format!("{values:?} of {}", claims::granted()?.len()),
                    Err(refusal) => refusal.code,
                };
            }
            Event::SheetClosed(closed) => desk.consent = closed.text.clone().unwrap_or_default(),
            _ => {}
        }
        let drawn = page(&desk.said);
        Ok(Step::new(desk, drawn).sheet(ticket))
    }
}

fn page(said: &str) -> xitai::ui::Screen {
    screen("Desk", (paragraph(said), button("Ask").id("ask"), button("Read").id("read")))
}

#[test]
fn what_was_granted_is_read_until_it_is_taken_back() {
    let bank = Bank::new();
    let mut wang = bank.customer("wang").open::<Desk>("pages/index");
    wang.tap("ask");
    assert!(wang.drawing().contains("claims.missing"), "{}", wang.drawing());
    bank.knows("wang", claims::LEGAL_NAME, "王小明");
    bank.knows("wang", claims::PHONE, "13900000001");
    wang.tap("ask");
    wang.confirm_sheet_with(&[(claims::LEGAL_NAME, "yes")]);
    wang.tap("read");
    let drawing = wang.drawing();
    assert!(drawing.contains("王小明") && drawing.contains("of 1") && !drawing.contains("139"), "{drawing}");
    bank.withdraw_consents("wang");
    wang.tap("read");
    assert!(wang.drawing().contains("consent.over"), "{}", wang.drawing());
}

#[test]
fn a_consent_ends_by_itself_and_is_nobody_elses() {
    let bank = Bank::new();
    bank.knows("wang", claims::LEGAL_NAME, "王小明");
    let mut wang = bank.customer("wang").open::<Desk>("pages/index");
    wang.tap("ask");
    wang.decline_sheet();
    wang.tap("read");
    assert!(wang.drawing().contains("consent.not-found"), "{}", wang.drawing());
    wang.tap("ask");
    wang.confirm_sheet_with(&[(claims::LEGAL_NAME, "yes")]);
    bank.advance_ms(30 * 24 * 3_600_000);
    wang.tap("read");
    assert!(wang.drawing().contains("consent.over"), "{}", wang.drawing());
}
