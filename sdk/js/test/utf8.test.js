import assert from "node:assert/strict";
import { test } from "node:test";
import { entered } from "../xitai.js";
import { decodeUtf8, encodeUtf8 } from "../utf8.js";

/** The same file as the stage's engine runs it: without TextEncoder, with base64 in typed arrays. */
async function onTheStage() {
  const { TextEncoder, TextDecoder } = globalThis;
  delete globalThis.TextEncoder;
  delete globalThis.TextDecoder;
  try {
    return await import("../utf8.js?stage");
  } finally {
    Object.assign(globalThis, { TextEncoder, TextDecoder });
    Uint8Array.fromBase64 ??= (text) => Uint8Array.from(Buffer.from(text, "base64"));
    Uint8Array.prototype.toBase64 ??= function () {
      return Buffer.from(this.buffer, this.byteOffset, this.byteLength).toString("base64");
    };
  }
}

test("texts come back, and are the same bytes on the stage", async () => {
  const stage = await onTheStage();
  const every = Array.from({ length: 0x11000 }, (_, at) => (at < 0xd800 || at > 0xdfff ? String.fromCodePoint(at) : "")).join("");
  for (const text of ["", "plain 100%", "a é 戏 👋", "\ufeffmarked", "\0\x7f\x80\xff%25+", every]) {
    const bytes = encodeUtf8(text);
    assert.deepEqual(stage.encodeUtf8(text), bytes);
    assert.equal(decodeUtf8(bytes), text);
    assert.equal(stage.decodeUtf8(bytes), text);
    assert.equal(stage.decodeUtf8([...bytes]), text);
    assert.equal(stage.decodeUtf8(Uint8Array.from([65, ...bytes, 66]).subarray(1, -1)), text);
  }
});

test("a lone surrogate is replaced, other bytes and what is no text are refused", async () => {
  for (const { encodeUtf8: encode, decodeUtf8: decode } of [{ encodeUtf8, decodeUtf8 }, await onTheStage()]) {
    assert.equal(decode(encode("a\ud83d")), "a\ufffd");
    for (const wrong of [[0xff], [0xe6, 0x88], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80]]) {
      assert.throws(() => decode(Uint8Array.from(wrong)), String(wrong));
    }
    assert.throws(() => encode(JSON.stringify(undefined)), /undefined is no text/);
  }
});

test("a number that can't be held exactly is none", () => {
  const { number } = entered({ form: "f", button: "b", values: [["most", " 9007199254740991 "], ["more", "9007199254740993"], ["long", "9".repeat(400)], ["word", "1e3"]] });
  assert.deepEqual(["most", "more", "long", "word", "none"].map(number), [Number.MAX_SAFE_INTEGER, null, null, null, null]);
});
