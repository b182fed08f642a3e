// What a sandbox makes of time and chance, and of an exception.

import { button, isTap, makeProgram, noScreen, paragraph, screen } from "xitai";
import type { Step } from "xitai";
import * as counters from "xitai/services/counters";
import * as log from "xitai/services/log";

let early = "nothing was drawn while the module was loaded";
try {
  early = crypto.randomUUID();
} catch (refused) {
  early = String(refused);
}

function show(): Step<null> {
  const drawn = { key: crypto.randomUUID(), number: String(Math.floor(Math.random() * 2 ** 40)), now: new Date().toISOString(), early };
  return { state: null, screen: screen("Chance", [...Object.entries(drawn).map(([id, text]) => paragraph(text, { id })), button("Break", { id: "break" }), button("Again", { id: "again" })]) };
}

function broken(): never {
  log.warn("about to break");
  throw new TypeError(`broken after ${counters.read("none")}`);
}

export const program = makeProgram<null>({
  open: (_ctx, launch) => (launch.surface === "background" ? { state: null, screen: noScreen() } : show()),
  update: (_ctx, _state, event) => (isTap(event, "break") ? broken() : show()),
});
