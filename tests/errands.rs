//! Sheets that ask the device or the app for something: position, file, print, share, another program.

use serde_json::{Value, json};
use xitai_tests::actor::CANTEEN;
use xitai_tests::desk::{DESK, heard, said};
use xitai_tests::{Answer, Bank, Session};

fn reach(what: Value) -> Value {
    json!([{"do": "reach", "what": what}])
}

/// Asks, and gives the open sheet.
#[track_caller]
fn asking(desk: &mut Session, what: Value) -> Value {
    desk.script(reach(what));
    desk.view.sheet().unwrap_or_else(|| panic!("a sheet: {:?}", said(&desk.view))).clone()
}

fn part<'a>(sheet: &'a Value, kind: &str) -> &'a Value {
    let parts = sheet["parts"].as_array().expect("parts");
    parts.iter().find(|part| part["part"] == kind).unwrap_or_else(|| panic!("{kind} in {sheet}"))
}

#[test]
fn a_customer_says_where_they_are_roughly_and_this_once() {
    let bank = Bank::with_desk();
    let mut desk = bank.customer("wang").desk();
    for (answers, code) in [
        (&[][..], "sheet.answer-missing"),
        (&[("position", "91,0")], "sheet.answer-invalid"),
        (&[("position", "nowhere")], "sheet.answer-invalid"),
        (&[("district", "Atlantis")], "sheet.answer-invalid"),
    ] {
        asking(&mut desk, json!({"locate": "to find the nearest branch"}));
        desk.try_answer(answers).refused(422, code);
        desk.decline();
    }
    let sheet = asking(&mut desk, json!({"locate": "to find the nearest branch"}));
    assert!(sheet.to_string().contains("to find the nearest branch"), "{sheet}");
    desk.answer(&[("position", "31.298341,120.583199")]);
    desk.until("the program hears where", |v| heard(v).contains(&"sheet:agreed:position 31.298,120.583".to_owned()));
    assert_eq!(desk.script(reach(json!({"locate": ""}))), ["refused:errand.invalid"]);
    bank.verified();
}

#[test]
fn what_is_shared_is_the_programs_own_page_and_says_nobody() {
    let bank = Bank::with_desk();
    let wang = bank.customer("wang");
    let mut desk = wang.desk();
    let subject = desk.script(json!([{"do": "who"}]))[0].trim_start_matches("who:").to_owned();
    let share = |page: &str, value: &str, text: &str| json!({"share": {"page": page, "query": [["dish", value]], "text": text}});
    for (what, code) in [
        (share("pages/none", "x", "Lunch"), "program.page-not-found"),
        (share("pages/index", &subject, "Lunch"), "errand.personal"),
        (share("pages/index", "13812345678", "Lunch"), "errand.personal"),
        (share("pages/index", "x", "Write to wang@bank.example"), "errand.personal"),
        (share("pages/index", &"x".repeat(65), "Lunch"), "errand.invalid"),
        (json!({"share": {"page": "pages/index", "query": [["from", "x"]], "text": "Lunch"}}), "errand.invalid"),
    ] {
        assert_eq!(desk.script(reach(what.clone())), [format!("refused:{code}")], "{what}");
    }
    let sheet = asking(&mut desk, share("pages/index", "牛肉面", "Lunch is ready"));
    let href = part(&sheet, "link")["href"].as_str().expect("a link").to_owned();
    let path = format!("/miniapp/{DESK}/pages/index?dish=%E7%89%9B%E8%82%89%E9%9D%A2");
    assert!(href.ends_with(&path), "{href}");
    desk.answer(&[]);
    desk.until("the program hears", |v| heard(v).contains(&"sheet:agreed".to_owned()));
    // Whoever follows it opens that page with that query.
    let led = bank.customer("smith").caller.get(&path);
    let location = led.header("location").unwrap_or_default().to_owned();
    assert_eq!((led.status, location.contains("page=pages/index")), (303, true), "{location}");
}

#[test]
fn another_program_opens_only_where_the_customer_may_open_it() {
    let bank = Bank::with_desk();
    let mut desk = bank.customer("wang").desk();
    let listed = desk.script(reach(json!("programs"))).remove(0);
    assert!(listed.contains(CANTEEN) && !listed.contains(DESK), "others, and not itself: {listed}");
    let start = |program: &str, page: &str, value: &str| json!({"start": {"program": program, "page": page, "query": [["dish", value]]}});
    for (what, code) in [
        (start("org.nobody.knows", "pages/index", "1"), "program.not-found"),
        (start(DESK, "pages/index", "1"), "program.not-found"),
        (start(CANTEEN, "pages/none", "1"), "program.page-not-found"),
        (start(CANTEEN, "pages/index", "13812345678"), "errand.personal"),
    ] {
        assert_eq!(desk.script(reach(what.clone())), [format!("refused:{code}")], "{what}");
    }
    let sheet = asking(&mut desk, start(CANTEEN, "pages/index", "牛肉面"));
    assert!(sheet.to_string().contains("食堂") || sheet.to_string().contains("anteen"), "it says which: {sheet}");
    let then = sheet["then"].as_str().expect("where it leads").to_owned();
    let way = format!("/app/open/{CANTEEN}?page=pages/index&from={}&dish=%E7%89%9B", desk.id);
    assert!(then.starts_with(&way), "{then}");
    desk.answer(&[]);
    desk.until("the program hears", |v| heard(v).contains(&"sheet:agreed".to_owned()));
    // What is stopped is not there to be opened.
    bank.sign_in("duty-sun").put(&format!("/api/v1/programs/{CANTEEN}/kill"), &json!({"reason": "test"}));
    assert!(!desk.script(reach(json!("programs")))[0].contains(CANTEEN));
    assert_eq!(desk.script(reach(start(CANTEEN, "pages/index", "1"))), ["refused:program.not-found"]);
}

#[test]
fn what_is_printed_is_the_customers_own() {
    let mut bank = Bank::with_desk();
    let wang = bank.customer("wang");
    let mut desk = wang.desk();
    let print = json!({"print": {"title": "Pick-up slip", "lines": [["Dish", "Noodles"], ["For", "secret-name-on-the-slip"]], "code": "A17"}});
    let sheet = asking(&mut desk, print.clone());
    let then = sheet["then"].as_str().expect("where it leads").to_owned();
    let page = |login: &str| bank.customer(login).caller.get(&then);
    assert_eq!(page("wang").status, 404, "not before it was agreed to");
    desk.answer(&[]);
    let shown = page("wang");
    assert!(
        shown.status == 200 && shown.text().contains("Noodles") && shown.text().contains("data-print"),
        "{}",
        shown.status
    );
    assert_eq!(page("smith").status, 404);
    let mut long = print;
    long["print"]["lines"] = json!(vec![["a", "b"]; 61]);
    assert_eq!(desk.script(reach(long)), ["refused:errand.invalid"]);
    found_nowhere(&mut bank, "secret-name-on-the-slip");
}

/// Ends the host, and looks for what must be sealed.
#[track_caller]
fn found_nowhere(bank: &mut Bank, words: &str) {
    bank.verified();
    bank.host().process.terminate();
    for entry in std::fs::read_dir(bank.data()).expect("the data folder").flatten() {
        let bytes = std::fs::read(entry.path()).unwrap_or_default();
        let found = bytes.windows(words.len()).any(|window| window == words.as_bytes());
        assert!(!found, "{} has it", entry.path().display());
    }
}

fn upload(session: &Session, name: &str, bytes: &[u8]) -> Answer {
    let (ticket, _) = session.view.open_sheet();
    let path = format!("/api/v1/sessions/{}/sheets/{ticket}/file?name={name}", session.id);
    session.caller.send("PUT", &path, "application/octet-stream", bytes.to_vec())
}

#[test]
fn a_file_is_what_it_is_sealed_and_one_programs() {
    let mut bank = Bank::with_desk();
    let smith = bank.customer("smith");
    let mut desk = smith.desk();
    let attach = |accept: Value| json!({"attach": {"purpose": "to see the bill", "accept": accept}});
    assert_eq!(desk.script(reach(attach(json!(["exe"])))), ["refused:errand.invalid"]);
    asking(&mut desk, attach(json!(["picture"])));
    for bytes in [&b"<svg onload=alert(1)></svg>"[..], b"%PDF-1.7 a pdf", b"MZ"] {
        upload(&desk, "a.png", bytes).refused(415, "attachment.kind");
    }
    assert!(upload(&desk, "a.png", b"\x89PNG\r\n\x1a\nbroken").status >= 400, "a picture that is none");
    desk.try_answer(&[]).refused(422, "sheet.answer-missing");
    desk.try_answer(&[("file", "01ARZ3NDEKTSV4RRFFQ69G5FAV")]).refused(422, "sheet.answer-invalid");
    let picture = crate::content_media::picture();
    let file = upload(&desk, "..%2Fbill.png", &picture).ok();
    assert_eq!((file["name"].as_str(), file["media_type"].as_str().is_some()), (Some("bill.png"), true), "{file}");
    let handle = file["handle"].as_str().expect("a handle").to_owned();
    // Until it is given, the program has nothing; and a stranger can't give it.
    assert_eq!(smith.desk().script(reach(json!({"file": handle}))), ["refused:attachment.not-found"]);
    let mut other = bank.customer("wang").desk();
    asking(&mut other, attach(json!(["picture"])));
    other.try_answer(&[("file", &handle)]).refused(422, "sheet.answer-invalid");
    desk.answer(&[("file", &handle)]);
    desk.until("the program hears", |v| heard(v).contains(&format!("sheet:agreed:{handle}")));
    let told = desk.script(reach(json!({"file": handle}))).remove(0);
    let (size, begins) =
        (file["size"].as_u64().expect("a size"), told.rsplit(':').next().unwrap_or_default().to_owned());
    assert!(
        told.starts_with(&format!("file:bill.png:{}:{size}:{size}:", file["media_type"].as_str().unwrap_or_default())),
        "{told}"
    );
    assert_ne!(begins, "3c737667", "it is a picture");
    other.decline();
    assert_eq!(other.script(reach(json!({"file": handle}))), ["refused:attachment.not-found"], "another customer");

    // A PDF as it is, with words that nobody finds on the disk; removed once, gone for ever.
    asking(&mut desk, attach(json!(["picture", "pdf"])));
    let words = "the-words-of-the-bill";
    let pdf = format!("%PDF-1.7\n{words}\n");
    let handle = upload(&desk, "bill.pdf", pdf.as_bytes()).ok()["handle"].as_str().expect("a handle").to_owned();
    let long = [b"%PDF-1.7".as_slice(), &vec![b'x'; xitai_model::limits::ATTACHMENT_BYTES_MAX]].concat();
    upload(&desk, "long.pdf", &long).refused(413, "attachment.too-large");
    desk.answer(&[("file", &handle)]);
    let told = desk.script(reach(json!({"file": handle}))).remove(0);
    assert_eq!(told, format!("file:bill.pdf:application/pdf:{0}:{0}:25504446", pdf.len()));
    assert_eq!(desk.script(reach(json!({"unfile": handle}))), ["removed"]);
    assert_eq!(desk.script(reach(json!({"file": handle}))), ["refused:attachment.not-found"]);
    found_nowhere(&mut bank, words);
}
