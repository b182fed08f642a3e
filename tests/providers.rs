//! Signing in at a provider: OpenID Connect and OAuth2 of two kinds against a reference server that behaves, breaks and
//! lies; who somebody is afterwards, and at which level.

use serde_json::{Value, json};
use std::collections::HashMap;
use ureq::http::Request;
use xitai_tests::actor::CANTEEN;
use xitai_tests::authenticator::Authenticator;
use xitai_tests::bank::{Host, Seed};
use xitai_tests::provider::{Fault, ReferenceProvider, pairs};
use xitai_tests::{Bank, Caller};

/// A browser without a window: it keeps cookies and follows one step at a time.
pub struct Browser {
    agent: ureq::Agent,
    cookies: HashMap<String, String>,
    origin: String,
}

struct Page {
    status: u16,
    to: String,
    text: String,
}

impl Browser {
    fn new(bank: &Bank) -> Self {
        Self::at(&bank.hosts[0])
    }
    pub fn at(host: &Host) -> Self {
        let config = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).proxy(None).build();
        Self { agent: config.into(), cookies: HashMap::new(), origin: host.origin() }
    }
    fn get(&mut self, url: &str) -> Page {
        let url = if url.starts_with('/') { format!("{}{url}", self.origin) } else { url.to_owned() };
        let ours = url.starts_with(&self.origin);
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = Request::builder().uri(&url).header("accept-language", "en");
        if ours && !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        let mut answer = self.agent.run(request.body(()).expect("a request")).expect("an answer");
        if ours {
            for cookie in answer.headers().get_all("set-cookie") {
                let pair = cookie.to_str().expect("text").split(';').next().unwrap_or_default().to_owned();
                let (name, value) = pair.split_once('=').expect("a cookie");
                if value.is_empty() {
                    self.cookies.remove(name)
                } else {
                    self.cookies.insert(name.to_owned(), value.to_owned())
                };
            }
        }
        let to = answer.headers().get("location").and_then(|to| to.to_str().ok()).unwrap_or_default().to_owned();
        let status = answer.status().as_u16();
        Page { status, to, text: answer.body_mut().read_to_string().unwrap_or_default() }
    }
    /// Up to where the provider sends the browser back to.
    fn until_back(&mut self, provider: &str) -> String {
        let begun = self.get(&format!("/app/sign-in/{provider}"));
        assert_eq!(begun.status, 303, "{}", begun.text);
        let agreed = self.get(&begun.to);
        assert_eq!(agreed.status, 302, "{}", agreed.text);
        agreed.to
    }
    fn sign_in(&mut self, provider: &str) -> Page {
        let back = self.until_back(provider);
        self.get(&back)
    }
    #[track_caller]
    fn signed_in(&mut self, bank: &Bank, provider: &str) -> Caller {
        self.signed_in_at(&bank.hosts[0], provider)
    }
    #[track_caller]
    pub fn signed_in_at(&mut self, host: &Host, provider: &str) -> Caller {
        let page = self.sign_in(provider);
        assert_eq!(page.status, 200, "{}", page.text);
        Caller::new(&host.base).with_token(self.cookies.get("xitai_token").expect("a sign-in's cookie"))
    }
}

fn me(caller: &Caller) -> Value {
    caller.get("/api/v1/me").ok()
}

#[test]
fn who_comes_for_the_first_time_is_registered_and_the_same_person_the_next_time() {
    let provider = ReferenceProvider::start(json!({"sub": "p-1", "name": "Li Lei"}));
    let bank = Bank::with_sign_in(Seed::Demo, &provider.oidc("club", ""));
    let page = Browser::new(&bank).get("/app/sign-in?lang=en");
    assert!(page.text.contains("Reference club"), "the page has a button for it");
    assert_eq!(bank.visitor().get("/api/v1/providers").ok()["providers"][0]["page"], "/app/sign-in/club");
    let first = me(&Browser::new(&bank).signed_in(&bank, "club"));
    assert_eq!((&first["level"], &first["name"]), (&json!("registered"), &json!("Li Lei")));
    let again = me(&Browser::new(&bank).signed_in(&bank, "club"));
    assert_eq!(again["id"], first["id"]);
    provider.is(json!({"sub": "p-2", "name": "Han Meimei"}));
    assert_ne!(me(&Browser::new(&bank).signed_in(&bank, "club"))["id"], first["id"]);
    bank.verified();
}

#[test]
fn a_visitor_goes_up_on_the_same_record() {
    let provider = ReferenceProvider::start(json!({"sub": "p-1"}));
    let bank = Bank::with_sign_in(Seed::Demo, &provider.oidc("club", ""));
    let made = bank.visitor().post("/api/v1/tokens", &json!({})).ok();
    let mut browser = Browser::new(&bank);
    let as_visitor = made["token"].as_str().expect("a token").to_owned();
    browser.cookies.insert("xitai_token".to_owned(), as_visitor.clone());
    let now = me(&browser.signed_in(&bank, "club"));
    assert_eq!((&now["id"], &now["level"]), (&made["who"]["id"], &json!("registered")));
    // Whoever else holds the visitor's sign-in does not go up along with the record.
    assert_eq!(bank.visitor().with_token(&as_visitor).get("/api/v1/me").status, 401);
    // The next visitor is taken over by whom the subject is bound to.
    let made = bank.visitor().post("/api/v1/tokens", &json!({})).ok();
    let mut browser = Browser::new(&bank);
    let guest = made["token"].as_str().expect("a token").to_owned();
    browser.cookies.insert("xitai_token".to_owned(), guest.clone());
    assert_eq!(me(&browser.signed_in(&bank, "club"))["id"], now["id"]);
    assert_eq!(bank.visitor().with_token(&guest).get("/api/v1/me").status, 401);
    bank.verified();
}

#[test]
fn only_a_provider_that_the_bank_trusts_with_it_names_accounts_and_checks_identities() {
    let claims = json!({"sub": "b-1", "bank_customer": "wang", "checked": true, "amr": ["pwd", "otp"]});
    let (club, own) = (ReferenceProvider::start(claims.clone()), ReferenceProvider::start(claims));
    let trusted = "customer_claim = \"bank_customer\"\nverified_claim = \"checked\"\nsecond_factor = [\"otp\"]\n";
    let file = format!(
        "{}{}{}",
        club.oidc("club", ""),
        own.oidc("own", trusted),
        club.oidc("half", "verified_claim = \"checked\"\n")
    );
    let bank = Bank::with_sign_in(Seed::Demo, &file);
    let wang = me(&bank.customer("wang").caller)["id"].clone();
    let asserted = Browser::new(&bank).signed_in(&bank, "own");
    assert_eq!((&me(&asserted)["id"], &me(&asserted)["level"]), (&wang, &json!("account-holder")));
    assert_eq!(asserted.get("/api/v1/me/tokens").ok()["tokens"][0]["how"], "strong-provider");
    // With a second factor at the provider, a first passkey needs no code.
    asserted.post("/api/v1/me/passkeys/challenges", &json!({})).ok();
    let claimed = me(&Browser::new(&bank).signed_in(&bank, "club"));
    assert_ne!(claimed["id"], wang, "a club that says so opens nobody's account");
    assert_eq!(claimed["level"], "registered");
    assert_eq!(me(&Browser::new(&bank).signed_in(&bank, "half"))["level"], "verified");
    // A number that the bank's own provider names and nobody has yet: a new account holder, the same one by any subject.
    own.is(json!({"sub": "b-2", "bank_customer": "700001"}));
    let new = me(&Browser::new(&bank).signed_in(&bank, "own"));
    own.is(json!({"sub": "b-3", "bank_customer": "700001"}));
    let same = me(&Browser::new(&bank).signed_in(&bank, "own"));
    assert_eq!((&new["level"], &same["id"]), (&json!("account-holder"), &new["id"]));
    bank.verified();
}

#[test]
fn staff_come_by_their_binding_or_by_name_and_nobody_else_does() {
    let provider = ReferenceProvider::start(json!({"sub": "s-1", "employee": "duty-sun"}));
    let named = provider.oidc("sso", "people = \"staff\"\nstaff_claim = \"employee\"\n");
    let bound = provider.oidc("bound", "people = \"staff\"\n");
    let bank = Bank::with_sign_in(Seed::Demo, &format!("{named}{bound}"));
    assert_eq!(me(&Browser::new(&bank).signed_in(&bank, "sso"))["id"], "duty-sun");
    // What the claim says later does not move the binding.
    provider.is(json!({"sub": "s-1", "employee": "manager-wu"}));
    assert_eq!(me(&Browser::new(&bank).signed_in(&bank, "sso"))["id"], "duty-sun");
    provider.is(json!({"sub": "s-2", "employee": "nobody-at-all"}));
    assert_eq!(Browser::new(&bank).sign_in("sso").status, 403);
    // Without a claim, head office binds.
    provider.is(json!({"sub": "s-3"}));
    assert_eq!(Browser::new(&bank).sign_in("bound").status, 403);
    let path = "/api/v1/staff/auditor-feng/providers/bound";
    bank.staff("duty-sun").caller.put(path, &json!({"subject": "s-3"})).refused(403, "auth.forbidden");
    let manager = bank.staff("manager-wu").caller;
    assert_eq!(manager.put(path, &json!({"subject": "s-3"})).status, 204);
    assert_eq!(me(&Browser::new(&bank).signed_in(&bank, "bound"))["id"], "auditor-feng");
    manager
        .put("/api/v1/staff/reviewer-chen/providers/bound", &json!({"subject": "s-3"}))
        .refused(409, "sign-in.bound");
    assert_eq!(manager.delete(path).status, 204);
    assert_eq!(Browser::new(&bank).sign_in("bound").status, 403);
    bank.verified();
}

#[test]
fn who_was_hired_comes_by_the_provider_and_proves_presence_by_passkey() {
    let provider = ReferenceProvider::start(json!({"sub": "s-9"}));
    let bound = provider.oidc("bound", "people = \"staff\"\n");
    let bank = Bank::with_sign_in(Seed::Demo, &format!("{bound}\n[codes]\nway = \"log\"\n"));
    let wu = bank.sign_in("manager-wu");
    wu.post("/api/v1/staff", &json!({"id": "duty-li", "name": "李值班", "person": "p-li"})).ok();
    assert_eq!(wu.put("/api/v1/staff/duty-li/providers/bound", &json!({"subject": "s-9"})).status, 204);
    bank.agree("/api/v1/staff/duty-li/access", &json!({"roles": [["duty-officer", "bank"]]}));
    let li = Browser::new(&bank).signed_in(&bank, "bound");
    assert_eq!(me(&li)["roles"], json!([["duty-officer", "bank"]]));
    let host = &bank.hosts[0];
    let mut key = Authenticator::new(&host.origin());
    key.register(&li, || host.code_for("staff:duty-li"));
    let (path, why) = (format!("/api/v1/programs/{CANTEEN}/kill"), json!({"reason": "it misbehaves"}));
    let refusal = li.put(&path, &why).refused(403, "auth.step-up");
    let proof = key.step_up_for(&li, &refusal);
    li.put(&format!("{path}?step_up={proof}"), &why).ok();
    // Closed, the provider's word opens nothing.
    wu.put("/api/v1/staff/duty-li/closure", &json!({"reason": "left"})).ok();
    assert_eq!(li.get("/api/v1/me").status, 401);
    assert_eq!(Browser::new(&bank).sign_in("bound").status, 403);
    bank.verified();
}

#[test]
fn a_state_that_was_not_begun_in_this_browser_is_refused() {
    let provider = ReferenceProvider::start(json!({"sub": "p-1"}));
    let bank = Bank::with_sign_in(Seed::Demo, &format!("{}{}", provider.oidc("club", ""), provider.oidc("other", "")));
    let mut thief = Browser::new(&bank);
    let back = thief.until_back("club");
    // The thief's own sign-in, sent to somebody else as a link.
    let mut victim = Browser::new(&bank);
    assert_eq!(victim.get(&back).status, 409);
    victim.until_back("club");
    assert_eq!(victim.get(&back).status, 409, "with a sign-in of one's own under way neither");
    let state = pairs(back.split_once('?').expect("a query").1)["state"].clone();
    assert_eq!(thief.get(&back.replace(&state, &"A".repeat(32))).status, 409, "a made-up state");
    assert_eq!(thief.get(&back.replace("/club/", "/other/")).status, 409, "another provider's");
    assert_eq!(thief.get("/app/sign-in/club/back").status, 409);
    let page = thief.get(&back);
    assert_eq!(page.status, 200, "{}", page.text);
    // Once is enough.
    assert_eq!(thief.get(&back).status, 409);
}

#[test]
fn a_code_that_was_used_before_is_refused_by_the_provider_and_here() {
    let provider = ReferenceProvider::start(json!({"sub": "p-1"}));
    let bank = Bank::with_sign_in(Seed::Demo, &provider.oidc("club", ""));
    let mut browser = Browser::new(&bank);
    let used = browser.until_back("club");
    assert_eq!(browser.get(&used).status, 200);
    let code = |back: &str| pairs(back.split_once('?').expect("a query").1)["code"].clone();
    let mut second = Browser::new(&bank);
    let back = second.until_back("club");
    let page = second.get(&back.replace(&code(&back), &code(&used)));
    assert_eq!(page.status, 401, "{}", page.text);
    assert!(!second.cookies.contains_key("xitai_token"));
    // Somebody else's fresh code was made for another browser's verifier.
    let (mut one, mut two) = (Browser::new(&bank), Browser::new(&bank));
    let (of_one, of_two) = (one.until_back("club"), two.until_back("club"));
    assert_eq!(one.get(&of_one.replace(&code(&of_one), &code(&of_two))).status, 401);
}

#[test]
fn an_id_token_that_can_not_be_trusted_opens_nothing() {
    let provider = ReferenceProvider::start(json!({"sub": "p-1"}));
    let bank = Bank::with_sign_in(Seed::Demo, &provider.oidc("club", ""));
    let lies = [
        Fault::Expired,
        Fault::OtherAudience,
        Fault::OtherIssuer,
        Fault::OtherNonce,
        Fault::UnknownKey,
        Fault::Unsigned,
        Fault::NoIdToken,
    ];
    for lie in lies {
        provider.breaks(Some(lie));
        let mut browser = Browser::new(&bank);
        let page = browser.sign_in("club");
        assert!(page.status == 401 || page.status == 503, "{lie:?}: {} {}", page.status, page.text);
        assert!(!browser.cookies.contains_key("xitai_token"), "{lie:?}");
    }
    provider.breaks(None);
    Browser::new(&bank).signed_in(&bank, "club");
    let audit = bank.staff("auditor-feng").audit();
    let refused = audit.iter().filter(|record| record["action"] == "token.refused").count();
    assert!(refused >= 5, "refusals are in the trail: {refused}");
}

#[test]
fn a_provider_that_changes_its_keys_is_asked_for_them_again() {
    let provider = ReferenceProvider::start(json!({"sub": "p-1"}));
    let bank = Bank::with_sign_in(Seed::Demo, &provider.oidc("club", ""));
    Browser::new(&bank).signed_in(&bank, "club");
    Browser::new(&bank).signed_in(&bank, "club");
    let keys = || provider.asked().iter().filter(|path| *path == "/keys").count();
    assert_eq!(keys(), 1, "what is known is not asked for each time");
    provider.rotates();
    Browser::new(&bank).signed_in(&bank, "club");
    assert_eq!(keys(), 2);
}

#[test]
fn a_provider_that_is_away_hangs_or_floods_holds_nobody_up() {
    let provider = ReferenceProvider::start(json!({"sub": "p-1"}));
    let bank = Bank::with_sign_in(Seed::Demo, &provider.oidc("club", ""));
    for fault in [Fault::Down, Fault::Hangs, Fault::Floods] {
        provider.breaks(Some(fault));
        let page = Browser::new(&bank).get("/app/sign-in/club");
        assert_eq!(page.status, 503, "{fault:?}: {}", page.text);
        assert!(page.text.contains("password"), "the other ways are still there");
        bank.customer("wang");
    }
    provider.breaks(None);
    let mut browser = Browser::new(&bank);
    let back = browser.until_back("club");
    provider.breaks(Some(Fault::Down));
    assert_eq!(browser.get(&back).status, 503);
    // It was only away: the same answer may be tried again.
    provider.breaks(None);
    assert_eq!(browser.get(&back).status, 200);
}

#[test]
fn wechat_and_alipay_sign_in_by_their_own_oauth2() {
    let provider = ReferenceProvider::start(json!({"sub": "o-1", "unionid": "u-1"}));
    let bank = Bank::with_sign_in(Seed::Demo, &format!("{}{}", provider.wechat(), provider.alipay()));
    for id in ["wechat", "alipay"] {
        let first = me(&Browser::new(&bank).signed_in(&bank, id));
        assert_eq!(first["level"], "registered", "{id}");
        assert_eq!(me(&Browser::new(&bank).signed_in(&bank, id))["id"], first["id"], "{id}");
        provider.breaks(Some(Fault::Refuses));
        let page = Browser::new(&bank).sign_in(id);
        assert_eq!(page.status, 401, "{id}: {}", page.text);
        provider.breaks(None);
        let mut browser = Browser::new(&bank);
        let back = browser.until_back(id);
        provider.breaks(Some(Fault::Down));
        assert_eq!(browser.get(&back).status, 503, "{id}");
        provider.breaks(None);
        assert_eq!(browser.get(&back).status, 200, "{id}");
    }
    // The same person by another app of the bank's: WeChat's union id is what counts.
    let by_union = me(&Browser::new(&bank).signed_in(&bank, "wechat"));
    provider.is(json!({"sub": "o-2", "unionid": "u-1"}));
    assert_eq!(me(&Browser::new(&bank).signed_in(&bank, "wechat"))["id"], by_union["id"]);
    provider.breaks(Some(Fault::BadSignature));
    assert_eq!(Browser::new(&bank).sign_in("alipay").status, 401);
}

#[test]
fn whoever_says_no_at_the_provider_is_told_so_and_unknown_providers_are_not_found() {
    let provider = ReferenceProvider::start(json!({"sub": "p-1"}));
    let bank = Bank::with_sign_in(Seed::Demo, &provider.oidc("club", ""));
    let mut browser = Browser::new(&bank);
    let back = browser.until_back("club");
    let state = pairs(back.split_once('?').expect("a query").1)["state"].clone();
    let page = browser.get(&format!("/app/sign-in/club/back?error=access_denied&state={state}"));
    assert_eq!(page.status, 403);
    assert!(page.text.contains("cancelled"), "{}", page.text);
    assert_eq!(browser.get("/app/sign-in/nobody").status, 404);
}

#[test]
fn a_sign_in_file_with_a_wrong_line_stops_the_start() {
    let bank = Bank::seeded(xitai_tests::Database::Sqlite, Seed::Demo);
    for (file, told) in [
        ("[[provider]]\nid = \"x\"\n", "sign-in.toml"),
        ("origin = \"http://127.0.0.1:8080\"\n", "host name"),
        ("[codes]\nway = \"webhook\"\nurl = \"http://bank.example/codes\"\n", "https"),
    ] {
        bank.write_sign_in(file);
        let listen = format!("127.0.0.1:{}", xitai_tests::process::free_port());
        let data = bank.data();
        let ran =
            xitai_tests::binary::run(&["serve"], &[("XITAI_DATA", &data.to_string_lossy()), ("XITAI_LISTEN", &listen)]);
        assert_ne!(ran.code, 0, "{file}");
        assert!(ran.everything().contains(told), "{file}: {}", ran.everything());
    }
}
