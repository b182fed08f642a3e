import assert from "node:assert/strict";
import { test } from "node:test";
import { makeProgram, noScreen } from "../xitai.js";

const drawing = makeProgram({
  open: () => ({ state: { numbers: [Math.random(), Math.random()], key: crypto.randomUUID(), bytes: [...crypto.getRandomValues(new Uint8Array(4))], now: Date.now(), day: new Date().toISOString() }, screen: noScreen() }),
  update() {},
});
const context = (seed, now = 1_772_424_000_000) => ({ now, seed, locale: "en", utcOffsetMinutes: 0 });
const seedOf = (first) => Uint8Array.from({ length: 32 }, (_, at) => first + at);
const drawn = (seed, now) => JSON.parse(new TextDecoder().decode(drawing.open(context(seed, now), {}).state));

test("the same seed draws the same, another one something else", () => {
  const first = drawn(seedOf(1));
  assert.deepEqual(drawn(seedOf(1)), first);
  const other = drawn(seedOf(2));
  for (const what of ["numbers", "key", "bytes"]) assert.notDeepEqual(other[what], first[what], what);
  assert.notEqual(first.numbers[0], first.numbers[1]);
  assert.match(first.key, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("a merchant's order keys do not collide from one sandbox to the next", () => {
  const numbered = (at) => Uint8Array.from({ length: 32 }, (_, place) => (place < 2 ? at >> (8 * place) : 0));
  const keys = new Set(Array.from({ length: 500 }, (_, at) => drawn(numbered(at)).key));
  assert.equal(keys.size, 500);
});

test("every byte of the seed counts", () => {
  const plain = new Uint8Array(32);
  const keys = new Set(plain.map((_, at) => at).reduce((all, at) => [...all, drawn(plain.with(at, 1)).key], [drawn(plain).key]));
  assert.equal(keys.size, 33);
});

test("the clock is the context's, and real again afterwards", () => {
  const { now, day } = drawn(seedOf(1), 86_400_000);
  assert.deepEqual([now, day], [86_400_000, "1970-01-02T00:00:00.000Z"]);
  assert.ok(Date.now() > 1_700_000_000_000);
});

test("numbers are spread evenly", () => {
  const many = makeProgram({ open: () => ({ state: Array.from({ length: 4_000 }, () => Math.random()), screen: noScreen() }), update() {} });
  const numbers = JSON.parse(new TextDecoder().decode(many.open(context(seedOf(9)), {}).state));
  const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  assert.ok(Math.abs(mean - 0.5) < 0.03, String(mean));
  assert.ok(numbers.every((number) => number >= 0 && number < 1));
});

test("what is thrown becomes a failure that names its line", () => {
  const broken = makeProgram({
    open() {
      throw new TypeError("boom");
    },
    update() {},
  });
  const caught = (run) => {
    try {
      run();
    } catch (thrown) {
      return thrown;
    }
  };
  const thrown = caught(() => broken.open(context(seedOf(1)), {}));
  assert.equal(thrown.code, "program.exception");
  assert.match(thrown.detail, /^TypeError: boom\n[^]*seed\.test\.js:\d+/);
  const stepless = caught(() => broken.update(context(seedOf(1)), new TextEncoder().encode("null"), { tag: "resumed" }));
  assert.match(stepless.detail, /return a step/);
});
