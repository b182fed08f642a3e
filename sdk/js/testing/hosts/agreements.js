// Agreements about entries of the library: one whose `risk` is above what `bank.proves` says is unsuitable. A sheet that
// is confirmed signs; `cooling-off-hours` of the entry say how long it can be taken back.
import { ask, asking, numbered, refuse, same } from "../call.js";

const HOUR = 3_600_000;

function find(id) {
  const { bank, kept, subject } = asking();
  const found = kept.agreements.find((it) => it.subject === subject && it.agreement.id === id) ?? refuse("not-found", "agreement.not-found", id);
  const { agreement } = found;
  if (agreement.status === "cooling-off" && agreement.until !== null && bank.now >= agreement.until) Object.assign(agreement, { status: "in-force", until: null });
  return agreement;
}

export const agreements = {
  propose(product, amount, key) {
    const { bank, kept, subject } = asking();
    const before = kept.agreements.find((it) => it.subject === subject && it.key === key);
    if (before && (before.agreement.product !== product || !same(before.agreement.amount, amount))) refuse("conflict", "agreement.key-reused", key);
    if (before) return before.agreement;
    const entry = bank.library.find((it) => it.id === product) ?? refuse("not-found", "content.not-found", product);
    const detail = (name) => entry.details.find(([other]) => other === name)?.[1];
    const risk = detail("risk") ?? refuse("invalid", "agreement.product", "risk");
    const suits = bank.proofs.has(`${subject}/suitable-for/${risk}`);
    const id = numbered("agreement");
    const ticket = suits ? ask("agreement", numbered("sign"), { id, arms: amount, hours: Number(detail("cooling-off-hours") ?? 0) }) : null;
    const reasons = suits ? [] : [`not suitable-for ${risk}`];
    const agreement = { id, product, status: suits ? "proposed" : "unsuitable", amount, until: null, reasons, ticket };
    kept.agreements.push({ subject, key, agreement });
    return agreement;
  },
  get: (id) => find(id),
  withdraw(id) {
    const agreement = find(id);
    if (["in-force", "ended"].includes(agreement.status)) refuse("conflict", "agreement.cooled-off", id);
    if (!["cooling-off", "withdrawn"].includes(agreement.status)) refuse("conflict", "agreement.not-signed", id);
    return Object.assign(agreement, { status: "withdrawn", until: null });
  },
};

export const AGREED = {
  agreement({ bank, kept, ask: { id, hours } }) {
    const { agreement } = kept.agreements.find((it) => it.agreement.id === id);
    Object.assign(agreement, { ticket: null, status: hours > 0 ? "cooling-off" : "in-force", until: hours > 0 ? bank.now + hours * HOUR : null });
    return id;
  },
};
