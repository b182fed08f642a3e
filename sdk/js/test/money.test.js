import assert from "node:assert/strict";
import { test } from "node:test";
import { Money, cny } from "../xitai.js";

const MOST = Number.MAX_SAFE_INTEGER;

test("arithmetic is exact, and refuses what it cannot hold", () => {
  assert.equal(cny(1850).times(2).toString(), "¥37.00");
  assert.equal(cny(5).minus(cny(7)).minor, -2);
  assert.equal(Money.sum([1, 2, 3].map(cny)).minor, 6);
  for (const wrong of [() => cny(1.5), () => cny(NaN), () => cny(2 ** 53), () => cny(2n ** 53n), () => cny(MOST).plus(cny(1)), () => cny(MOST).times(2), () => cny(1).times(0.1), () => cny(1).plus(new Money(1, "USD")), () => new Money(1, "yuan")]) {
    assert.throws(wrong, RangeError, String(wrong));
  }
});

test("shares sum to the whole", () => {
  const shares = (minor, weights) => cny(minor).split(weights).map((share) => share.minor);
  assert.deepEqual(shares(100, [1, 1, 1]), [34, 33, 33]);
  assert.deepEqual(shares(-100, [1, 1, 1]), [-34, -33, -33]);
  assert.deepEqual(shares(MOST, [2 ** 32 - 1, 1]).reduce((sum, share) => sum + BigInt(share), 0n), BigInt(MOST));
  assert.throws(() => cny(1).split([]), RangeError);
});

test("people type yuan", () => {
  assert.equal(Money.parseCny(" 18 ").minor, 1800);
  assert.equal(Money.parseCny("18.5").minor, 1850);
  assert.equal(Money.parseCny("18,5").minor, 1850);
  for (const wrong of ["", ".5", "1.234", "-1", "1,000", "1,000.50", "￥3", "99999999999999999999"]) assert.equal(Money.parseCny(wrong), null, wrong);
  assert.equal(cny(-5).toString(), "-¥0.05");
  assert.equal(new Money(500, "JPY").toString(), "JPY 500");
});

test("money in the state comes back", () => {
  const kept = JSON.parse(JSON.stringify({ total: cny(1850) }));
  assert.ok(Money.of(kept.total).equals(cny(1850)));
});
