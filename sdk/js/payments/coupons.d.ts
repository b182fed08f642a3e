import type { Money, MoneyLike } from "../money.js";
import type { Instant } from "../ui.js";

/** What a campaign gives out here, now. */
export interface Offer {
  campaign: string;
  title: string;
  /** The most that a coupon takes off. */
  worth: Money;
  /** So many hundredths of a percent of what is to be paid, up to `worth`; null: a fixed amount. */
  basisPoints: number | null;
  minimumSpend: Money;
  /** What a coupon costs; null: nothing. */
  price: Money | null;
  until: Instant;
  /** Only for a one-time code. */
  byCode: boolean;
}
export interface Coupon {
  id: string;
  title: string;
  worth: Money;
  basisPoints: number | null;
  minimumSpend: Money;
  expires: Instant;
  /** The sheet on which it is bought, over exactly its price, while it is not. */
  ticket: string | null;
}
export interface Quote {
  discount: Money;
  payable: Money;
  /** Who bears how much. */
  fundedBy: [string, Money][];
}
export function offers(): Offer[];
/** The customer's coupons that can be used here now. */
export function eligible(): Coupon[];
/** Prices coupons against an amount, in their order, without making a draft. */
export function price(amount: MoneyLike, ids: string[]): Quote;
/** Gives the customer a coupon, or the ticket to buy one. The same `key` is the same coupon, for ever. */
export function claim(campaign: string, key: string): Coupon;
/** The same against a one-time code. A customer may try ten a day. */
export function redeemCode(code: string, key: string): Coupon;
