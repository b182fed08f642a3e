// Coupons of the campaigns that a test opened with `bank.openCampaign`. Their funders have money without end.
import { asking, numbered, refuse } from "../call.js";

/** No payment has it that is open or paid, and its time is not over. */
function isFree({ coupon }) {
  const { bank, kept } = asking();
  const using = kept.payments.filter((it) => it.order.coupons.includes(coupon.id));
  return bank.now < coupon.expires && using.every((it) => ["declined", "cancelled", "expired"].includes(it.payment.status));
}

/** What coupons take off, in their order; one minor unit stays to be paid. */
export function discountOf(amount, ids) {
  const { kept, subject } = asking();
  let rest = amount.minor;
  for (const id of ids) {
    const owned = kept.coupons.find((it) => it.coupon.id === id && it.subject === subject) ?? refuse("not-found", "coupon.not-found", id);
    if (!isFree(owned)) refuse("conflict", "coupon.not-usable", id);
    if (owned.coupon.minimumSpend.minor > amount.minor) refuse("invalid", "coupon.minimum", id);
    const points = owned.coupon.basisPoints;
    const part = points === null ? Infinity : Number((BigInt(rest) * BigInt(points)) / 10_000n);
    rest -= Math.min(part, owned.coupon.worth.minor, rest - 1);
  }
  return amount.minor - rest;
}

function give(offer, key, code) {
  const { kept, subject } = asking();
  const before = kept.coupons.find((it) => it.subject === subject && it.key === key);
  if (before && before.campaign !== offer.campaign) refuse("conflict", "coupon.key-differs", key);
  if (before) return before.coupon;
  const { title, worth, basisPoints = null, minimumSpend, until } = offer;
  const coupon = { id: numbered("coupon"), title, worth, basisPoints, minimumSpend, expires: until, ticket: null };
  kept.coupons.push({ coupon, campaign: offer.campaign, subject, key, code });
  return coupon;
}

export const coupons = {
  offers: () => asking().bank.campaigns.map((it) => it.offer).filter((offer) => asking().bank.now < offer.until),
  eligible: () => asking().kept.coupons.filter((it) => it.subject === asking().subject && isFree(it)).map((it) => it.coupon),
  price(amount, ids) {
    const discount = discountOf(amount, ids);
    const money = (minor) => ({ minor, currency: amount.currency });
    return { discount: money(discount), payable: money(amount.minor - discount), fundedBy: discount === 0 ? [] : [["head-office", money(discount)]] };
  },
  claim(campaign, key) {
    const found = asking().bank.campaigns.find((it) => it.offer.campaign === campaign && !it.offer.byCode);
    return give((found ?? refuse("not-found", "campaign.not-found", campaign)).offer, key, null);
  },
  redeemCode(code, key) {
    const { bank, kept } = asking();
    const found = bank.campaigns.find((it) => it.codes.includes(code));
    const used = kept.coupons.some((it) => it.code === code && it.key !== key);
    if (!found || used) refuse("not-found", "coupon.code-wrong", code);
    return give(found.offer, key, code);
  },
};
