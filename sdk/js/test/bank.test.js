// One program that uses the whole contract, on the bank in memory.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Bank, installHost } from "../testing.js";

installHost();
const { program } = await import("../fixtures/everything.js");
const { makeProgram, paragraph, screen } = await import("../xitai.js");

const DAY = 86_400_000;
const run = (page, script) => page.submit("desk", "run", { script: JSON.stringify(script) });
const said = (page) => JSON.parse(page.screen.nodes.find((node) => node.id === "said").element.val);
/** Runs one command and gives what it said. */
const one = (page, call, ...given) => {
  run(page, { call, given });
  return said(page);
};

test("a payment is settled, rated and refunded", () => {
  const bank = new Bank(program);
  const wang = bank.open("wang");
  const order = { key: "o1", amount: { minor: 1800, currency: "CNY" }, purpose: "Lunch" };
  run(wang, { button: 1800, then: { call: "payments.request", given: [order], sheet: true } });
  wang.tap("pay");
  assert.equal(String(wang.sheet()), "¥18.00");
  wang.confirmSheet();
  assert.equal(String(bank.balance("wang")), "¥982.00");
  const { id, status } = one(wang, "payments.request", order);
  assert.equal(status, "settled");
  assert.equal(one(wang, "payments.request", { ...order, purpose: "Dinner" }).refused, "payment.key-differs");
  one(wang, "feedback.rate", { payment: id, stars: 5, text: "good" }, "r1");
  assert.deepEqual(one(wang, "feedback.tally"), { stars: 5, ratings: 1 });
  assert.equal(one(wang, "merchant.refund", id, { minor: 300, currency: "CNY" }, "cold", "f1").refused, "payment.not-staff");
  const clerk = bank.open("he", { role: "clerk" });
  assert.equal(one(clerk, "merchant.refund", id, { minor: 300, currency: "CNY" }, "cold", "f1").refunded.minor, 300);
  assert.equal(one(clerk, "merchant.search", 0).payments.length, 1);
  assert.equal(String(bank.balance("wang")), "¥985.00");
  assert.ok(said(wang).heard.endsWith(id), "the customer's session hears of it");
});

test("a sheet opens only for the money that a tap armed", () => {
  const bank = new Bank(program);
  const wang = bank.open("wang");
  const then = { call: "payments.request", given: [{ key: "o1", amount: { minor: 1800, currency: "CNY" }, purpose: "Lunch" }], sheet: true };
  run(wang, { button: 1700, then });
  assert.throws(() => wang.tap("pay"), /the button says 1700/);
  assert.throws(() => run(wang, then), /none was tapped/);
  assert.deepEqual(bank.kept.payments, [], "a refused step leaves nothing");
});

test("coupons take off, and a draft expires with its time", () => {
  const bank = new Bank(program);
  bank.openCampaign({ campaign: "spring", title: "Spring", worth: { minor: 500, currency: "CNY" }, until: bank.now + DAY });
  const wang = bank.open("wang");
  const coupon = one(wang, "coupons.claim", "spring", "c1");
  const amount = { minor: 1800, currency: "CNY" };
  assert.equal(one(wang, "coupons.price", amount, [coupon.id]).payable.minor, 1300);
  const asked = one(wang, "payments.request", { key: "o1", amount, purpose: "Lunch", coupons: [coupon.id] });
  assert.equal(asked.payable.minor, 1300);
  assert.deepEqual(one(wang, "coupons.eligible"), []);
  bank.advance(901_000);
  assert.equal(one(wang, "payments.get", asked.id).status, "expired");
  assert.equal(one(wang, "coupons.eligible").length, 1);
});

test("a mandate holds its caps", () => {
  const bank = new Bank(program);
  const wang = bank.open("wang");
  const cny = (minor) => ({ minor, currency: "CNY" });
  run(wang, { call: "mandates.propose", given: [{ purpose: "Water", eachAtMost: cny(10_000), period: "month", periodAtMost: cny(15_000), until: bank.now + DAY }, "m1"], sheet: true });
  wang.confirmSheet();
  const id = said(wang).text;
  assert.match(one(wang, "mandates.charge", id, cny(9_000), "k1").value, /^payment-/);
  assert.equal(one(wang, "mandates.charge", id, cny(10_001), "k2").refused, "mandate.each-exceeded");
  assert.equal(one(wang, "mandates.charge", id, cny(7_000), "k2").refused, "mandate.period-exceeded");
  assert.equal(one(wang, "mandates.get", id).usedInPeriod.minor, 9_000);
  assert.equal(one(wang, "mandates.revoke", id).status, "revoked");
  assert.equal(one(wang, "mandates.charge", id, cny(1), "k3").refused, "mandate.not-active");
});

test("gifts and payouts move money", () => {
  const bank = new Bank(program);
  const [wang, smith] = [bank.open("wang"), bank.open("smith")];
  run(wang, { button: 1000, then: { call: "redEnvelopes.give", given: [{ total: { minor: 1000, currency: "CNY" }, count: 3, ttlS: 60 }, "g1"], sheet: true } });
  wang.tap("pay");
  wang.confirmSheet();
  const id = said(wang).text;
  assert.equal(one(smith, "redEnvelopes.take", id, "t1").minor, 500);
  assert.equal(one(smith, "redEnvelopes.get", id).left, 2);
  bank.advance(60_000);
  assert.equal(String(bank.balance("wang")), "¥995.00");
  const clerk = bank.open("he", { role: "clerk" });
  const money = { minor: 200, currency: "CNY" };
  assert.equal(one(clerk, "payouts.pay", "smith", money, "sorry", "p1").refused, "payout.budget");
  bank.setBudget(money);
  assert.match(one(clerk, "payouts.pay", "smith", money, "sorry", "p1").value, /^payout-/);
  assert.equal(String(bank.balance("smith")), "¥1007.00");
});

test("facts by consent, answers instead of facts, presence, and a product to sign", () => {
  const bank = new Bank(program);
  bank.knows("wang", "legal-name", "王芳");
  bank.proves("wang", "over-age", "18");
  bank.proves("wang", "suitable-for", "R2");
  bank.addEntry({ id: "fund", kind: "product", title: "Fund", details: [["risk", "R2"], ["cooling-off-hours", "24"]] });
  const wang = bank.open("wang");
  run(wang, { call: "claims.request", given: [{ claims: ["legal-name"], optional: ["phone"], purpose: "To call you", keepDays: 30 }], sheet: true });
  assert.throws(() => wang.confirmSheet(), /can't be confirmed without legal-name/);
  run(wang, { call: "claims.request", given: [{ claims: ["legal-name"], purpose: "To call you", keepDays: 30 }], sheet: true });
  wang.confirmSheet({ "legal-name": "yes" });
  const consent = said(wang).text;
  assert.deepEqual(one(wang, "claims.read", consent), { "legal-name": "王芳" });
  bank.withdrawConsents("wang");
  assert.equal(one(wang, "claims.read", consent).refused, "consent.over");
  assert.equal(one(wang, "proofs.overAge", 18, "beer").holds, true);
  assert.equal(one(wang, "proofs.overAge", 60, "rest").holds, false);
  bank.advance(1_000);
  run(wang, { call: "presence.request", given: ["to be sure"], sheet: true });
  wang.confirmSheet();
  assert.equal(one(wang, "customer.whoami").provedAt, bank.now);
  run(wang, { call: "agreements.propose", given: ["fund", null, "a1"], sheet: true });
  wang.confirmSheet();
  const agreement = said(wang).text;
  assert.equal(one(wang, "agreements.get", agreement).status, "cooling-off");
  assert.equal(one(wang, "agreements.withdraw", agreement, "w1").status, "withdrawn");
});

test("a partner is called with what the program never sees", () => {
  const bank = new Bank(program);
  const wang = bank.open("wang");
  const field = one(wang, "secureFields.prepare", "card-number", "To pay the bill").value;
  run(wang, { field });
  wang.fillSecure("secret", "6222");
  one(wang, "partner.post", "utility", "/bills", "b1", { meter: 7 }, { sealed: { "/card": field } });
  const [call] = wang.calls();
  assert.deepEqual([call.request.path, call.sealed], ["/bills", [["/card", "6222"]]]);
  wang.reply(200, { due: 4500 });
  assert.deepEqual(said(wang).json, { due: 4500 });
  one(wang, "partner.get", "utility", "/bills/7", "b2");
  wang.reply("partner.outcome-unknown");
  assert.equal(said(wang).err, "partner.outcome-unknown");
});

test("notices, notes, files, places, codes and wake-ups", () => {
  const bank = new Bank(program);
  const wang = bank.open("wang");
  assert.equal(one(wang, "notices.send", { template: "ready" }, "n1").refused, "notice.not-consented");
  run(wang, { call: "notices.subscribe", given: [["ready"]], sheet: true });
  wang.confirmSheet({ "template-0": "once" });
  assert.equal(one(wang, "notices.balance", "ready").value, 1);
  assert.match(one(wang, "notices.send", { template: "ready", values: { dish: "noodles" } }, "n1").value, /^notice-/);
  one(wang, "relationship.note", "loan", "Papers are complete.", "t1");
  assert.equal(one(wang, "relationship.thread", "loan").messages[0].text, "Papers are complete.");
  run(wang, { call: "attachments.request", given: ["the bill"], sheet: true });
  wang.confirmSheet({ name: "bill.pdf", text: "%PDF" });
  assert.deepEqual(one(wang, "attachments.describe", said(wang).text), { name: "bill.pdf", mediaType: "application/pdf", size: 4 });
  run(wang, { call: "locator.request", given: ["the nearest shop"], sheet: true });
  wang.confirmSheet({ position: "31.298,120.583" });
  assert.deepEqual(one(wang, "locator.read", said(wang).text), { latitude: 31.298, longitude: 120.583 });
  run(wang, { call: "scanner.request", given: [], sheet: true });
  wang.confirmSheet({ answer: one.name });
  assert.equal(said(wang).text, "one");
  for (const [call, ...given] of [["printer.request", { title: "Receipt", lines: { Paid: "¥1" } }], ["sharing.request", "pages/index", {}, "Look"], ["programs.start", "cn.bank.other", "pages/index"]]) {
    run(wang, { call, given, sheet: true });
    wang.declineSheet();
    assert.equal(said(wang).outcome, "declined");
  }
  const code = one(wang, "codes.make", { minor: 100, currency: "CNY" }, "table 7").value;
  assert.deepEqual(one(wang, "codes.read", code), { reference: "table 7", amount: { minor: 100, currency: "CNY" } });
  one(wang, "wakeups.after", 5_000, "tea");
  bank.advance(5_000);
  assert.equal(said(wang).heard, "woken tea");
});

test("content is put forward by staff, decided, found and withdrawn", () => {
  const bank = new Bank(program);
  const clerk = bank.open("he", { role: "clerk" });
  const { value: id } = one(clerk, "authoring.submit", { kind: "article", title: "Noodles" }, "d1");
  bank.decideDraft(id, true);
  assert.equal(one(clerk, "authoring.status", id).stage, "approved");
  assert.deepEqual(one(clerk, "library.find", { text: "Nood" }).entries.map((it) => it.id), [id]);
  one(clerk, "authoring.withdraw", id);
  assert.equal(one(clerk, "library.get", id).refused, "content.not-found");
  assert.equal(one(bank.open("wang"), "feedback.complain", { text: "too salty" }, "k").value, "complaint-2");
});

test("a step that is refused leaves the page as it was", () => {
  const twice = () => [paragraph("a", { id: "x" }), paragraph("b", { id: "x" })];
  const page = new Bank(makeProgram({ open: () => ({ state: 1, screen: screen("Good", []) }), update: () => ({ state: 2, screen: screen("Bad", twice()) }) })).open("wang");
  assert.throws(() => page.resume(), /two nodes have the id `x`/);
  page.shows("Good");
});

test("a host call outside of a call, and the hundred and first, are told", async () => {
  const storage = await import("../services/storage.js");
  assert.throws(() => storage.get("a"), /within a program's open or update/);
  const wang = new Bank(program).open("wang");
  assert.throws(() => run(wang, { call: "counters.read", given: ["x"], times: 101 }), (thrown) => thrown.detail.includes("100 host calls"));
});
