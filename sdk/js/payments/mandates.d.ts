import type { Money, MoneyLike } from "../money.js";
import type { Instant } from "../ui.js";

export type Period = "day" | "week" | "month" | "year" | "other";
export interface Terms<M = Money> {
  purpose: string;
  /** The most that one charge takes. */
  eachAtMost: M;
  /** Of the bank's calendar; weeks from Monday on. */
  period: Period;
  /** The most that all charges of a period take. */
  periodAtMost: M;
  /** When it ends. */
  until: Instant;
}
export interface Mandate {
  id: string;
  terms: Terms;
  status: "proposed" | "active" | "paused" | "revoked" | "expired" | "other";
  /** What counts towards the cap now: charges less what was refunded of them. */
  usedInPeriod: Money;
  /** Its sheet, while it was not shown. */
  ticket: string | null;
}
/** Asks the customer on the host's sheet. The same `key` and terms are the same mandate. */
export function propose(terms: Terms<MoneyLike>, key: string): Mandate;
/** A payment that is settled at once, without a sheet: its id. The same `key` and amount is the same charge, for ever. */
export function charge(mandate: string, amount: MoneyLike, key: string): string;
export function get(id: string): Mandate;
/** Ends it for good. */
export function revoke(id: string): Mandate;
