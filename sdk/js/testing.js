// Programs on the developer's machine: a bank in memory, and the contract's imports answered from it.
//
// Import a program after `installHost()`; then `new Bank(program).open("wang")` gives a page to tap on.

import { register } from "node:module";

let bank = null;
let call = null;

const FAKES = {
  "xitai:services/storage@1.0.0": "storage",
  "xitai:services/shared-storage@1.0.0": "shared",
  "xitai:services/counters@1.0.0": "counters",
  "xitai:services/config@1.0.0": "config",
  "xitai:services/log@1.0.0": "log",
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
    config: { get: (name) => bank.config[name] ?? null },
    log: { write: (level, text) => void bank.log.push(`${level}: ${text}`) },
  };
}

/** A bank with one branch in which one program is tried. */
export class Bank {
  constructor(program) {
    this.program = program;
    this.now = 1_772_424_000_000;
    this.kept = { storage: {}, shared: {}, counters: {} };
    this.series = {};
    this.config = {};
    this.log = [];
    this.pages = [];
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
