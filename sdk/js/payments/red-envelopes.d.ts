import type { Money, MoneyLike } from "../money.js";

export interface Envelope {
  id: string;
  /** Its sheet, over exactly the total, until it is paid for. */
  ticket: string | null;
  /** Shares that nobody has taken. */
  left: number;
}
/** `equal` shares or random ones; what nobody took in `ttlS` seconds, a day unless said otherwise, goes back. */
export function give(gift: { total: MoneyLike; count: number; equal?: boolean; ttlS?: number }, key: string): Envelope;
/** Once for each customer: what their share was. Taking again gives the same answer. */
export function take(id: string, key: string): Money;
export function get(id: string): Envelope;
