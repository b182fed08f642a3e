//! Native apps: the reference client of the repository against a real host, and the screen in the forms that it is
//! asked for.

use std::path::Path;
use std::process::Command;
use xitai_tests::actor::CANTEEN;
use xitai_tests::bank::PASSWORD;
use xitai_tests::canteen::manager;
use xitai_tests::process::repository;
use xitai_tests::{Bank, Caller, Session};

fn run(folder: &Path, command: &str, args: &[&str], more: &[(&str, &str)]) {
    let ran = Command::new(command).args(args).current_dir(folder).envs(more.iter().copied()).output();
    let ran = ran.unwrap_or_else(|e| panic!("{command}: {e}"));
    let told = [ran.stdout, ran.stderr].concat();
    assert!(ran.status.success(), "{command} {args:?}:\n{}", String::from_utf8_lossy(&told));
}

#[test]
fn the_reference_client_opens_draws_pays_and_hands_over() {
    let bank = Bank::start();
    manager(&bank);
    let folder = repository().join("sdk/native-client");
    if !folder.join("node_modules/typescript").is_dir() {
        run(&folder, "npm", &["ci", "--no-audit", "--no-fund"], &[]);
    }
    run(&folder, "node_modules/.bin/tsc", &[], &[]);
    let smith = bank.customer("smith");
    let sign_in = serde_json::json!({"login": "smith", "password": PASSWORD}).to_string();
    let with = [
        ("XITAI_BANK", bank.base()),
        ("XITAI_TOKEN", smith.caller.token.as_deref().expect("a token")),
        ("XITAI_PROGRAM", CANTEEN),
        ("XITAI_SIGN_IN", sign_in.as_str()),
    ];
    run(&folder, "node", &["--test", "test/"], &with);
    assert_eq!(smith.payments()[0]["status"], "settled", "what the client paid");
    bank.verified();
}

#[test]
fn the_embed_package_signs_what_the_host_believes() {
    let bank = Bank::start();
    run(&repository().join("sdk/embed"), "node", &["--test", "test/"], &[]);
    let secret = xitai_tests::embeds::registered(&bank, "tea-house", &["https://tea.example"], &[CANTEEN]);
    let script = "const { sign } = await import(process.argv[1]);
        console.log(sign(process.env.SECRET, { embed: 'tea-house', origin: 'https://tea.example', program: process.env.PROGRAM }));";
    let signer = repository().join("sdk/embed/sign.js");
    let mut node = Command::new("node");
    node.args(["--input-type=module", "-e", script]).arg(signer).env("SECRET", secret).env("PROGRAM", CANTEEN);
    let signed = String::from_utf8(node.output().expect("node runs").stdout).expect("text");
    assert_eq!(xitai_tests::embeds::enter(&bank.visitor(), "tea-house", signed.trim()).status, 201, "{signed}");
}

fn accepting(caller: &Caller, path: &str, accept: &str) -> xitai_tests::Answer {
    caller.send_with("GET", path, "", Vec::new(), &[("accept", accept)])
}

#[test]
fn a_session_comes_in_the_form_that_is_asked_for() {
    let bank = Bank::start();
    manager(&bank);
    let smith = bank.customer("smith");
    let session = Session::open(&smith.caller, CANTEEN, serde_json::json!({"locale": "en"}));
    let path = format!("/api/v1/sessions/{}", session.id);
    let plain = smith.caller.get(&path);
    assert_eq!(plain.header("content-type"), Some("application/json"));
    for asked in [
        accepting(&smith.caller, &path, "application/a2ui+json"),
        smith.caller.get(&format!("{path}?format=a2ui")),
        smith.caller.get(&format!("{path}?after=0&format=a2ui")),
    ] {
        assert_eq!(asked.header("content-type"), Some("application/a2ui+json"), "{}", asked.text());
        assert_eq!(asked.header("x-xitai-sheet"), Some("none"));
        assert_eq!(asked.header("x-xitai-position").map(str::to_owned), Some(session.view.position().to_string()));
        let messages = asked.json();
        assert_eq!(messages[0]["createSurface"]["surfaceId"], session.id.as_str());
        assert!(
            messages[2]["updateComponents"]["components"].as_array().is_some_and(|all| all.len() > 5),
            "{messages}"
        );
    }
    smith.caller.get(&format!("{path}?format=xml")).refused(400, "request.malformed");
    let schema = bank.visitor().get("/schemas/session-1.json");
    assert_eq!((schema.status, schema.header("content-type")), (200, Some("application/schema+json")));
    assert_eq!(bank.visitor().get("/schemas/none.json").status, 404);
    // What a session has, the schema has; the unit tests hold it against every element.
    let known = schema.json()["properties"].clone();
    for (name, _) in plain.json().as_object().expect("a session") {
        assert!(!known[name].is_null(), "{name} is in the schema");
    }
}
