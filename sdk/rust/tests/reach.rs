//! Reaching the customer, their manager and their device, on the developer's own machine.

use serde::{Deserialize, Serialize};
use xitai::prelude::*;
use xitai::services::{attachments, locator, notices, printer, programs, relationship, sharing};
use xitai::testing::Bank;

#[derive(Default, Serialize, Deserialize)]
struct Clerk {
    note: String,
}

impl Program for Clerk {
    type State = Clerk;

    fn open(_ctx: &Context, _launch: &Launch) -> StepResult<Clerk> {
        Ok(Step::new(Clerk::default(), page("opened")))
    }

    fn update(_ctx: &Context, mut clerk: Clerk, event: Event) -> StepResult<Clerk> {
        let mut ticket = None;
        match &event {
            Event::Tapped(tap) => match tap.id.as_str() {
                "subscribe" => ticket = Some(notices::subscribe(&["ready", "bill"])?),
                "notify" => clerk.note = told(notices::notice("ready", "k").value("dish", "面").send()),
                "more" => clerk.note = told(notices::notice("ready", "k2").value("dish", "面").send()),
                "balance" => clerk.note = notices::balance("ready")?.to_string(),
                "note" => {
                    relationship::note("loans", "Please call.", "n")?;
                    let (messages, _) = relationship::thread("loans", None)?;
                    clerk.note = format!("{} {}", relationship::manager_name()?, messages[0].text);
                }
                "locate" => ticket = Some(locator::request("to find the nearest branch")?),
                "attach" => ticket = Some(attachments::request("to see the bill", &[attachments::PDF])?),
                "print" => ticket = Some(printer::document("Slip").line("Number", "A17").code("A17").request()?),
                "share" => ticket = Some(sharing::request("pages/index", &[("dish", "noodles")], "Lunch")?),
                "start" => ticket = Some(programs::start("cn.bank.suzhou.canteen", "pages/index", &[])?),
                _ => {}
            },
            Event::SheetClosed(closed) => {
                let text = closed.text.clone().unwrap_or_default();
                clerk.note = match (locator::read(&text), attachments::describe(&text)) {
                    (Some(whereabouts), _) => format!("{whereabouts:?}"),
                    (None, Ok(file)) => {
                        let bytes = attachments::read(&text, 0)?;
                        attachments::remove(&text)?;
                        format!("{} {} {}", file.name, file.size, String::from_utf8_lossy(&bytes))
                    }
                    _ => format!("{:?} {text} {}", closed.outcome, notices::allowed(&text, "ready")),
                };
            }
            _ => {}
        }
        let drawn = page(&clerk.note);
        Ok(Step::new(clerk, drawn).sheet(ticket))
    }
}

fn told(sent: Result<String, Refusal>) -> String {
    sent.unwrap_or_else(|refusal| refusal.code)
}

fn page(note: &str) -> xitai::ui::Screen {
    let ids = ["subscribe", "notify", "more", "balance", "note", "locate", "attach", "print", "share", "start"];
    screen("Clerk", (paragraph(note), ids.map(|id| button(id).id(id))))
}

#[test]
fn a_notice_needs_a_permission_and_uses_it_up() {
    let bank = Bank::new();
    let mut page = bank.customer("wang").open::<Clerk>("pages/index");
    page.tap("notify");
    assert!(page.drawing().contains("notice.not-consented"), "{}", page.drawing());
    page.tap("subscribe");
    page.confirm_sheet_with(&[("template-0", "once")]);
    assert!(page.drawing().contains("ready:once true"), "{}", page.drawing());
    page.tap("balance");
    assert!(page.drawing().contains('1'), "{}", page.drawing());
    page.tap("notify");
    assert!(page.drawing().contains("notice-"), "{}", page.drawing());
    let first = page.drawing();
    page.tap("notify");
    assert_eq!(page.drawing(), first, "the same key is the same notice");
    page.tap("more");
    assert!(page.drawing().contains("notice.not-consented"), "{}", page.drawing());
}

#[test]
fn the_manager_and_the_device_answer() {
    let bank = Bank::new();
    let mut page = bank.customer("wang").open::<Clerk>("pages/index");
    page.tap("note");
    assert!(page.drawing().contains("Please call."), "{}", page.drawing());
    page.tap("locate");
    page.confirm_sheet_with(&[("district", "姑苏区")]);
    assert!(page.drawing().contains("District(\"姑苏区\")"), "{}", page.drawing());
    page.tap("attach");
    page.confirm_sheet_with(&[("name", "bill.pdf"), ("text", "%PDF")]);
    assert!(page.drawing().contains("bill.pdf 4 %PDF"), "{}", page.drawing());
    for sheet in ["print", "share", "start"] {
        page.tap(sheet);
        page.confirm_sheet_with(&[]);
        assert!(page.drawing().contains("Agreed"), "{sheet}: {}", page.drawing());
    }
}
