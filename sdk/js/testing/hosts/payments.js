// The customer's payments, the branch's takings, and codes.
import { asking, numbered, refuse, same } from "../call.js";
import { discountOf } from "./coupons.js";

export const balanceOf = (kept, subject) => kept.balances[subject] ?? 100_000;

/** A payment as the bank keeps it, with what it knows beside it. */
export function bill(order, { discount = 0, status = "draft", ticket = null }) {
  const { bank, page, subject, chain } = asking();
  const money = (minor) => ({ minor, currency: order.amount.currency });
  const payable = order.amount.minor - discount;
  return {
    payment: {
      id: numbered("payment"),
      key: order.key,
      status,
      amount: order.amount,
      discount: money(discount),
      payable: money(payable),
      captured: money(status === "settled" ? payable : 0),
      refunded: money(0),
      declineCode: null,
      updated: bank.now,
      ticket,
    },
    order,
    page: page.number,
    subject,
    chain,
    expires: bank.now + order.expiresInS * 1_000,
    done: [],
  };
}

export const payments = {
  request(order) {
    const { kept, subject } = asking();
    const before = kept.payments.find((it) => it.subject === subject && it.payment.key === order.key);
    if (before && !same(before.order, order)) refuse("conflict", "payment.key-differs", order.key);
    if (before) return before.payment;
    const legs = order.splits.reduce((sum, split) => sum + split.amount.minor, 0);
    if (order.amount.minor <= 0 || (order.splits.length > 0 && legs !== order.amount.minor)) {
      refuse("invalid", "payment.amount", "the legs sum to the amount, above zero");
    }
    const made = bill(order, { discount: discountOf(order.amount, order.coupons), ticket: numbered("ticket") });
    kept.payments.push(made);
    return made.payment;
  },
  get(id) {
    const { kept, subject, forMerchant } = asking();
    const found = kept.payments.find((it) => it.payment.id === id && (it.subject === subject || forMerchant));
    return found?.payment ?? refuse("not-found", "payment.not-found", id);
  },
};

function operate(id, key, change) {
  const { bank, kept, forMerchant } = asking();
  if (!forMerchant) refuse("not-granted", "payment.not-staff", "only staff may do this");
  const found = kept.payments.find((it) => it.payment.id === id) ?? refuse("not-found", "payment.not-found", id);
  if (found.done.includes(key)) return found.payment;
  change(found);
  found.done.push(key);
  found.payment.updated = bank.now;
  return found.payment;
}

export const merchantPayments = {
  search(since) {
    const { kept, forMerchant } = asking();
    if (!forMerchant) refuse("not-granted", "payment.not-staff", "customers see only their own");
    return [kept.payments.map((it) => it.payment).filter((payment) => payment.updated >= since), null];
  },
  capture: (id, amount, key) =>
    operate(id, key, ({ payment }) => {
      if (payment.status !== "authorised" || amount.minor > payment.payable.minor) refuse("conflict", "payment.state", "only what is reserved can be taken");
      payment.captured.minor += amount.minor;
      payment.status = "settled";
    }),
  cancel: (id, key) =>
    operate(id, key, ({ payment }) => {
      if (["settled", "partly-captured"].includes(payment.status)) refuse("conflict", "payment.state", "what is settled is refunded, not cancelled");
      Object.assign(payment, { status: "cancelled", ticket: null });
    }),
  refund: (id, amount, _reason, key) =>
    operate(id, key, ({ payment, subject }) => {
      const { kept } = asking();
      if (amount.minor <= 0 || payment.refunded.minor + amount.minor > payment.captured.minor) refuse("invalid", "payment.refund", "no more can go back than was taken");
      payment.refunded.minor += amount.minor;
      kept.balances[subject] = balanceOf(kept, subject) + amount.minor;
    }),
};

/** Codes to be scanned; here a plain text that says the same. */
export const merchantCodes = {
  make: (amount, reference) => `EMV|${reference}|${amount ? `${amount.currency}${amount.minor}` : ""}`,
  read(text) {
    const found = /^EMV\|([^|]*)\|(?:([A-Z]{3})(\d+))?$/.exec(text) ?? refuse("invalid", "code.unreadable", text);
    return [found[1], found[2] ? { minor: Number(found[3]), currency: found[2] } : null];
  },
};
