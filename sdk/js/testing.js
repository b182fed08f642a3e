// Programs on the developer's machine: a bank in memory, and the contract's imports answered from it.
//
// Import a program after `installHost()`; then `new Bank(program).open("wang")` gives a page to tap on. The rules that
// the host enforces are enforced here too: the armed amount, unknown or disabled nodes, ids used twice, the limits of the
// contract. README.md says what is not played.

import { register } from "node:module";
import { playing } from "./testing/call.js";
import { HOSTS } from "./testing/hosts.js";

export { Bank, NOON } from "./testing/bank.js";

const HOST_CALLS_MAX = 100;

/** Answers the contract's imports in this process. */
export function installHost() {
  globalThis.__xitai = Object.fromEntries(Object.entries(HOSTS).map(([name, host]) => [name, counted(host)]));
  register(`data:text/javascript,${encodeURIComponent(HOOKS)}`);
}

/** An interface whose calls count towards the limit of an event, and are made within one. */
function counted(host) {
  const call = (serve) => (...given) => {
    const running = playing();
    if (!running) throw new Error("host functions are called from within a program's open or update");
    running.hostCalls += 1;
    if (running.hostCalls > HOST_CALLS_MAX) throw new Error("more than 100 host calls in one event");
    return serve(...given);
  };
  return Object.fromEntries(Object.entries(host).map(([name, serve]) => [name, call(serve)]));
}

/** Runs in the loader's own thread: gives each of the contract's modules a source that asks this thread's bank. */
const HOOKS = `
  const known = ${JSON.stringify(Object.keys(HOSTS))};
  export async function resolve(specifier, context, next) {
    const name = known.find((it) => specifier.startsWith("xitai:" + it + "@"));
    return name ? { url: "xitai-fake:" + name, shortCircuit: true } : next(specifier, context);
  }
  export async function load(url, context, next) {
    if (!url.startsWith("xitai-fake:")) return next(url, context);
    const name = JSON.stringify(url.slice("xitai-fake:".length));
    return { format: "module", source: "export default globalThis.__xitai[" + name + "];", shortCircuit: true };
  }
`;
