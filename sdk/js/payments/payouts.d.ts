import type { MoneyLike } from "../money.js";

/** Pays a customer, by the subject that `whoami` gave: the payout's id. The same key, customer, amount and reason is the same payout, for ever. */
export function pay(to: string, amount: MoneyLike, reason: string, key: string): string;
