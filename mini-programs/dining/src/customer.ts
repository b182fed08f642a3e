// What a customer does: sits down at a table, chooses, pays with a coupon, waits, is told, eats, rates.

import { Money, entered, isTap, local, queryValue, refusalOf, say, signedValue, tapAfter } from "xitai";
import type { Context, Event, Launch, Step } from "xitai";
import * as feedback from "xitai/content/feedback";
import * as payments from "xitai/payments/payments";
import * as counters from "xitai/services/counters";
import * as notices from "xitai/services/notices";
import { MOST, dishes, giveBack, left, linesOf, take } from "./menu.js";
import type { Cart } from "./menu.js";
import { READY, keep, mine, place, called } from "./order.js";
import type { Mine } from "./order.js";
import { claim, offers, priceOf } from "./price.js";
import { draw } from "./screens.js";

/** What the host keeps of a customer's page. */
export interface Visit {
  page: "menu" | "cart" | "order" | "orders";
  /** From the code on the table; empty: whoever orders fetches it. */
  table: string;
  cart: Cart;
  /** The order whose sheet was shown, with what was set aside for it. */
  asked?: { own: Mine; cart: Cart };
  /** The order that is looked at. */
  order?: { day: string; number: number };
  /** Said once. */
  message?: string;
}

/**
 * A table's name is short and plain. The bank vouches for that of a launch code; a link anybody can make up, and it says no
 * more than where the food goes.
 */
const TABLE = /^[A-Za-z0-9]{1,6}$/;
const PAY_WITHIN_S = 300;

export function open(ctx: Context, launch: Launch): Step<Visit> {
  const table = signedValue(launch, "table") ?? queryValue(launch, "table") ?? "";
  const page = launch.page === "pages/orders" ? "orders" : "menu";
  return draw(ctx, { page, table: TABLE.test(table) ? table : "", cart: {} });
}

export function update(ctx: Context, before: Visit, event: Event): Step<Visit> {
  const { message: _, ...visit } = before;
  if (event.tag === "sheet-closed" || event.tag === "changed") return settle(ctx, visit, event);
  // A payment that is neither paid nor over keeps the page as it was paid for.
  if (visit.asked && event.tag === "tapped") return settle(ctx, visit, event);
  const portions = tapAfter(event, "portions-");
  if (portions !== null && event.tag === "tapped") return choose(ctx, visit, portions, Number(event.val.value ?? 0));
  const campaign = tapAfter(event, "claim-");
  if (campaign !== null) return claimed(ctx, visit, campaign);
  const seen = tapAfter(event, "order-")?.split("-");
  if (seen?.[0] && seen[1]) return draw(ctx, { ...visit, page: "order", order: { day: seen[0], number: Number(seen[1]) } });
  for (const page of ["menu", "cart", "orders"] as const) if (isTap(event, page)) return draw(ctx, { ...visit, page });
  if (isTap(event, "pay")) return pay(ctx, visit);
  if (isTap(event, "tell-me")) return tellMe(ctx, visit);
  if (event.tag === "submitted" && event.val.form === "rate") return rate(ctx, visit, event);
  return draw(ctx, visit);
}

function choose(ctx: Context, visit: Visit, code: string, wanted: number): Step<Visit> {
  const dish = dishes().find((it) => it.code === code);
  if (!dish) return draw(ctx, visit);
  const most = Math.min(left(local(ctx).day, dish), MOST);
  const { [code]: _, ...others } = visit.cart;
  const portions = Math.min(Math.max(0, wanted), most);
  const message = wanted > most ? say(ctx, `${dish.title}只剩 ${most} 份`, `Only ${most} of ${dish.title} left`) : undefined;
  return draw(ctx, { ...visit, cart: portions > 0 ? { ...others, [code]: portions } : others, ...(message && { message }) });
}

function claimed(ctx: Context, visit: Visit, campaign: string): Step<Visit> {
  // Only what is offered now: a tap names whatever stood on the page.
  if (!offers().some((offer) => offer.campaign === campaign)) return draw(ctx, visit);
  try {
    claim(campaign);
    return { ...draw(ctx, { ...visit, message: say(ctx, "券到手了，付款时自动使用。", "It is yours, and is used when you pay.") }), celebrate: true };
  } catch (thrown) {
    if (!refusalOf(thrown)) throw thrown;
    return draw(ctx, { ...visit, message: say(ctx, "这张券领完了。", "There are no more of these.") });
  }
}

/** The tap on pay: sets the dishes aside and asks for the money, in one step. */
function pay(ctx: Context, visit: Visit): Step<Visit> {
  const { day } = local(ctx);
  const menu = dishes();
  const lines = linesOf(menu, visit.cart);
  if (lines.length === 0) return draw(ctx, { ...visit, page: "menu" });
  const short = take(day, menu, visit.cart);
  if (short.length > 0) {
    const names = short.map(({ title }) => title).join(say(ctx, "、", ", "));
    return draw(ctx, { ...visit, message: say(ctx, `${names}不够了，请改一下。`, `There is not enough of ${names}. Please change your order.`) });
  }
  const number = counters.next(`number/${day}`);
  const total = Money.sum(lines.map(({ amount }) => amount));
  const { payable, coupon } = priceOf(total);
  const purpose = say(ctx, `堂食 ${called(number)}`, `Meal ${called(number)}`);
  const payment = payments.request({ key: `meal-${day}-${number}`, amount: total, purpose, lines, coupons: coupon ? [coupon.id] : [], expiresInS: PAY_WITHIN_S });
  const own: Mine = { day, number, payment: payment.id, paid: String(payable), what: lines.map(({ text, quantity }) => `${text} ×${quantity}`).join(say(ctx, "、", ", ")) };
  return { ...draw(ctx, { ...visit, asked: { own, cart: visit.cart } }), sheet: payment.ticket };
}

/** A sheet has closed, or the bank knows more: a paid order goes to the kitchen, another one's dishes go back. */
function settle(ctx: Context, visit: Visit, event: Event): Step<Visit> {
  if (!visit.asked) {
    const allowed = event.tag === "sheet-closed" && notices.allowed(event.val.text, READY);
    return draw(ctx, allowed ? { ...visit, message: say(ctx, "菜好了会提醒您。", "You will be told when it is ready.") } : visit);
  }
  const { asked, ...rest } = visit;
  const payment = payments.get(asked.own.payment);
  if (payments.isConfirmed(payment)) {
    place(asked.own, visit.table, asked.cart);
    return { ...draw(ctx, { ...rest, cart: {}, page: "order", order: { day: asked.own.day, number: asked.own.number } }), celebrate: true };
  }
  if (payments.isDead(payment)) {
    giveBack(asked.own.day, asked.cart);
    return draw(ctx, { ...rest, message: say(ctx, "没有付款，菜品已放回。", "Nothing was paid, and the dishes went back.") });
  }
  return draw(ctx, { ...visit, message: say(ctx, "银行还在处理这笔付款。", "The bank is still at this payment.") });
}

/** Asks on the host's sheet. Where nobody has reviewed the words yet, the page still changes by itself. */
function tellMe(ctx: Context, visit: Visit): Step<Visit> {
  try {
    return { ...draw(ctx, visit), sheet: notices.subscribe([READY]) };
  } catch (thrown) {
    if (!refusalOf(thrown)) throw thrown;
    return draw(ctx, { ...visit, message: say(ctx, "这里还不能提醒，请留意本页。", "Notices are not set up here. Please keep an eye on this page.") });
  }
}

function rate(ctx: Context, visit: Visit, event: Event & { tag: "submitted" }): Step<Visit> {
  const form = entered(event.val);
  const stars = form.number("stars") ?? 0;
  const all = mine();
  const own = all.find(({ day, number }) => day === visit.order?.day && number === visit.order.number);
  if (!own || stars < 1 || stars > 5) return draw(ctx, visit);
  feedback.rate({ payment: own.payment, stars, text: form.text("words") }, crypto.randomUUID());
  keep(all.map((it) => (it === own ? { ...it, stars } : it)));
  return draw(ctx, { ...visit, message: say(ctx, "谢谢您的评价。", "Thank you.") });
}
