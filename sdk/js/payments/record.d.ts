import type { Money } from "../money.js";
import type { Instant } from "../ui.js";

export type Status =
  | "draft" | "awaiting-confirmation" | "held" | "authorised" | "partly-captured" | "settled"
  | "declined" | "cancelled" | "expired" | "unknown" | "other";
export interface Payment {
  /** The bank's number of it. */
  id: string;
  /** The order's own number. */
  key: string;
  status: Status;
  amount: Money;
  /** What coupons take off. */
  discount: Money;
  /** What the customer pays. The button that leads to the sheet carries exactly this. */
  payable: Money;
  captured: Money;
  refunded: Money;
  /** Why it was declined. */
  declineCode: string | null;
  updated: Instant;
  /** The pay sheet, while the payment is a draft: the step's `sheet`. */
  ticket: string | null;
}
/** Whether the customer has paid or the money is reserved. */
export function isConfirmed(payment: Payment): boolean;
/** Whether nothing will ever be paid on it. */
export function isDead(payment: Payment): boolean;
