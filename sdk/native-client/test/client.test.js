// Against a real host: XITAI_BANK, XITAI_TOKEN (a customer's) and XITAI_PROGRAM say where. Without them only what needs none.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Client, Refused, text } from "../dist/index.js";

const { XITAI_BANK: bank, XITAI_TOKEN: token, XITAI_PROGRAM: program } = process.env;
const real = { skip: !bank && "no host is named" };

const find = (view, fits) => view.screen.nodes.find(node => typeof node.element === "object" && fits(node.element, node));

test("money is written as its currency has it", () => {
  assert.equal(text.money({ minor: 1800, currency: "CNY" }), "CN¥18.00");
  assert.equal(text.money({ minor: 1800, currency: "JPY" }), "¥1,800");
});

test("a kind that is not known is left out, and what is below it is drawn", () => {
  const nodes = [{ id: "a", element: { strange: 1 }, children: [1] }, { id: "b", element: { heading: "Tea" } }];
  assert.equal(text.screen({ title: "T", nodes, root: 0 }), "# T\n## Tea");
  const loop = [{ id: "a", element: "column", children: [0] }];
  assert.equal(text.screen({ title: "T", nodes: loop, root: 0 }), "# T");
});

test("an event is sent again under its number until there is an answer", async () => {
  const sent = [];
  const fetch = async (_, { body }) => {
    sent.push(JSON.parse(body));
    if (sent.length < 3) throw new TypeError("the line broke");
    return Response.json({ position: 2, effects: [] });
  };
  const client = new Client({ bank: "https://bank.example", token: "t", fetch });
  const { Session } = await import("../dist/client.js");
  const session = new Session(client, { session: "S", position: 1 });
  assert.equal((await session.tap("a")).position, 2);
  assert.deepEqual(new Set(sent.map(it => it.client_seq)), new Set([1]));
  assert.equal(sent.length, 3);
});

test("a customer orders and pays, all drawn by this client", real, async () => {
  const client = new Client({ bank, token, locale: "en" });
  const session = await client.open({ program });
  const dish = find(session.view, (element, node) => "quantity" in element && node.id.startsWith("portions-"));
  assert.ok(dish, text.screen(session.view.screen));
  await session.tap(dish.id, "1");
  const cart = find(session.view, (element, node) => "button" in element && /cart/.test(node.id));
  if (cart) await session.tap(cart.id, cart.element.button.value);
  const pay = find(session.view, element => "button" in element && element.button.amount);
  assert.ok(pay, text.screen(session.view.screen));
  assert.match(text.screen(session.view.screen), new RegExp("\\( CN¥[0-9.]+ .*\\[" + pay.id + "\\]"));
  await session.tap(pay.id, pay.element.button.value);
  assert.equal(session.view.sheet?.kind, "pay", text.screen(session.view.screen));
  assert.match(text.sheet(session.view.sheet), /╔═ the bank\n║ CN¥/);
  await session.decide("confirm");
  for (let turn = 0; turn < 100 && !session.view.screen.nodes.some(node => node.id === "number"); turn += 1) {
    await new Promise(done => setTimeout(done, 100));
    await session.reload();
  }
  assert.ok(session.view.screen.nodes.some(node => node.id === "number"), text.screen(session.view.screen));
});

test("what is to be paid goes on elsewhere by a code, and this client is told", real, async () => {
  const client = new Client({ bank, token, locale: "en" });
  const session = await client.open({ program });
  const stop = new AbortController();
  const moves = session.moves(stop.signal);
  const moved = moves.next();
  const made = await session.handOver();
  assert.match(made.code, /^\d{6}$/);
  // The same customer's other phone: another sign-in.
  const other = await new Client({ bank, token: "" }).call("POST", "/api/v1/tokens", JSON.parse(process.env.XITAI_SIGN_IN));
  const phone = new Client({ bank, token: other.token });
  await phone.call("POST", "/api/v1/handovers", { code: made.code, channel: "phone" });
  assert.equal((await moved).value.elsewhere, true);
  stop.abort();
  await assert.rejects(session.tap("cart"), error => error instanceof Refused && error.problem.code === "session.elsewhere");
});

test("the same screen comes as A2UI", real, async () => {
  const client = new Client({ bank, token, locale: "en" });
  const session = await client.open({ program });
  const messages = await session.a2ui();
  assert.deepEqual(messages.map(message => Object.keys(message).find(name => name !== "version")), ["createSurface", "updateDataModel", "updateComponents"]);
  const { components } = messages[2].updateComponents;
  const ids = new Set(components.map(it => it.id));
  assert.ok(ids.has("root"));
  for (const { children = [], child } of components) for (const id of [...children, ...(child ? [child] : [])]) assert.ok(ids.has(id), id);
  await assert.rejects(client.call("GET", session.path + "?format=xml"), error => error.problem.code === "request.malformed");
});

test("the published schema names every element that this client draws", real, async () => {
  const schema = await (await fetch(bank + "/schemas/session-1.json")).json();
  const [bare, ...cases] = schema.$defs.element.oneOf;
  const source = readFileSync(new URL("../src/text.ts", import.meta.url), "utf8");
  for (const name of cases.map(it => it.required[0])) assert.match(source, new RegExp(`"${name}": \\(`), name);
  assert.deepEqual(bare.enum, ["column", "row", "card", "divider", "form"]);
});
