// A bank with one branch in which one program is tried.
import { liftMoney, lowerMoney, Money } from "../money.js";
import { decodeUtf8 } from "../utf8.js";
import { during } from "./call.js";
import { checkSheet, checkStep } from "./checks.js";
import { giveBack } from "./hosts/money.js";
import { balanceOf } from "./hosts/payments.js";
import { NOON } from "./noon.js";
import { Page } from "./page.js";

export { NOON };

/** Everything that a failed call leaves as it was. */
const NOTHING = () => ({
  storage: {}, shared: {}, counters: {}, payments: [], mandates: [], coupons: [], payouts: [], budget: 0, gifts: [], drafts: [], ratings: [],
  complaints: [], wakeups: [], balances: {}, asks: {}, calls: [], notices: [], noticesAllowed: {}, files: {}, threads: {}, agreements: [],
  consents: [], proved: {}, fields: {},
});

export class Bank {
  constructor(program) {
    Object.assign(this, { program, now: NOON, kept: NOTHING(), pages: [], given: 0, series: {}, config: {}, log: [], library: [], campaigns: [], facts: {}, proofs: new Set() });
  }
  /** Opens the program for a customer, or for staff with a role. */
  open(subject, { locale = "zh-CN", role = null, surface = "page", channel = "phone", elder = false, page = "pages/index", query = {}, signed = {} } = {}) {
    const actor = role ? { tag: "staff", val: role } : { tag: surface === "background" ? "nobody" : "customer" };
    const ctx = { now: this.now, channel, locale, zone: "Asia/Shanghai", utcOffsetMinutes: 480, elderMode: elder, branch: "suzhou", actor, practice: false, supports: [], seed: new Uint8Array(32) };
    const opened = new Page(this, subject, ctx, role ? [role] : []);
    opened.surface = surface;
    const launch = { page, query: Object.entries(query), signed: Object.entries(signed), surface };
    this.perform(opened, () => this.program.open(opened.ctx, launch));
    this.pages.push(opened);
    this.settle();
    return opened;
  }
  /** The session without a customer that every enabled program has in a branch. */
  background() {
    return this.open("", { surface: "background" });
  }
  /** What a customer has, 1,000.00 CNY at first. */
  balance(subject) {
    return Money.cny(balanceOf(this.kept, subject));
  }
  setBalance(subject, money) {
    this.kept.balances[subject] = money.minor;
  }
  /** How much the program may pay out. */
  setBudget(money) {
    this.kept.budget = money.minor;
  }
  /** What the bank knows about a customer, such as their `legal-name`. */
  knows(subject, claim, value) {
    this.facts[`${subject}/${claim}`] = value;
  }
  /** A question about a customer that is answered with yes, such as `over-age` of `18`; all others with no. */
  proves(subject, kind, value) {
    this.proofs.add(`${subject}/${kind}/${value}`);
  }
  /** The customer takes back all consents. */
  withdrawConsents(subject) {
    for (const given of this.kept.consents) if (given.subject === subject) given.withdrawn = true;
  }
  /** Opens a campaign to every customer of the branch; `codes` are its one-time codes. */
  openCampaign({ worth, minimumSpend = Money.cny(0), price = null, byCode = false, basisPoints = null, ...offer }, codes = []) {
    this.campaigns.push({ offer: { ...offer, worth: lowerMoney(worth), minimumSpend: lowerMoney(minimumSpend), price: lowerMoney(price), byCode, basisPoints }, codes });
  }
  addEntry({ summary = "", body = "", image = null, price = null, tags = [], opens = null, details = [], documents = [], ...entry }) {
    this.library.push({ published: this.now, ...entry, summary, body, image, price: lowerMoney(price), tags, opens, details, documents });
  }
  /** Reviewers decide on what the program put forward: approved, it is in the library. */
  decideDraft(id, approve, note = "") {
    const { draft, review } = this.kept.drafts.find((it) => it.id === id);
    review.stage = approve ? "approved" : "returned";
    if (approve) this.addEntry({ ...draft, id, price: liftMoney(draft.price) });
    else review.findings.push(note);
  }
  counter(name) {
    return this.kept.counters[name] ?? 0;
  }
  /** A value of the branch, as the program keeps it; null where there is none. */
  shared(key) {
    const held = this.kept.shared[key];
    return held?.value ? JSON.parse(decodeUtf8(held.value)) : null;
  }
  /** Lets time pass: payments and sheets expire, wake-ups come due, and all that follows is delivered. */
  advance(ms) {
    this.now += ms;
    giveBack(this);
    for (const bill of this.kept.payments) {
      if (!["draft", "awaiting-confirmation"].includes(bill.payment.status) || bill.expires > this.now) continue;
      const { ticket, id } = bill.payment;
      Object.assign(bill.payment, { status: "expired", updated: this.now, ticket: null });
      const page = this.pages[bill.page];
      const open = ticket !== null && page.open === ticket;
      if (open) page.open = null;
      page.inbox.push(open ? { tag: "sheet-closed", val: { ticket, outcome: "expired", text: null } } : { tag: "changed", val: id });
    }
    const due = this.kept.wakeups.filter((it) => it.at <= this.now);
    this.kept.wakeups = this.kept.wakeups.filter((it) => it.at > this.now);
    for (const { page, key } of due) this.pages[page].inbox.push({ tag: "woken", val: key });
    this.settle();
  }
  /** Runs one call; what fails leaves everything as it was. */
  perform(page, run) {
    const before = structuredClone(this.kept);
    const chain = page.armed?.chain ?? null;
    page.ctx = { ...page.ctx, now: this.now, seed: seedOf(page.number, page.position + 1) };
    try {
      const step = structuredClone(during({ bank: this, page, chain }, run));
      checkStep(step);
      if (step.sheet !== null) checkSheet(this.kept, page, chain, step.sheet);
      page.step = step;
    } catch (thrown) {
      this.kept = before;
      throw thrown;
    }
    page.position += 1;
    page.effects.push(...page.step.effects);
    if (page.step.sheet !== null) Object.assign(page, { open: page.step.sheet, armed: null });
    this.tellWatchers(page, before);
  }
  /** Puts `noticed` into the inbox of each session that watches what has changed, but not of the one that changed it. */
  tellWatchers(by, before) {
    const differs = (kind) => Object.keys(this.kept[kind]).filter((name) => JSON.stringify(this.kept[kind][name]) !== JSON.stringify(before[kind][name]));
    const changed = [...differs("shared"), ...differs("counters")];
    for (const page of this.pages.filter((it) => it !== by)) {
      for (const name of changed.filter((it) => page.step.watch.includes(it))) {
        if (!page.inbox.some((event) => event.tag === "noticed" && event.val === name)) page.inbox.push({ tag: "noticed", val: name });
      }
    }
    // A refund or capture by staff is told to the session that made the payment.
    for (const bill of this.kept.payments) {
      const was = before.payments.find((old) => old.payment.id === bill.payment.id);
      const told = was && JSON.stringify(was.payment) !== JSON.stringify(bill.payment) && bill.page !== by.number;
      if (told) this.pages[bill.page].inbox.push({ tag: "changed", val: bill.payment.id });
    }
  }
  /** Delivers what waits in inboxes until the bank is still. */
  settle() {
    for (let turn = 0; turn < 10_000; turn += 1) {
      const page = this.pages.find((waiting) => waiting.inbox.length > 0);
      if (!page) return;
      const event = page.inbox.shift();
      this.perform(page, () => this.program.update(page.ctx, page.step.state, event));
    }
    throw new Error("the sessions keep waking each other: 10,000 events and no end");
  }
}

function seedOf(page, position) {
  return Uint8Array.from({ length: 32 }, (_, byte) => position * 31 + page * 7 + byte);
}
