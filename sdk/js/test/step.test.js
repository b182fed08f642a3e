import assert from "node:assert/strict";
import { test } from "node:test";
import { makeProgram, noScreen } from "../xitai.js";

test("joy names its kind", () => {
  const joyful = (celebrate) => makeProgram({ open: () => ({ state: null, screen: noScreen(), celebrate }), update() {} });
  const context = { now: 0, seed: new Uint8Array(32), locale: "en", utcOffsetMinutes: 0 };
  const told = (celebrate) => joyful(celebrate).open(context, {}).effects;
  assert.deepEqual(told(true), [{ kind: "celebrate", json: "{}" }]);
  assert.deepEqual(told("rocket"), [{ kind: "celebrate", json: '{"with":"rocket"}' }]);
  assert.deepEqual(told(false), []);
});
