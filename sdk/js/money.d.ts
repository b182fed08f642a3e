/** What counts as money wherever an amount is taken: {@link Money}, or its plain data out of the state. */
export interface MoneyLike {
  /** Smallest units of the currency, such as fen: a whole number within ±(2^53 - 1). */
  readonly minor: number;
  /** ISO 4217 alphabetic code, such as `CNY`. */
  readonly currency: string;
}

/**
 * Exact money: whole minor units of one currency, never a float. It doesn't change; as JSON it is its plain data, which
 * `Money.of` reads. Each function throws a `RangeError` where currencies differ or an amount leaves ±(2^53 - 1).
 */
export class Money implements MoneyLike {
  constructor(minor: number | bigint, currency?: string);
  readonly minor: number;
  readonly currency: string;
  /** Renminbi, in fen: `Money.cny(1850)` is ¥18.50. */
  static cny(minor: number | bigint): Money;
  /** Money out of plain data, such as the state's. */
  static of(plain: MoneyLike): Money;
  static sum(amounts: Iterable<MoneyLike>, currency?: string): Money;
  /** What a person typed, such as `18`, `18.5` or `18,50`, as yuan; null where it is nothing of that kind. */
  static parseCny(text: string): Money | null;
  get isZero(): boolean;
  plus(other: MoneyLike): Money;
  minus(other: MoneyLike): Money;
  /** So many of it; `count` is a whole number. */
  times(count: number): Money;
  /** Below zero where it is less than the other, above where it is more. */
  compare(other: MoneyLike): number;
  equals(other: MoneyLike | null | undefined): boolean;
  /** Shares by whole weights that sum to the whole exactly; what is left over goes to the largest remainders, earlier ones first. */
  split(weights: readonly number[]): Money[];
  /** Digits as people write them, such as `12.00`. */
  digits(): string;
  /** Such as `¥12.00` or `USD 12.00`. */
  toString(): string;
}

/** Exact money in fen. */
export function cny(minor: number | bigint): Money;
