// Money from the program's own budget in its branch to its customers.
import host from "xitai:payments/payouts@1.0.0";
import { lowerMoney } from "../money.js";

export const pay = (to, amount, reason, key) => host.pay(to, lowerMoney(amount), reason, key);
