// Payouts out of the budget that a test gives with `bank.kept.budget`, and red envelopes. Random shares are half of what
// is left here, so that tests can count on them.
import { ask, asking, numbered, refuse } from "../call.js";
import { balanceOf } from "./payments.js";

export const payouts = {
  pay(to, amount, reason, key) {
    const { bank, kept } = asking();
    if (amount.minor <= 0) refuse("invalid", "payment.amount-not-positive");
    const before = kept.payouts.find((it) => it.to === to && it.key === key);
    if (before && (before.minor !== amount.minor || before.reason !== reason)) refuse("conflict", "payout.key-differs", key);
    if (before) return before.id;
    if (!bank.pages.some((page) => page.subject === to)) refuse("not-found", "payout.no-customer", to);
    if (kept.budget < amount.minor) refuse("limited", "payout.budget");
    kept.budget -= amount.minor;
    kept.balances[to] = balanceOf(kept, to) + amount.minor;
    const id = numbered("payout");
    kept.payouts.push({ id, to, minor: amount.minor, reason, key });
    return id;
  },
};

function shares(total, count, equal) {
  let rest = total;
  return Array.from({ length: count }, (_, at) => {
    const left = count - at;
    const share = equal || left === 1 ? Math.floor(rest / left) : Math.min(Math.max(Math.floor(rest / 2), 1), rest - (left - 1));
    rest -= share;
    return share;
  });
}
const find = (id) => asking().kept.gifts.find((it) => it.envelope.id === id) ?? refuse("not-found", "envelope.not-found", id);

export const redEnvelopes = {
  give(total, count, equal, ttlS, key) {
    const { kept, subject } = asking();
    const before = kept.gifts.find((it) => it.giver === subject && it.key === key);
    if (before) return before.envelope;
    if (count < 1 || count > 100 || total.minor < count) refuse("invalid", "envelope.invalid", key);
    const id = numbered("envelope");
    const envelope = { id, ticket: ask("envelope", numbered("ticket"), { id, arms: total }), left: count };
    kept.gifts.push({ envelope, giver: subject, key, total, ttl: ttlS * 1_000, shares: shares(total.minor, count, equal), until: null, taken: {} });
    return envelope;
  },
  take(id) {
    const { bank, kept, subject } = asking();
    const gift = find(id);
    const { currency } = gift.total;
    if (gift.taken[subject] !== undefined) return { minor: gift.taken[subject], currency };
    if (gift.until === null || bank.now >= gift.until) refuse("conflict", "envelope.not-open", id);
    const minor = gift.shares[Object.keys(gift.taken).length] ?? refuse("limited", "envelope.empty", id);
    gift.taken[subject] = minor;
    gift.envelope.left -= 1;
    kept.balances[subject] = balanceOf(kept, subject) + minor;
    return { minor, currency };
  },
  get: (id) => find(id).envelope,
};

/** Gives back what nobody took of envelopes that are over. */
export function giveBack(bank) {
  const { kept, now } = bank;
  for (const gift of kept.gifts.filter((it) => it.until !== null && it.until <= now)) {
    const left = gift.shares.splice(Object.keys(gift.taken).length);
    kept.balances[gift.giver] = balanceOf(kept, gift.giver) + left.reduce((sum, share) => sum + share, 0);
  }
}

export const AGREED = {
  /** The giver pays. */
  envelope({ bank, kept, ask: { id } }) {
    const gift = kept.gifts.find((it) => it.envelope.id === id);
    gift.envelope.ticket = null;
    gift.until = bank.now + gift.ttl;
    kept.balances[gift.giver] = balanceOf(kept, gift.giver) - gift.total.minor;
    return id;
  },
};
