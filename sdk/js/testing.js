// Programs on the developer's machine: a bank in memory, and the contract's imports answered from it.
//
// Import a program after `installHost()`; then `new Bank(program).open("wang")` gives a page to tap on.

import { register } from "node:module";
import { encodeUtf8 } from "./utf8.js";

let bank = null;
let call = null;

const FAKES = {
  "xitai:services/storage@1.0.0": "storage",
  "xitai:services/shared-storage@1.0.0": "shared",
  "xitai:services/counters@1.0.0": "counters",
  "xitai:services/config@1.0.0": "config",
  "xitai:services/partner@1.0.0": "partner",
  "xitai:identity/secure-fields@1.0.0": "secureFields",
  "xitai:services/log@1.0.0": "log",
  "xitai:content/library@1.0.0": "library",
  "xitai:content/authoring@1.0.0": "authoring",
  "xitai:content/feedback@1.0.0": "feedback",
};

/** Answers the contract's imports in this process. */
export function installHost() {
  globalThis.__xitai = fakes();
  register(`data:text/javascript,${encodeURIComponent(HOOKS)}`);
}

/** Runs in the loader's own thread: gives each of the contract's modules a source that asks this thread's fakes. */
const HOOKS = `
  const fakes = ${JSON.stringify(FAKES)};
  export async function resolve(specifier, context, next) {
    return fakes[specifier] ? { url: "xitai-fake:" + fakes[specifier], shortCircuit: true } : next(specifier, context);
  }
  export async function load(url, context, next) {
    if (!url.startsWith("xitai-fake:")) return next(url, context);
    const name = JSON.stringify(url.slice("xitai-fake:".length));
    return { format: "module", source: "export default globalThis.__xitai[" + name + "];", shortCircuit: true };
  }
`;

function refuse(kind, code, detail) {
  throw { kind, code, detail, retryAfterMs: null };
}

function fakes() {
  return {
    storage: {
      get: (key) => bank.kept.storage[`${call.subject}/${key}`] ?? null,
      set: (key, value) => void (bank.kept.storage[`${call.subject}/${key}`] = value),
      remove: (key) => void delete bank.kept.storage[`${call.subject}/${key}`],
    },
    shared: {
      get: (key) => bank.kept.shared[key] ?? null,
      swap(key, expected, value) {
        const version = bank.kept.shared[key]?.version ?? null;
        if (version !== (expected ?? null)) refuse("conflict", "shared.version", key);
        bank.kept.shared[key] = { value, version: (version ?? 0) + 1 };
      },
    },
    counters: {
      read: (name) => bank.kept.counters[name] ?? 0,
      add(name, delta, atLeast, atMost) {
        const moved = (bank.kept.counters[name] ?? 0) + delta;
        if (moved < atLeast || moved > atMost) refuse("conflict", "counter.bounds", name);
        bank.kept.counters[name] = moved;
      },
      next: (name) => (bank.series[name] = (bank.series[name] ?? 0) + 1),
    },
    partner: {
      call(request) {
        const before = bank.kept.calls.find((it) => it.request.key === request.key && it.subject === call.subject);
        if (before) return before.id;
        for (const [name, ticket] of request.sealed) {
          if (!bank.kept.fields[ticket]) refuse("conflict", "secure-field.empty", name);
        }
        const sealed = request.sealed.map(([name, ticket]) => [name, bank.kept.fields[ticket]]);
        for (const [, ticket] of request.sealed) delete bank.kept.fields[ticket];
        bank.ids = (bank.ids ?? 0) + 1;
        const id = `call-${bank.ids}`;
        bank.kept.calls.push({ id, request, sealed, subject: call.subject, answered: false });
        return id;
      },
    },
    secureFields: {
      prepare(kind, purpose) {
        if (!["card-number", "identity-number", "one-time-code"].includes(kind)) refuse("invalid", "secure-field.kind-unknown", kind);
        if (!purpose.trim()) refuse("invalid", "secure-field.purpose", "it is empty");
        bank.ids = (bank.ids ?? 0) + 1;
        bank.kept.fields[`field-${bank.ids}`] = null;
        return `field-${bank.ids}`;
      },
    },
    config: { get: (name) => bank.config[name] ?? null },
    log: { write: (level, text) => void bank.log.push(`${level}: ${text}`) },
    ...contentFakes(),
  };
}

/** Content as the stage has it, but for the reviewers: a test approves with `bank.approveDraft(id)`. */
function contentFakes() {
  const mine = () => call.ctx.actor.tag === "customer";
  const staffOnly = () => mine() && refuse("not-granted", "content.not-staff", "customers put nothing forward");
  const customersOnly = () => mine() || refuse("not-granted", "feedback.not-customer", "staff have no word here");
  const draftOf = (id) => bank.kept.drafts.find((draft) => draft.id === id) ?? refuse("not-found", "content.not-found", id);
  return {
    library: {
      find: ({ kind, tag, text }) => [bank.library.filter((entry) => (!kind || entry.kind === kind) && (!tag || entry.tags.includes(tag)) && (!text || (entry.title + entry.summary).includes(text))), undefined],
      get: (id) => bank.library.find((entry) => entry.id === id) ?? refuse("not-found", "content.not-found", id),
    },
    authoring: {
      submit(draft, key) {
        staffOnly();
        const before = bank.kept.drafts.find((kept) => kept.key === key);
        if (before && JSON.stringify(before.draft) !== JSON.stringify(draft)) refuse("conflict", "feedback.key-reused", key);
        if (before) return before.id;
        const id = `draft-${bank.kept.drafts.length + 1}`;
        bank.kept.drafts.push({ id, key, draft, review: { stage: "checking", findings: [] } });
        return id;
      },
      status: (id) => draftOf(id).review,
      withdraw(id) {
        draftOf(id).review.stage = "withdrawn";
        bank.library = bank.library.filter((entry) => entry.id !== id);
      },
    },
    feedback: {
      rate(about, payment, stars, text, key) {
        customersOnly();
        if (stars < 1 || stars > 5) refuse("invalid", "rating.stars", String(stars));
        if (!bank.settled.includes(payment)) refuse("not-granted", "rating.not-paid", "only who has paid can rate");
        const before = bank.kept.ratings.find((rating) => rating.payment === payment);
        if (before) Object.assign(before, { stars, text, key, at: bank.now });
        else bank.kept.ratings.push({ id: `rating-${bank.kept.ratings.length + 1}`, about, payment, stars, text, key, at: bank.now, answer: undefined });
      },
      complain(about, text, key) {
        customersOnly();
        const own = bank.kept.complaints.find((it) => it.subject === call.subject && (it.key === key || it.text === text));
        if (own) return own.id;
        const id = `complaint-${bank.kept.complaints.length + 1}`;
        bank.kept.complaints.push({ id, subject: call.subject, about, text, key });
        return id;
      },
      ratings: (about) => [bank.kept.ratings.filter((rating) => rating.about === about).reverse(), undefined],
      answer(id, text) {
        const rating = bank.kept.ratings.find((kept) => kept.id === id && !mine()) ?? refuse("not-found", "rating.not-found", id);
        rating.answer = text;
      },
      tally(about) {
        const all = bank.kept.ratings.filter((rating) => rating.about === about);
        return [BigInt(all.reduce((sum, rating) => sum + rating.stars, 0)), all.length];
      },
    },
  };
}

/** A bank with one branch in which one program is tried. */
export class Bank {
  constructor(program) {
    this.program = program;
    this.now = 1_772_424_000_000;
    this.kept = { storage: {}, shared: {}, counters: {}, calls: [], fields: {}, drafts: [], ratings: [], complaints: [] };
    /** Reviewed entries, and ids of payments that are settled. */
    this.library = [];
    this.settled = [];
    this.series = {};
    this.config = {};
    this.log = [];
    this.pages = [];
  }
  /** Reviewers approve what the program put forward. */
  approveDraft(id) {
    const { draft, review } = this.kept.drafts.find((kept) => kept.id === id);
    review.stage = "approved";
    this.library.push({ ...draft, id, published: this.now, opens: undefined, documents: [] });
  }
  /** Opens the program for a customer, or for staff with a role. */
  open(subject, { locale = "zh-CN", role = null, surface = "page" } = {}) {
    const actor = role ? { tag: "staff", val: role } : { tag: surface === "background" ? "nobody" : "customer" };
    const ctx = { now: this.now, channel: "phone", locale, zone: "Asia/Shanghai", utcOffsetMinutes: 480, elderMode: false, branch: "suzhou", actor, practice: false, supports: [], seed: new Uint8Array(32).fill(this.pages.length + 1) };
    const page = new Page(this, subject, ctx);
    this.perform(page, () => this.program.open(ctx, { page: "pages/index", query: [], signed: [], surface }));
    this.pages.push(page);
    return page;
  }
  perform(page, run) {
    const before = structuredClone(this.kept);
    [bank, call] = [this, page];
    try {
      page.step = run();
    } catch (thrown) {
      this.kept = before;
      throw thrown;
    } finally {
      [bank, call] = [null, null];
    }
    for (const kind of ["shared", "counters"]) {
      for (const [name, value] of Object.entries(this.kept[kind])) {
        if (JSON.stringify(value) === JSON.stringify(before[kind][name])) continue;
        for (const other of this.pages) {
          const waits = other.inbox.some((event) => event.val === name);
          if (other !== page && other.step.watch.includes(name) && !waits) other.inbox.push({ tag: "noticed", val: name });
        }
      }
    }
  }
  settle() {
    for (let page; (page = this.pages.find((waiting) => waiting.inbox.length > 0)); ) page.run(page.inbox.shift());
  }
}

class Page {
  constructor(owner, subject, ctx) {
    Object.assign(this, { bank: owner, subject, ctx, inbox: [] });
  }
  run(event) {
    this.bank.perform(this, () => this.bank.program.update(this.ctx, this.step.state, event));
  }
  tap(id, value = null) {
    const node = this.step.screen.nodes.find((shown) => shown.id === id);
    if (!node) throw new Error(`nothing on the screen has the id ${id}:\n${this.drawing()}`);
    this.run({ tag: "tapped", val: { id, value: value ?? node.element.val?.value ?? null } });
    this.bank.settle();
  }
  /** Fills in a secure field of the page, as the customer does in the host's own input. */
  fillSecure(id, value) {
    const node = this.step.screen.nodes.find((shown) => shown.id === id && shown.element.tag === "secure-field");
    if (!node) throw new Error(`no secure field has the id ${id}`);
    this.bank.kept.fields[node.element.val] = value;
  }
  /** Calls to partners of this page that wait: `request`, and `sealed` with what the host put in. */
  calls() {
    return this.bank.kept.calls.filter((it) => it.subject === this.subject && !it.answered);
  }
  /** The partner answers the oldest call that waits: a status and a body, or a code of the host's. */
  reply(statusOrCode, body = "") {
    const [asked] = this.calls();
    if (!asked) throw new Error("no call to a partner waits");
    asked.answered = true;
    const answer = typeof statusOrCode === "number"
      ? { tag: "ok", val: { status: statusOrCode, body: encodeUtf8(typeof body === "string" ? body : JSON.stringify(body)) } }
      : { tag: "err", val: statusOrCode };
    this.run({ tag: "replied", val: { call: asked.id, answer } });
    this.bank.settle();
  }
  submit(formId, buttonId, values) {
    this.run({ tag: "submitted", val: { form: formId, button: buttonId, values: Object.entries(values) } });
    this.bank.settle();
  }
  /** All texts of the screen, one element a line. */
  drawing() {
    const { title, nodes, root } = this.step.screen;
    const lines = [`# ${title}`];
    const walk = (index) => {
      const { element, id, children } = nodes[index];
      const value = element.val;
      const text = typeof value === "string" ? value : (value?.text ?? value?.title);
      const rest = [value?.subtitle, value?.trailing].filter(Boolean).join(" … ");
      if (text !== undefined) lines.push([text, rest, element.tag === "button" ? `[${id}]` : ""].filter(Boolean).join(" "));
      children.forEach(walk);
    };
    walk(root);
    return lines.join("\n");
  }
}
