// What a meal costs: the customer's best coupon is taken off by itself, and who pays for it is said.

import { say } from "xitai";
import type { Context, Money } from "xitai";
import * as coupons from "xitai/payments/coupons";
import type { Coupon, Offer } from "xitai/payments/coupons";
import * as storage from "xitai/services/storage";

export interface Price {
  payable: Money;
  discount: Money | null;
  coupon: Coupon | null;
  fundedBy: [string, Money][];
}

export function priceOf(total: Money): Price {
  const fits = coupons.eligible().filter((coupon) => coupon.minimumSpend.currency === total.currency && coupon.minimumSpend.compare(total) <= 0);
  const quoted = fits.map((coupon) => ({ coupon, ...coupons.price(total, [coupon.id]) }));
  const [best] = quoted.sort((a, b) => b.discount.compare(a.discount));
  return best && !best.discount.isZero ? best : { payable: total, discount: null, coupon: null, fundedBy: [] };
}

/** Campaigns that the customer has had nothing of yet. */
export function offers(): Offer[] {
  const had = storage.get<string[]>("claimed") ?? [];
  return coupons.offers().filter((offer) => !offer.byCode && offer.price === null && !had.includes(offer.campaign));
}

export function claim(campaign: string) {
  coupons.claim(campaign, `claim-${campaign}`);
  storage.set("claimed", [...(storage.get<string[]>("claimed") ?? []), campaign]);
}

/** Who bears a part of a discount, in words. */
export function funder(ctx: Context, id: string): string {
  if (id.startsWith("merchant:")) return say(ctx, "商户承担", "From the restaurant");
  if (id.startsWith("branch:")) return say(ctx, "网点承担", "From the branch");
  return say(ctx, "总行承担", "From head office");
}
