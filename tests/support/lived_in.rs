//! A bank in which something of everything has happened, for whoever looks at all of its pages.

use crate::actor::{BRANCH_QUEUE, CANTEEN};
use crate::bank::{Bank, Database, PASSWORD};
use crate::campaign::{fen, now_ms};
use crate::content::draft;
use crate::desk::{DESK, MERCHANT};
use crate::embeds;
use crate::mail::MailRelay;
use crate::package::{as_version, built};
use crate::partner::proposal;
use crate::{Session, notices};
use serde_json::{Value, json};
use std::time::Duration;
use xitai_model::emvco;
use xitai_model::ids::MerchantId;
use xitai_model::merchant::Merchant;

impl Bank {
    /// On PostgreSQL, two days later than it happened: there are closed days, and a break between them. With the
    /// addresses to which no link leads.
    pub fn lived_in() -> (Self, Vec<String>) {
        let relay = MailRelay::start();
        let mut bank = Self::desk_with(Database::Postgres, &relay.used_by());
        let mut unlinked = bank.publishes();
        unlinked.extend(bank.has_a_customer(&relay));
        unlinked.push(format!("/console/programs/{CANTEEN}/settings/suzhou"));
        unlinked.push("/console/zones/suzhou/preview".to_owned());
        // A partner's page, one that waits, and where their visitors and the app's customers come in.
        embeds::registered(&bank, "tea-house", &["https://tea.example"], &[CANTEEN]);
        embeds::propose(&bank, "tea-house", &["https://tea.example", "https://shop.tea.example"], &[CANTEEN]).ok();
        unlinked.extend(["/app/partner?embed=tea-house&code=000000", "/app/ticket?ticket=none"].map(str::to_owned));
        bank.has_trouble();
        // Behind the host's back, so that two lists of a day differ.
        let text = r#"UPDATE payment SET body = replace(body, '"captured":{"minor":1200', '"captured":{"minor":1300')"#;
        bank.postgres.as_ref().expect("PostgreSQL").sql("bank", text).expect("it is changed");
        bank.host().again_at("+2d");
        let manager = bank.sign_in("manager-wu");
        crate::eventually("a break is found", Duration::from_secs(120), || {
            let found = manager.get("/api/v1/breaks").ok();
            found["breaks"].as_array().is_some_and(|all| !all.is_empty()).then_some(())
        });
        // What waits at the till does so for a short time only.
        unlinked.push(bank.has_business());
        (bank, unlinked)
    }

    /// A release waits for its reviewers, beside the live one. Gives the pages of codes of one program, of which others
    /// have none.
    fn publishes(&self) -> Vec<String> {
        let package = as_version(&built("mini-programs/canteen"), "1.9.0", 1_900);
        let release = self.staff("dev-lin").publish(CANTEEN, "1.9.0", &package);
        assert_eq!(release["state"], "in-review", "{release:#}");
        notices::approve(self, "ready", true);
        let dev = self.sign_in("dev-lin");
        let endpoint = proposal("hospital", "https://partner.example.com/v1", &["identity-number"]);
        dev.post(&format!("/api/v1/programs/{DESK}/endpoints"), &endpoint).ok();
        let codes = json!({
            "parameters": [["table", "{n}"]], "branch": "suzhou", "label": "Table {n}", "count": 6,
            "expires_ms": now_ms() + 30 * 86_400_000,
        });
        let made = dev.post(&format!("/api/v1/publisher/programs/{DESK}/codes"), &codes).ok();
        dev.post("/api/v1/publisher/tokens", &json!({"name": "build", "scopes": ["release.publish"], "days": 1})).ok();
        let set = format!("programs/{DESK}/codes/{}", made["id"].as_str().expect("an id"));
        let pages = |desk: &str| [format!("/{desk}/{set}"), format!("/{desk}/{set}/sheet")];
        ["publisher", "console"].into_iter().flat_map(pages).collect()
    }

    /// Smith has used what there is to use. Gives where a letter is ended, what was
    /// printed, and where a scanned code leads.
    fn has_a_customer(&self, relay: &MailRelay) -> Vec<String> {
        let smith = self.customer("smith").never_quiet();
        let (own, mut desk) = (&smith.caller, smith.desk());
        own.put("/api/v1/me/notice-mail", &json!({ "on": true })).ok();
        own.put(&format!("/api/v1/me/notice-settings/{DESK}"), &json!({"templates": {"ready": "lasting"}})).ok();
        desk.script(json!([notices::notify("ready", "k1")]));
        smith.until_noticed(1);
        desk.pays("lunch", 1_200);
        desk.pays("tea", 300);
        let payment = smith.payment_under("lunch")["id"].as_str().expect("an id").to_owned();
        let dispute = json!({"reason": "not-received", "text": "Nothing came"});
        own.post(&format!("/api/v1/me/payments/{payment}/dispute"), &dispute).ok();
        own.post("/api/v1/me/complaints", &json!({"program": DESK, "text": "An hour in the queue", "key": "c"})).ok();
        let note = json!({"purpose": "tests of the platform", "text": "One more document, please", "key": "n"});
        desk.script(json!([{"do": "reach", "what": {"note": note}}]));
        let claims = json!({"do": "ask-claims", "claims": ["legal-name"], "optional": []});
        desk.script(json!([{"do": "identity", "what": claims}]));
        desk.answer(&[("legal-name", "yes")]);
        let until_ms = now_ms() + 30 * 86_400_000;
        let mandate = json!({"key": "water", "each": 1_000, "period": "year", "cap": 9_000, "until_ms": until_ms});
        desk.script(json!([{"do": "money", "what": {"propose": mandate}}]));
        desk.answer(&[]);
        let signed = self.signs_an_agreement(&mut desk);
        let wish = json!({
            "legal_name": "河边茶馆", "licence": "91320500MA1MXXXX0X", "category_code": "5814", "city": "Suzhou",
            "contact": "0512-1234", "shops": [{"name": "平江路店", "tables": ["1", "2"]}],
            "settlement": {"holder": "河边茶馆", "bank": "示例银行", "account": "6222000011112222"}
        });
        own.post("/api/v1/merchant-applications", &wish).ok();
        let print = json!({"title": "Pick-up slip", "lines": [["Dish", "Noodles"]], "code": "A17"});
        desk.script(json!([{"do": "reach", "what": {"print": print}}]));
        let printed = desk.view.sheet().expect("a sheet")["then"].as_str().expect("where it leads").to_owned();
        desk.answer(&[]);
        let header = relay.until_got(1)[0].header("List-Unsubscribe");
        let ends = header.trim_matches(['<', '>']).splitn(4, '/').nth(3).map(|path| format!("/{path}"));
        // As whoever scans the merchant's code comes to it.
        let merchant = Merchant::new(MerchantId::parse(MERCHANT).expect("an id"), "苏州分行职工食堂", "5812", "Suzhou");
        let code = emvco::make(&merchant, None, "T-17").expect("a code");
        let scanned = format!("/app/pay?code={}", data_encoding::BASE64URL_NOPAD.encode(code.as_bytes()));
        [vec![ends.expect("a path"), printed, scanned], signed.to_vec()].concat()
    }

    /// Gives where its document is read, there and among the bank's own.
    fn signs_an_agreement(&self, desk: &mut Session) -> [String; 2] {
        let paper = self.publish_entry("article", &draft("产品说明书"));
        let mut product = draft("稳健一号");
        product["regulated"] = json!(true);
        product["documents"] = json!([paper]);
        product["details"] = json!([["risk", "R1"], ["cooling-off-hours", "240"], ["term-days", "90"]]);
        let product = self.publish_entry("product", &product);
        desk.script(json!([{"do": "identity", "what": {"do": "propose", "product": product, "key": "a"}}]));
        let link = named(desk.view.sheet().expect("a sheet"), "opens").expect("a document that opens");
        self.customer("smith").caller.get(&link);
        desk.answer(&[(&format!("read-{paper}"), "yes"), ("password", PASSWORD)]);
        [link, format!("/app/content/{paper}")]
    }

    /// A till that waits for its customer, and a publisher that wants more. Gives where the till waits.
    fn has_business(&self) -> String {
        let made = self.customer("wang").caller.post("/api/v1/me/pay-code", &json!({})).ok();
        let body = json!({"code": made["text"], "amount": fen(1_800), "purpose": "牛肉面", "key": "17"});
        let dev = self.sign_in("dev-lin");
        let asked = dev.post(&format!("/api/v1/pay-codes/{MERCHANT}"), &body).ok();
        let path = "/api/v1/publisher/documents?kind=business-licence&number=9132&issuer=Suzhou&expires=2029-01-31&name=licence.pdf";
        let filed = dev.send("POST", path, "application/octet-stream", b"%PDF-1.7 licence".to_vec());
        assert!(filed.status < 300, "{}", filed.text());
        let wish = json!({"categories": ["dining"], "exit_plan": "a month's notice", "contact": "0512-1"});
        dev.post("/api/v1/publisher/qualification", &wish).ok();
        format!("/publisher/merchants/{MERCHANT}/till/{}", asked["id"].as_str().expect("a payment"))
    }

    /// A payment that is held, a program that falls, and one that was stopped.
    fn has_trouble(&self) {
        let rule = json!({"when": {"from": fen(5_000)}, "then": {"hold": {"people": 1}}, "why": "pattern"});
        self.agree("/api/v1/risk-rules/large", &json!({ "rule": rule }));
        let mut desk = self.customer("wang").desk();
        desk.open_pay_sheet("large", 5_000);
        desk.confirm();
        let mut fallen = self.customer("demo-07").desk();
        for _ in 0..24 {
            fallen.try_script(json!([{"do": "trap"}]));
        }
        self.staff("duty-sun").stop(BRANCH_QUEUE, "it calls nobody").ok();
    }
}

/// The text under a name, however deep.
fn named(value: &Value, name: &str) -> Option<String> {
    match value {
        Value::Object(members) => members.iter().find_map(|(key, value)| match value.as_str() {
            Some(text) if key == name => Some(text.to_owned()),
            _ => named(value, name),
        }),
        Value::Array(items) => items.iter().find_map(|item| named(item, name)),
        _ => None,
    }
}
