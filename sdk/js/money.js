// Exact money: whole minor units of one currency, never a float.

/** Amounts stay within ±(2^53 - 1) minor units, so that every language of the contract can hold one exactly. */
const MINOR_MAX = Number.MAX_SAFE_INTEGER;

/** Digits after the point, where they are not two. */
const DECIMALS = new Map([
  ...["JPY", "KRW", "VND", "CLP", "ISK", "XAF", "XOF"].map((currency) => [currency, 0]),
  ...["BHD", "KWD", "OMR", "JOD", "TND", "IQD", "LYD"].map((currency) => [currency, 3]),
]);

/** A whole number within range, out of a number or a BigInt. */
function whole(minor) {
  const held = typeof minor === "bigint" ? Number(minor) : minor;
  if (!Number.isSafeInteger(held)) throw new RangeError(`${minor} is no whole number of minor units within ±(2^53 - 1)`);
  return held + 0;
}

export class Money {
  constructor(minor, currency = "CNY") {
    if (currency !== "CNY" && !/^[A-Z]{3}$/.test(currency)) throw new RangeError(`${currency} is no currency: three capital letters of ISO 4217`);
    this.minor = whole(minor);
    this.currency = currency;
    Object.freeze(this);
  }
  static cny(minor) {
    return new Money(minor);
  }
  /** Money out of plain data, such as the state's. */
  static of({ minor, currency }) {
    return new Money(minor, currency);
  }
  static sum(amounts, currency = "CNY") {
    return [...amounts].reduce((sum, amount) => sum.plus(amount), new Money(0, currency));
  }
  /** What a person typed, such as `18`, `18.5` or `18,50`, as yuan; null where it is nothing of that kind. */
  static parseCny(text) {
    const found = /^(\d+)(?:[.,](\d{0,2}))?$/.exec(String(text).trim());
    if (!found) return null;
    const minor = BigInt(found[1] + (found[2] ?? "").padEnd(2, "0"));
    return minor <= BigInt(MINOR_MAX) ? new Money(minor) : null;
  }
  get isZero() {
    return this.minor === 0;
  }
  plus(other) {
    return new Money(BigInt(this.minor) + BigInt(this.alike(other).minor), this.currency);
  }
  minus(other) {
    return new Money(BigInt(this.minor) - BigInt(this.alike(other).minor), this.currency);
  }
  times(count) {
    if (!Number.isSafeInteger(count)) throw new RangeError(`${count} is no count`);
    return new Money(BigInt(this.minor) * BigInt(count), this.currency);
  }
  /** Below zero where it is less, above where it is more. */
  compare(other) {
    return Math.sign(this.minor - this.alike(other).minor);
  }
  equals(other) {
    return this.minor === Number(other?.minor) && this.currency === other?.currency;
  }
  /** Shares by weight that sum to the whole; what is left over goes to the largest remainders, earlier ones first. */
  split(weights) {
    const total = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
    if (total <= 0n) throw new RangeError("the weights of a split sum to more than nothing");
    const all = BigInt(this.minor);
    const shares = weights.map((weight) => (all * BigInt(weight)) / total);
    const rest = (at) => BigInt(weights[at]) * (all < 0n ? -all : all) % total;
    const order = weights.map((_, at) => at).sort((a, b) => (rest(b) > rest(a) ? 1 : rest(b) < rest(a) ? -1 : a - b));
    const left = all - shares.reduce((sum, share) => sum + share, 0n);
    for (const at of order.slice(0, Number(left < 0n ? -left : left))) shares[at] += left < 0n ? -1n : 1n;
    return shares.map((share) => new Money(share, this.currency));
  }
  /** Digits as people write them, such as `12.00`. */
  digits() {
    const decimals = DECIMALS.get(this.currency) ?? 2;
    const text = String(Math.abs(this.minor)).padStart(decimals + 1, "0");
    const shown = decimals === 0 ? text : `${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
    return this.minor < 0 ? `-${shown}` : shown;
  }
  toString() {
    if (this.currency !== "CNY") return `${this.currency} ${this.digits()}`;
    return this.minor < 0 ? `-¥${this.digits().slice(1)}` : `¥${this.digits()}`;
  }
  alike(other) {
    if (other.currency !== this.currency) throw new RangeError(`${this.currency} and ${other.currency} don't add up`);
    return other;
  }
}

/** Exact money in fen. */
export const cny = (minor) => new Money(minor);

/** What the contract takes: a plain record. */
export const lowerMoney = (money) => (money === null || money === undefined ? null : { minor: whole(money.minor), currency: money.currency });
/** Money out of what the host gave. */
export const liftMoney = (money) => (money === null || money === undefined ? null : Money.of(money));
