// What a customer sees.

import { Money, badge, button, card, choice, form, heading, item, items, keyValues, local, notice, paragraph, quantity, row, say, screen, section, textField, timeline } from "xitai";
import type { Children, Context, Step } from "xitai";
import * as feedback from "xitai/content/feedback";
import * as config from "xitai/services/config";
import * as shared from "xitai/services/shared";
import type { Visit } from "./customer.js";
import { MOST, dishes, left, linesOf } from "./menu.js";
import type { Dish } from "./menu.js";
import { called, mine, orderKey } from "./order.js";
import type { Mine, Order } from "./order.js";
import { funder, offers, priceOf } from "./price.js";

const name = (ctx: Context) => config.text(say(ctx, "name", "name-en")) || say(ctx, "桌边点餐", "Table ordering");

export function draw(ctx: Context, visit: Visit): Step<Visit> {
  const said = visit.message && notice(visit.message);
  if (visit.page === "order" && visit.order) return order(ctx, visit, visit.order, said);
  if (visit.page === "orders") return { state: visit, screen: screen(say(ctx, "我的订单", "My orders"), [said, listed(ctx), back(ctx)]) };
  const menu = dishes();
  const page = visit.page === "cart" && linesOf(menu, visit.cart).length > 0 ? cart(ctx, visit, menu) : shelf(ctx, visit, menu);
  return { state: visit, screen: screen(visit.page === "cart" ? say(ctx, "确认订单", "Your order") : name(ctx), [said, page]) };
}

const back = (ctx: Context) => button(say(ctx, "回到菜单", "Back to the menu"), { id: "menu" });
const stepper = (ctx: Context, visit: Visit, dish: Dish) => {
  const most = Math.min(left(local(ctx).day, dish), MOST);
  const chosen = visit.cart[dish.code] ?? 0;
  return most === 0 && chosen === 0
    ? badge(say(ctx, "今天售罄", "Sold out today"), "warning")
    : quantity(chosen, 0, Math.max(most, chosen), { id: `portions-${dish.code}`, label: dish.title });
};

function shelf(ctx: Context, visit: Visit, menu: Dish[]): Children {
  const { stars, ratings } = feedback.tally();
  const lines = linesOf(menu, visit.cart);
  const total = Money.sum(lines.map(({ amount }) => amount));
  const portions = lines.reduce((sum, { quantity }) => sum + quantity, 0);
  return [
    row([
      badge(visit.table ? say(ctx, `${visit.table} 号桌`, `Table ${visit.table}`) : say(ctx, "未选桌，请自取", "No table: please fetch it"), visit.table ? "success" : "info"),
      ratings > 0 && badge(say(ctx, `★ ${(stars / ratings).toFixed(1)}（${ratings} 人）`, `★ ${(stars / ratings).toFixed(1)} (${ratings})`)),
    ]),
    offers().map((offer) =>
      card([
        heading(offer.title),
        paragraph(say(ctx, `最多减 ${offer.worth}，满 ${offer.minimumSpend} 可用`, `Up to ${offer.worth} off from ${offer.minimumSpend}`)),
        button(say(ctx, "领取", "Take it"), { id: `claim-${offer.campaign}` }),
      ]),
    ),
    menu.length === 0 && notice(say(ctx, "菜单还没有上架，请稍后再来。", "The menu is not there yet. Please come back later.")),
    items(menu.map((dish) => item(dish.title, { ...(dish.about && { subtitle: dish.about }), trailing: String(dish.price), ...(dish.image && { image: dish.image }), children: stepper(ctx, visit, dish) }))),
    mine().length > 0 && button(say(ctx, "我的订单", "My orders"), { id: "orders" }),
    portions > 0 &&
      row([paragraph(say(ctx, `${portions} 份 · ${total}`, `${portions} · ${total}`)), button(say(ctx, "去结算", "To the till"), { id: "cart", weight: "primary" })], { pinned: true }),
  ];
}

function cart(ctx: Context, visit: Visit, menu: Dish[]): Children {
  if (visit.asked) return asked(ctx, visit.asked.own);
  const chosen = menu.filter(({ code }) => (visit.cart[code] ?? 0) > 0);
  const total = Money.sum(linesOf(menu, visit.cart).map(({ amount }) => amount));
  const { payable, discount, coupon, fundedBy } = priceOf(total);
  const facts: [string, string][] = [[say(ctx, "合计", "Total"), String(total)]];
  if (coupon && discount) facts.push([coupon.title, `-${discount}`]);
  return [
    items(chosen.map((dish) => item(dish.title, { trailing: String(dish.price.times(visit.cart[dish.code] ?? 0)), children: stepper(ctx, visit, dish) }))),
    card([
      keyValues(facts),
      fundedBy.length > 0 && keyValues(fundedBy.map(([id, part]) => [funder(ctx, id), String(part)])),
      keyValues([[say(ctx, "送到", "Comes to"), visit.table ? say(ctx, `${visit.table} 号桌`, `Table ${visit.table}`) : say(ctx, "窗口自取", "The counter")]]),
    ]),
    back(ctx),
    button(say(ctx, "付款", "Pay"), { id: "pay", weight: "primary", amount: payable, pinned: true }),
  ];
}

/** Behind the sheet, and while the bank does not know yet: the order as it was asked for. */
function asked(ctx: Context, own: Mine): Children {
  return [
    card([
      heading(called(own.number)),
      keyValues([[say(ctx, "菜品", "Dishes"), own.what], [say(ctx, "应付", "To pay"), own.paid]]),
      paragraph(say(ctx, "请在银行的页面上确认付款。", "Please confirm on the bank's own page.")),
    ]),
  ];
}

function order(ctx: Context, visit: Visit, { day, number }: { day: string; number: number }, said: Children): Step<Visit> {
  const own = mine().find((it) => it.day === day && it.number === number);
  const kept = shared.get<Order>(orderKey(day, number));
  const stage = kept?.stage ?? "served";
  const words = {
    cooking: say(ctx, "厨房正在做，做好了这里会变。", "The kitchen is at it. This page changes when it is ready."),
    ready: say(ctx, "做好了，马上就到。", "It is ready and on its way."),
    served: say(ctx, "请慢用。", "Enjoy your meal."),
  };
  const reached = (name: string, is: boolean) => ({ at: ctx.now, text: name, reached: is });
  const page = screen(say(ctx, "订单", "Order"), [
    said,
    card([
      heading(called(number), { id: "number", display: true }),
      paragraph(words[stage]),
      timeline([
        reached(say(ctx, "已付款", "Paid"), true),
        reached(say(ctx, "已做好", "Ready"), stage !== "cooking"),
        reached(say(ctx, "已上桌", "Served"), stage === "served"),
      ]),
    ]),
    own && keyValues([[say(ctx, "菜品", "Dishes"), own.what], [say(ctx, "实付", "Paid"), own.paid]]),
    stage === "cooking" && button(say(ctx, "做好了提醒我", "Tell me when it is ready"), { id: "tell-me" }),
    stage === "served" && own && rated(ctx, own),
    back(ctx),
  ]);
  return { state: visit, screen: page, watch: [orderKey(day, number)] };
}

function rated(ctx: Context, own: Mine): Children {
  if (own.stars) return notice(say(ctx, `您评了 ${"★".repeat(own.stars)}`, `You gave ${"★".repeat(own.stars)}`), "success");
  const stars = [5, 4, 3, 2, 1].map((count) => [String(count), "★".repeat(count)] as const);
  return section(say(ctx, "这一餐怎么样？", "How was it?"), [
    form(
      [
        choice(say(ctx, "评分", "Stars"), stars, { id: "stars", required: true }),
        textField(say(ctx, "想说的话", "A word"), { id: "words", maxChars: 200 }),
        button(say(ctx, "提交评价", "Send"), { id: "send", weight: "primary" }),
      ],
      { id: "rate" },
    ),
  ]);
}

function listed(ctx: Context): Children {
  const all = mine();
  if (all.length === 0) return paragraph(say(ctx, "还没有订单。", "No orders yet."));
  return items(all.map(({ day, number, what, paid }) => item(called(number), { id: `order-${day}-${number}`, tap: true, subtitle: what, trailing: paid })));
}
