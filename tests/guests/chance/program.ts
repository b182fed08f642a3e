// What a sandbox makes of time and chance, of an exception, and of the state that it kept.

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

/** One of every length that UTF-8 has. */
const SAID = "a é 戏 👋";

function show(kept: string): Step<string> {
  const drawn = { key: crypto.randomUUID(), number: String(Math.floor(Math.random() * 2 ** 40)), generator: String(crypto.getRandomValues(new Uint32Array(1))[0]), now: new Date().toISOString(), clock: new Date(Date.now()).toISOString(), early, kept };
  return { state: SAID, screen: screen("Chance", [...Object.entries(drawn).map(([id, text]) => paragraph(text, { id })), button("Break", { id: "break" }), button("Again", { id: "again" })]) };
}

function broken(): never {
  log.warn("about to break");
  throw new TypeError(`broken after ${counters.read("none")}`);
}

export const program = makeProgram<string>({
  open: (_ctx, launch) => (launch.surface === "background" ? { state: "", screen: noScreen() } : show("nothing")),
  update: (_ctx, state, event) => (isTap(event, "break") ? broken() : show(state)),
});
