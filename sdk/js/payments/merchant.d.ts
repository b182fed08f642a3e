import type { MoneyLike } from "../money.js";
import type { Instant } from "../ui.js";
import type { Payment } from "./record.js";

export { isConfirmed, isDead } from "./record.js";
export type { Payment, Status } from "./record.js";

/** Payments that changed at or after `since`, oldest change first: a page, and the cursor to the next. */
export function search(since: Instant, after?: string | null): { payments: Payment[]; next: string | null };
/** Takes money that the customer's confirmation reserved. The same `key` does it once. */
export function capture(id: string, amount: MoneyLike, key: string): Payment;
/** Lets go of a payment that is not settled. */
export function cancel(id: string, key: string): Payment;
/** Gives money back. The same `key` does it once. */
export function refund(id: string, amount: MoneyLike, reason: string, key: string): Payment;
