import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as ui from "../xitai.js";
import { draw } from "../testing/drawing.js";

const every = ui.screen("All", [
  ui.row([ui.icon("star"), ui.badge("new", "success")]),
  ui.card(ui.heading("A", { display: true }), { id: "card", tap: true }),
  ui.section("S", [ui.paragraph("p"), ui.notice("n", "warning"), ui.divider()]),
  ui.tabs([["One", ui.paragraph("1")], ["Two", null]]),
  ui.items([ui.item("t", { id: "row", tap: true, subtitle: "s", trailing: "x", image: "asset:assets/a.svg" })], { total: 3, more: true }),
  ui.keyValues([["k", "v"]]),
  ui.amount(ui.cny(1850)),
  ui.image("asset:assets/a.svg", "a dish"),
  ui.qr("A1"),
  ui.media("content:1"),
  ui.document("content:2", "Terms"),
  ui.progress(1, 2),
  ui.chart("bar", "CNY", [["Mon", 1250]], { decimals: 2 }),
  ui.timeline([{ at: 1, text: "made", reached: true }, { at: 2, text: "sent" }]),
  ui.coupon("c"),
  ui.link("more", "pages/more"),
  ui.other("stars", { of: 5 }, { children: ui.paragraph("five stars") }),
  ui.form(
    [
      ui.textField("Name", { id: "name", value: "w", autofocus: true }),
      ui.choice("Size", [["s", "Small"], ["l", "Large"]], { id: "size", selected: ["l"] }),
      ui.toggle("Fast", true, { id: "fast" }),
      ui.dateField("Day", { id: "day", value: "2026-03-02" }),
      ui.quantity(2, 1, 9, { id: "count" }),
      ui.secureField("Card", "field-1"),
      ui.button("Pay", { id: "pay", weight: "primary", amount: ui.cny(100) }),
      ui.button("No", { id: "no", disabled: true }),
    ],
    { id: "form" },
  ),
]);

test("there is a builder for each element of the contract", () => {
  const wit = readFileSync(new URL("../../../wit/deps/program/screen.wit", import.meta.url), "utf8");
  const body = wit.slice(wit.indexOf("variant element {"), wit.indexOf("record items {")).replace(/\/\/\/.*/g, "").replace("variant element {", "");
  const names = body.split(/,(?![^(]*\))/).map((it) => it.replace(/\([^]*/, "").replace(/[}\s]/g, "")).filter(Boolean);
  assert.ok(names.length > 30, names.join());
  const built = new Set(every.nodes.map((node) => node.element.tag));
  assert.deepEqual(names.filter((name) => !built.has(name)), []);
});

test("ids follow places, and what is left out takes none", () => {
  const shown = ui.screen("T", [null, false, ui.card([ui.paragraph("a")], { id: "c" }), [[ui.paragraph("b")]]]);
  assert.deepEqual(shown.nodes.map((node) => node.id), ["c.0", "c", "page.1", "page"]);
  assert.equal(shown.root, 3);
});

test("a drawing is readable", () => {
  const text = draw(every);
  for (const line of ["# All", "¥18.50", "( ¥1.00 Pay ) [pay]", "( No ) [no, disabled]", "Size: Small | *Large [size]", "● made  ○ sent", "[x] Fast [fast]"]) {
    assert.ok(text.includes(line), `${line} is missing:\n${text}`);
  }
});
