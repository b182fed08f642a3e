// For the partner's server: signs what a frame opens. Needs Node's own `crypto` and nothing else.
import { createHmac } from "node:crypto";

const PREFIX = "xitai-embed.1.";

/**
 * @param {string} secret as the bank gave it: `whsec_…`
 * @param {import("./sign.js").Launch} launch
 * @param {{ seconds?: number, nowMs?: number }} [options]
 */
export function sign(secret, launch, { seconds = 300, nowMs = Date.now() } = {}) {
  if (!secret.startsWith("whsec_")) throw new TypeError("the secret begins with whsec_");
  if (!(seconds > 0 && seconds <= 600)) throw new RangeError("seconds: 1 to 600");
  const { embed, origin, program, page = null, query = [] } = launch;
  const exp = Math.floor(nowMs / 1000) + seconds;
  const body = Buffer.from(JSON.stringify({ embed, origin, program, page, query, exp })).toString("base64url");
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  return body + "." + createHmac("sha256", key).update(PREFIX + body).digest("base64url");
}
