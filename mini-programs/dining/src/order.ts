// An order that was paid is a value of the branch under its number: from then on that is the truth about it, watched by
// the customer who waits for it and moved on by the kitchen.

import { refusalOf } from "xitai";
import * as customer from "xitai/identity/customer";
import * as counters from "xitai/services/counters";
import * as notices from "xitai/services/notices";
import * as shared from "xitai/services/shared";
import * as storage from "xitai/services/storage";
import type { Cart } from "./menu.js";

export type Stage = "cooking" | "ready" | "served";
/** As the kitchen has it. */
export interface Order {
  number: number;
  table: string;
  cart: Cart;
  stage: Stage;
  /** Whom to tell. It is this program's own name of the customer. */
  subject: string;
}
/** As the customer keeps it. */
export interface Mine {
  day: string;
  number: number;
  payment: string;
  paid: string;
  what: string;
  stars?: number;
}

/** The reviewed words of the notice, and when they are sent. */
export const READY = "order-ready";
const KEPT = 20;

/** Moves in the same commit as a new order, so that who watches it finds the order. */
export const placed = (day: string) => `placed/${day}`;
/** Moves with whatever the kitchen does, so that two boards show the same. */
export const moved = (day: string) => `moved/${day}`;
export const orders = (day: string) => `order/${day}/`;
export const orderKey = (day: string, number: number) => `${orders(day)}${String(number).padStart(4, "0")}`;
export const called = (number: number) => `D${String(number).padStart(3, "0")}`;

export const mine = () => storage.get<Mine[]>("orders") ?? [];
export const keep = (all: Mine[]) => storage.set("orders", all.slice(0, KEPT));

export function place(own: Mine, table: string, cart: Cart) {
  const { subject } = customer.whoami();
  const order: Order = { number: own.number, table, cart, stage: "cooking", subject };
  shared.put(orderKey(own.day, own.number), null, order);
  counters.add(placed(own.day), 1);
  keep([own, ...mine()]);
}

/** Moves an order on; whoever waits for it is told, if they allowed it. */
export function moveOn(day: string, number: number, from: Stage, to: Stage) {
  const kept = shared.getVersioned<Order>(orderKey(day, number));
  if (!kept || kept.value.stage !== from) return;
  shared.put(orderKey(day, number), kept.version, { ...kept.value, stage: to });
  counters.add(moved(day), 1);
  if (to !== "ready") return;
  try {
    const values = { number: called(number), table: kept.value.table || "-" };
    notices.send({ to: kept.value.subject, template: READY, values }, `ready-${day}-${number}`);
  } catch (thrown) {
    // Not allowed, muted, or enough for today: the page changes all the same.
    if (!refusalOf(thrown)) throw thrown;
  }
}
