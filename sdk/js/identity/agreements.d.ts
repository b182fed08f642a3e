import type { Money, MoneyLike } from "../money.js";
import type { Instant } from "../ui.js";

export interface Agreement {
  id: string;
  product: string;
  /** `ended` also where the customer declined. */
  status: "proposed" | "unsuitable" | "cooling-off" | "in-force" | "withdrawn" | "ended" | "other";
  amount: Money | null;
  /** Until when it can be withdrawn, or until when it is in force. */
  until: Instant | null;
  /** Why it does not suit the customer, in words that can be shown to them. */
  reasons: string[];
  /** Of the sheet, while it waits to be signed. With an amount it opens by a tap that names it. */
  ticket: string | null;
}
/** `product` is the id of a regulated product in the library. */
export function propose(product: string, amount: MoneyLike | null, key: string): Agreement;
export function get(id: string): Agreement;
/** Takes it back for the customer while it cools off. */
export function withdraw(id: string, key: string): Agreement;
