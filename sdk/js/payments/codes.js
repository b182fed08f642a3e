// EMVCo merchant-presented codes, to be drawn by `qr`.
import host from "xitai:payments/merchant-codes@1.0.0";
import { liftMoney, lowerMoney } from "../money.js";

export const make = (amount, reference) => host.make(lowerMoney(amount), reference);
export function read(text) {
  const [reference, amount] = host.read(text);
  return { reference, amount: liftMoney(amount) };
}
