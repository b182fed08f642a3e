// Time and chance on the stage. A sandbox is a picture taken at build time, without a clock and without entropy: left
// alone, the engine gives every customer the numbers of the build, or traps. Importing this file puts `Date`,
// `Math.random`, `crypto` and `performance.now` into the hands of the context; what a module draws while it loads would
// be a constant of the build, so it is refused in words.

const RealDate = Date;
const realRandom = Math.random;
const realCrypto = globalThis.crypto;

/** `{ now, seed, stream }` of the call that runs; the stream from the first number on. */
let playing = null;

/** Runs `work` with the time and the seed of a context. */
export function seeded(ctx, work) {
  const outer = playing;
  playing = { now: Number(ctx.now), seed: ctx.seed, stream: null };
  try {
    return work();
  } finally {
    playing = outer;
  }
}

/** Tests run in Node.js, where the world has a clock of its own. */
const inNode = () => typeof globalThis.process?.versions?.node === "string";

function between(what, real) {
  if (inNode()) return real();
  throw new Error(`${what} outside of open and update would be a constant of the build: ask for it within the call`);
}

const now = () => (playing ? playing.now : between("the time", () => RealDate.now()));

/** Fills `bytes` from the seed of the call. */
function fill(bytes) {
  if (!playing) return between("a random number", () => realCrypto.getRandomValues(bytes));
  playing.stream ??= chacha(Uint8Array.from(playing.seed));
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = playing.stream();
  return bytes;
}

class StageDate extends RealDate {
  constructor(...when) {
    super(...(when.length === 0 ? [now()] : when));
  }
  static now() {
    return now();
  }
}

function random() {
  if (!playing) return between("a random number", realRandom);
  const [a, b] = new Uint32Array(fill(new Uint8Array(8)).buffer);
  return ((a >>> 6) * 2 ** 27 + (b >>> 5)) / 2 ** 53;
}

const INTEGERS = /^(Big)?(Int|Uint)(8|16|32|64)(Clamped)?Array$/;

function getRandomValues(array) {
  if (!INTEGERS.test(array?.constructor?.name ?? "")) throw new TypeError("getRandomValues fills arrays of integers");
  if (array.byteLength > 65_536) throw new RangeError("getRandomValues fills at most 65,536 bytes at once");
  fill(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  return array;
}

function randomUUID() {
  const bytes = fill(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** The bytes of ChaCha20 under a key of 32: nobody who sees some of them can tell the next. */
function chacha(key) {
  const words = new Uint32Array(16);
  words.set([0x61707865, 0x3320646e, 0x79622d32, 0x6b206574]);
  for (let at = 0; at < 32; at += 1) words[4 + (at >> 2)] |= (key[at] ?? 0) << (8 * (at & 3));
  let block = new Uint8Array(0);
  let used = 0;
  return () => {
    if (used === block.length) {
      block = new Uint8Array(mixed(words).buffer);
      words[12] += 1;
      used = 0;
    }
    used += 1;
    return block[used - 1];
  };
}

const ROUND = [[0, 4, 8, 12], [1, 5, 9, 13], [2, 6, 10, 14], [3, 7, 11, 15], [0, 5, 10, 15], [1, 6, 11, 12], [2, 7, 8, 13], [3, 4, 9, 14]];

function mixed(words) {
  const mix = Uint32Array.from(words);
  const turn = (a, b, c, by) => {
    mix[a] += mix[b];
    const both = mix[c] ^ mix[a];
    mix[c] = (both << by) | (both >>> (32 - by));
  };
  for (let round = 0; round < 10; round += 1) {
    for (const [a, b, c, d] of ROUND) {
      turn(a, b, d, 16);
      turn(c, d, b, 12);
      turn(a, b, d, 8);
      turn(c, d, b, 7);
    }
  }
  for (let at = 0; at < 16; at += 1) mix[at] += words[at];
  return mix;
}

globalThis.Date = StageDate;
Math.random = random;
if (inNode()) {
  // Node's own object stays for everything else that it does.
  for (const [name, value] of Object.entries({ getRandomValues, randomUUID })) {
    Object.defineProperty(realCrypto, name, { value, configurable: true, writable: true });
  }
} else {
  // The engine's own `performance` can't be changed in place. Time stands still within a call.
  for (const [name, value] of Object.entries({ crypto: { getRandomValues, randomUUID }, performance: { now: () => 0, timeOrigin: 0 } })) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
}
