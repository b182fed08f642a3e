//! Calls to partners and secure fields: a test plays the partner and the customer at the host's own input.

use serde::{Deserialize, Serialize};
use serde_json::json;
use xitai::prelude::*;
use xitai::services::{partner, secure_fields};
use xitai::testing::Bank;

#[derive(Default, Serialize, Deserialize)]
struct Clinic {
    ticket: String,
    note: String,
}

impl Program for Clinic {
    type State = Clinic;

    fn open(_ctx: &Context, _launch: &Launch) -> StepResult<Clinic> {
        let ticket = secure_fields::prepare(secure_fields::IDENTITY_NUMBER, "to register you")?;
        Ok(Step::new(Clinic { ticket: ticket.clone(), note: String::new() }, page("", &ticket)))
    }

    fn update(_ctx: &Context, mut clinic: Clinic, event: Event) -> StepResult<Clinic> {
        match &event {
            Event::Submitted(_) => {
                let booking = partner::post("hospital", "/slots", "visit", &json!({"day": "2026-12-01"}));
                clinic.note = match booking.sealed("identity", &clinic.ticket).send() {
                    Ok(call) => format!("asked {call}"),
                    Err(refusal) => refusal.code,
                };
            }
            Event::Replied(reply) => {
                clinic.note = match &reply.answer {
                    Ok(response) => format!("{} {}", response.status, String::from_utf8_lossy(&response.body)),
                    Err(code) => code.clone(),
                };
            }
            _ => {}
        }
        let drawn = page(&clinic.note, &clinic.ticket);
        Ok(Step::new(clinic, drawn))
    }
}

fn page(note: &str, ticket: &str) -> xitai::ui::Screen {
    let field = secure_field("Identity number", ticket).id("identity");
    screen("Clinic", (paragraph(note), form((field, button("Book").id("book"))).id("visit")))
}

#[test]
fn a_sealed_value_reaches_the_partner_once_and_the_program_hears_the_answer() {
    let bank = Bank::new();
    let mut page = bank.customer("wang").open::<Clinic>("pages/index");
    page.submit("visit", "book", &[]);
    page.shows(&["secure-field.empty"]);
    page.fill_secure("identity", "11010519491231002X");
    page.submit("visit", "book", &[]);
    let calls = page.calls();
    assert_eq!(calls.len(), 1);
    assert_eq!((calls[0].method.as_str(), calls[0].path.as_str()), ("POST", "/slots"));
    assert_eq!(calls[0].sealed, [("identity".to_owned(), "11010519491231002X".to_owned())]);
    assert!(!String::from_utf8_lossy(&page.state()).contains("1101"), "the program never has it");
    page.reply(201, "confirmed");
    page.shows(&["201 confirmed"]);
    assert!(page.calls().is_empty());
}

#[test]
fn a_call_that_came_to_nothing_says_so() {
    let bank = Bank::new();
    let mut page = bank.customer("wang").open::<Clinic>("pages/index");
    page.fill_secure("identity", "11010519491231002X");
    page.submit("visit", "book", &[]);
    page.reply_failed("partner.outcome-unknown");
    page.shows(&["partner.outcome-unknown"]);
}
