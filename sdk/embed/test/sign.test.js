import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { sign } from "../sign.js";

const secret = "whsec_" + Buffer.alloc(32, 7).toString("base64");
const launch = { embed: "tea-house", origin: "https://tea.example", program: "cn.bank.tea", query: [["table", "7"]] };

test("a launch is signed over all that it says", () => {
  const [body, tag] = sign(secret, launch, { nowMs: 1_000_000 }).split(".");
  assert.deepEqual(JSON.parse(Buffer.from(body, "base64url").toString()), { ...launch, page: null, exp: 1_300 });
  assert.equal(tag, createHmac("sha256", Buffer.alloc(32, 7)).update("xitai-embed.1." + body).digest("base64url"));
});

test("what the bank would refuse is not signed", () => {
  assert.throws(() => sign("secret", launch), TypeError);
  for (const seconds of [0, 601, NaN]) assert.throws(() => sign(secret, launch, { seconds }), RangeError);
});
