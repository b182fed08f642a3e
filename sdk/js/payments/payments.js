// Payments of the customer in this session: a program asks, the customer confirms on the host's sheet, the host books.
import host from "xitai:payments/payments@1.0.0";
import { lowerMoney } from "../money.js";
import { liftPayment } from "./record.js";

export { isConfirmed, isDead } from "./record.js";

export function request({ key, amount, purpose, lines = [], splits = [], coupons = [], captureLater = false, expiresInS = 900 }) {
  return liftPayment(
    host.request({
      key,
      amount: lowerMoney(amount),
      purpose,
      lines: lines.map(({ text, quantity = 1, amount }) => ({ text, quantity, amount: lowerMoney(amount) })),
      splits: splits.map(({ payee, amount, role }) => ({ payee, amount: lowerMoney(amount), role })),
      coupons,
      captureLater,
      expiresInS,
    }),
  );
}
export const get = (id) => liftPayment(host.get(id));

export const toMerchant = (id) => ({ tag: "merchant", val: id });
export const toBranch = (id) => ({ tag: "branch", val: id });
export const toCustomer = (subject) => ({ tag: "customer", val: subject });
export const toHeadOffice = () => ({ tag: "head-office" });
