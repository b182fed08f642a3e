// Standing permission to be paid, with caps that the ledger enforces.
import host from "xitai:payments/mandates@1.0.0";
import { lifted } from "../lift.js";
import { lowerMoney } from "../money.js";

const liftMandate = (mandate) => ({
  ...lifted(mandate, { money: ["usedInPeriod"], absent: ["ticket"] }),
  terms: lifted(mandate.terms, { money: ["eachAtMost", "periodAtMost"], numbers: ["until"] }),
});

export function propose({ purpose, eachAtMost, period, periodAtMost, until }, key) {
  const terms = { purpose, eachAtMost: lowerMoney(eachAtMost), period, periodAtMost: lowerMoney(periodAtMost), until: Number(until) };
  return liftMandate(host.propose(terms, key));
}
export const charge = (mandate, amount, key) => host.charge(mandate, lowerMoney(amount), key);
export const get = (id) => liftMandate(host.get(id));
export const revoke = (id) => liftMandate(host.revoke(id));
