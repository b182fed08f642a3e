import type { MoneyLike } from "../money.js";
import type { Payment } from "./record.js";

export { isConfirmed, isDead } from "./record.js";
export type { Payment, Status } from "./record.js";

export type Payee =
  | { tag: "merchant"; val: string } | { tag: "branch"; val: string } | { tag: "head-office" }
  | { tag: "customer"; val: string } | { tag: "other"; val: string };
export interface Order {
  /** The program's own order number: the same key and body is the same payment, for ever. */
  key: string;
  amount: MoneyLike;
  purpose: string;
  /** Of the receipt: so many of something, and what they cost together. */
  lines?: { text: string; quantity?: number; amount: MoneyLike }[];
  /** Shares that sum to the amount exactly; without any, the program's own merchant gets all. */
  splits?: { payee: Payee; amount: MoneyLike; role: string }[];
  /** Ids of the customer's coupons. */
  coupons?: string[];
  /** Only reserves the money when the customer confirms; `capture` of `payments/merchant` takes it. */
  captureLater?: boolean;
  /** Seconds; 900 unless said otherwise. */
  expiresInS?: number;
}
/** Makes a draft. Nothing is reserved until the customer confirms on the sheet of its ticket. Throws a refusal. */
export function request(order: Order): Payment;
/** A payment of this session's customer in this program. */
export function get(id: string): Payment;
export function toMerchant(id: string): Payee;
export function toBranch(id: string): Payee;
/** By the subject that `whoami` gave. */
export function toCustomer(subject: string): Payee;
export function toHeadOffice(): Payee;
