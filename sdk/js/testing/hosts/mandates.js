// Standing permissions: `page.confirmSheet()` agrees to one. The caps hold as at the bank, in periods that never end
// here: a test moves the clock past a mandate's own end.
import { ask, asking, numbered, refuse, same } from "../call.js";
import { balanceOf, bill } from "./payments.js";

function find(id) {
  const { kept, subject, forMerchant } = asking();
  const found = kept.mandates.find((it) => it.mandate.id === id && (it.subject === subject || forMerchant));
  return found ?? refuse("not-found", "mandate.not-found", id);
}

function mayCharge({ mandate }, amount) {
  const { terms } = mandate;
  if (mandate.status !== "active" || asking().bank.now >= terms.until) refuse("conflict", "mandate.not-active", mandate.id);
  if (amount.currency !== terms.eachAtMost.currency) refuse("invalid", "payment.currency-differs", amount.currency);
  if (amount.minor > terms.eachAtMost.minor) refuse("limited", "mandate.each-exceeded", mandate.id);
  if (mandate.usedInPeriod.minor + amount.minor > terms.periodAtMost.minor) refuse("limited", "mandate.period-exceeded", mandate.id);
}

export const mandates = {
  propose(terms, key) {
    const { bank, kept, subject } = asking();
    const before = kept.mandates.find((it) => it.subject === subject && it.key === key);
    if (before && !same(before.mandate.terms, terms)) refuse("conflict", "mandate.key-differs", key);
    if (before) return before.mandate;
    const { eachAtMost: each, periodAtMost: period } = terms;
    if (each.minor <= 0 || each.minor > period.minor || each.currency !== period.currency || terms.until <= bank.now) {
      refuse("invalid", "mandate.terms-invalid", terms.purpose);
    }
    const id = numbered("mandate");
    const mandate = { id, terms, status: "proposed", usedInPeriod: { minor: 0, currency: each.currency }, ticket: ask("mandate", numbered("ticket"), { id }) };
    kept.mandates.push({ mandate, subject, key });
    return mandate;
  },
  charge(id, amount, key) {
    const { kept } = asking();
    const given = find(id);
    const before = kept.payments.find((it) => it.subject === given.subject && it.payment.key === key);
    if (before && !same(before.order.amount, amount)) refuse("conflict", "payment.key-differs", key);
    if (before) return before.payment.id;
    mayCharge(given, amount);
    const balance = balanceOf(kept, given.subject);
    if (balance < amount.minor) refuse("conflict", "ledger.insufficient-funds");
    kept.balances[given.subject] = balance - amount.minor;
    given.mandate.usedInPeriod.minor += amount.minor;
    const order = { key, amount, purpose: given.mandate.terms.purpose, lines: [], splits: [], coupons: [], captureLater: false, expiresInS: 900 };
    const made = { ...bill(order, { status: "settled" }), subject: given.subject };
    kept.payments.push(made);
    return made.payment.id;
  },
  get: (id) => find(id).mandate,
  revoke(id) {
    const { mandate } = find(id);
    mandate.status = "revoked";
    return mandate;
  },
};

export const AGREED = {
  mandate({ kept, ask: { id } }) {
    Object.assign(kept.mandates.find((it) => it.mandate.id === id).mandate, { status: "active", ticket: null });
    return id;
  },
};
