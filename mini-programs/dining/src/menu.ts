// The menu is reviewed content: products with the tag `dining`, each with its price and how many there are a day. What
// was sold is counted here, so that a rush on one dish never sells more of it than there is.

import { Money } from "xitai";
import * as library from "xitai/content/library";
import * as counters from "xitai/services/counters";

export const TAG = "dining";
/** Of one dish in one order. */
export const MOST = 20;

export interface Dish {
  /** Its own short name, such as `noodles`: what taps carry. */
  code: string;
  title: string;
  about: string;
  image: string | null;
  price: Money;
  /** How many there are a day; null: no end. */
  stock: number | null;
}
/** Portions by the dish's code. */
export type Cart = Record<string, number>;

/** In the language of whoever is at the screen. */
export function dishes(): Dish[] {
  const { entries } = library.find({ kind: "product", tag: TAG });
  return entries.flatMap(({ id, title, summary, image, price, details }) => {
    const detail = (name: string) => details.find(([other]) => other === name)?.[1];
    const stock = detail("stock");
    if (price === null) return [];
    return [{ code: detail("code") ?? id, title, about: summary, image, price: Money.of(price), stock: stock === undefined ? null : Number(stock) }];
  });
}

const sold = (day: string, code: string) => `sold/${day}/${code}`;

export function left(day: string, dish: Dish): number {
  return dish.stock === null ? MOST : Math.max(0, dish.stock - counters.read(sold(day, dish.code)));
}

/** Takes all of the cart, or none of it: then the dishes that there is not enough of. */
export function take(day: string, menu: Dish[], cart: Cart): Dish[] {
  const chosen = menu.filter(({ code }) => (cart[code] ?? 0) > 0);
  const short = chosen.filter((dish) => left(day, dish) < (cart[dish.code] ?? 0));
  // Where others take the last portion before this commits, the host performs the call again.
  if (short.length === 0) for (const { code, stock } of chosen) counters.add(sold(day, code), cart[code] ?? 0, 0, stock ?? Number.MAX_SAFE_INTEGER);
  return short;
}

export function giveBack(day: string, cart: Cart) {
  for (const [code, portions] of Object.entries(cart)) counters.add(sold(day, code), -portions, 0);
}

export function linesOf(menu: Dish[], cart: Cart) {
  const chosen = menu.filter(({ code }) => (cart[code] ?? 0) > 0);
  return chosen.map(({ code, title, price }) => ({ text: title, quantity: cart[code] ?? 0, amount: price.times(cart[code] ?? 0) }));
}
