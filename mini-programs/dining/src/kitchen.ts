// The kitchen's board for staff: what is paid and waits, by number and table; and the tables' codes.

import { button, heading, isTap, item, items, keyValues, notice, qr, row, say, screen, section, tapAfter, badge, card, local } from "xitai";
import type { Context, Event, Part, Step } from "xitai";
import * as config from "xitai/services/config";
import * as counters from "xitai/services/counters";
import * as shared from "xitai/services/shared";
import { dishes } from "./menu.js";
import { called, moveOn, moved, orders, placed } from "./order.js";
import type { Order, Stage } from "./order.js";

export interface Desk {
  desk: "board" | "tables";
}

const PROGRAM = "cn.bank.suzhou.dining";
const TABLES_MAX = 60;

export function show(ctx: Context, desk: Desk): Step<Desk> {
  const pages = row([
    button(say(ctx, "厨房", "Kitchen"), { id: "board", disabled: desk.desk === "board" }),
    button(say(ctx, "桌码", "Table codes"), { id: "tables", disabled: desk.desk === "tables" }),
  ]);
  return desk.desk === "tables" ? tables(ctx, desk, pages) : board(ctx, desk, pages);
}

export function update(ctx: Context, desk: Desk, event: Event): Step<Desk> {
  const { day } = local(ctx);
  const [ready, served] = [tapAfter(event, "ready-"), tapAfter(event, "served-")];
  if (ready !== null) moveOn(day, Number(ready), "cooking", "ready");
  if (served !== null) moveOn(day, Number(served), "ready", "served");
  if (isTap(event, "board")) return show(ctx, { desk: "board" });
  if (isTap(event, "tables")) return show(ctx, { desk: "tables" });
  return show(ctx, desk);
}

function board(ctx: Context, desk: Desk, pages: Part): Step<Desk> {
  const { day } = local(ctx);
  const names = new Map(dishes().map(({ code, title }) => [code, title]));
  const [kept] = shared.entries<Order>(orders(day));
  const at = (stage: Stage) => kept.map(({ value }) => value).filter((order) => order.stage === stage);
  const line = (order: Order, id: string, verb: string) =>
    card([
      row([heading(called(order.number), { display: true }), badge(order.table ? say(ctx, `${order.table} 号桌`, `Table ${order.table}`) : say(ctx, "自取", "To fetch"), "info")]),
      items(Object.entries(order.cart).map(([code, portions]) => item(names.get(code) ?? code, { trailing: `×${portions}` }))),
      button(verb, { id: `${id}-${order.number}`, weight: "primary" }),
    ]);
  const [cooking, ready] = [at("cooking"), at("ready")];
  return {
    state: desk,
    screen: screen(say(ctx, "厨房", "Kitchen"), [
      pages,
      keyValues([
        [say(ctx, "今日订单", "Orders today"), String(counters.read(placed(day)))],
        [say(ctx, "待做", "To cook"), String(cooking.length)],
        [say(ctx, "待上", "To serve"), String(ready.length)],
      ]),
      cooking.length + ready.length === 0 && notice(say(ctx, "没有等着的订单，新订单会自己出现。", "Nothing waits. New orders appear by themselves.")),
      cooking.length > 0 && section(say(ctx, "待做", "To cook"), cooking.map((order) => line(order, "ready", say(ctx, "做好了", "It is ready")))),
      ready.length > 0 && section(say(ctx, "待上", "To serve"), ready.map((order) => line(order, "served", say(ctx, "已上桌", "It is served")))),
    ]),
    watch: [placed(day), moved(day)],
  };
}

/** A code for each table: a link of this program with the table in it. */
function tables(ctx: Context, desk: Desk, pages: Part): Step<Desk> {
  const count = Math.min(config.number("tables") ?? 0, TABLES_MAX);
  const code = (table: number) =>
    card([heading(say(ctx, `${table} 号桌`, `Table ${table}`)), qr(`/miniapp/${PROGRAM}/pages/index?table=${table}`, { label: say(ctx, `${table} 号桌的点餐码`, `The code of table ${table}`) })]);
  return { state: desk, screen: screen(say(ctx, "桌码", "Table codes"), [pages, Array.from({ length: count }, (_, at) => code(at + 1))]) };
}
