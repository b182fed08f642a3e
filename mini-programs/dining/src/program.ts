// A restaurant's tables: scan the code on the table, choose from the reviewed menu, pay with a coupon that restaurant,
// branch and head office bear together, and be told when it is ready; the kitchen's board for those who cook.

import { isStaff, makeProgram, noScreen } from "xitai";
import * as customer from "./customer.js";
import type { Visit } from "./customer.js";
import * as kitchen from "./kitchen.js";
import type { Desk } from "./kitchen.js";

/** What the host keeps of a page: null in the background. */
type State = Visit | Desk | null;

export const program = makeProgram<State>({
  open(ctx, launch) {
    if (ctx.actor.tag === "nobody" || launch.surface === "background") return { state: null, screen: noScreen() };
    return isStaff(ctx, "manager", "clerk") ? kitchen.show(ctx, { desk: "board" }) : customer.open(ctx, launch);
  },
  update(ctx, state, event) {
    if (state === null || ctx.actor.tag === "nobody") return { state, screen: noScreen() };
    return "desk" in state ? kitchen.update(ctx, state, event) : customer.update(ctx, state, event);
  },
});
