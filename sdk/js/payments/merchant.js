// Payments of the program in its branch, for staff and background calls.
import host from "xitai:payments/merchant-payments@1.0.0";
import { lowerMoney } from "../money.js";
import { liftPayment } from "./record.js";

export { isConfirmed, isDead } from "./record.js";

export function search(since, after = null) {
  const [page, more] = host.search(Number(since), after);
  return { payments: page.map(liftPayment), next: more ?? null };
}
export const capture = (id, amount, key) => liftPayment(host.capture(id, lowerMoney(amount), key));
export const cancel = (id, key) => liftPayment(host.cancel(id, key));
export const refund = (id, amount, reason, key) => liftPayment(host.refund(id, lowerMoney(amount), reason, key));
