import type { Money, MoneyLike } from "../money.js";

/** The text of a code that asks for `amount`, or with null lets the payer choose it. Draw it by `qr`. */
export function make(amount: MoneyLike | null, reference: string): string;
export function read(text: string): { reference: string; amount: Money | null };
