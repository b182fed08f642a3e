// An engine that knows no program: it evaluates a script anew in the fresh sandbox of each event, as one engine shared by
// many published scripts would have to. The script is `twenty-ts` with the SDK, in one file; here it lies in the engine's
// own memory, so what is measured leaves out the copying of it into the sandbox, and is the least that it can cost.

import script from "../build/script.txt";
import storage from "xitai:services/storage@1.0.0";

const hosts = { "xitai:services/storage@1.0.0": storage };
const published = () => new Function("require", `${script}; return made.program;`)((name) => hosts[name]);

export const program = {
  open: (ctx, launch) => published().open(ctx, launch),
  update: (ctx, state, event) => published().update(ctx, state, event),
};
