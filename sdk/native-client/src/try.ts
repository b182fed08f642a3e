// A whole app in a terminal: node dist/try.js BANK PROGRAM [LOGIN PASSWORD]

import { Client, Refused } from "./client.js";
import * as text from "./text.js";
import { caseOf, type Pair } from "./types.js";

declare const process: { argv: string[]; stdin: AsyncIterable<Uint8Array>; exit(code: number): never };

const [bank, program, login, password] = process.argv.slice(2);
if (!bank || !program) {
  console.error("usage: try BANK PROGRAM [LOGIN PASSWORD]");
  process.exit(2);
}
const client = login
  ? await new Client({ bank, token: "" }).call<{ token: string }>("POST", "/api/v1/tokens", { login, password }).then(({ token }) => new Client({ bank, token, locale: "en" }))
  : await Client.visitor(bank, { locale: "en" });
const session = await client.open({ program });

function draw(): void {
  const { view } = session;
  console.log("\n" + text.screen(view.screen));
  for (const { kind, json } of view.effects) if (kind === "toast") console.log("* " + (JSON.parse(json) as { text: string }).text);
  if (view.sheet) console.log(text.sheet(view.sheet) + "\nyes, no, or handover");
  else console.log("ID [VALUE], or FORM BUTTON NAME=VALUE…");
}

draw();
let rest = "";
for await (const bytes of process.stdin) {
  const lines = (rest + new TextDecoder().decode(bytes)).split("\n");
  rest = lines.pop() ?? "";
  for (const line of lines) {
    const [first = "", second, ...more] = line.trim().split(" ");
    try {
      const form = session.view.screen.nodes.find((node) => node.id === first && caseOf(node.element).name === "form");
      if (first === "handover") console.log(await session.handOver());
      else if (session.view.sheet) await session.decide(first === "yes" ? "confirm" : "decline");
      else if (form && second) await session.submit(first, second, more.map((pair): Pair => { const [name = "", ...value] = pair.split("="); return [name, value.join("=")]; }));
      else if (first) await session.tap(first, second ?? null);
      else await session.reload();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      console.log(`${error.message}. ${error.problem.mend ?? ""}`);
    }
    draw();
  }
}
