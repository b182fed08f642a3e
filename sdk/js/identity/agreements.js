// Regulated products of the bank, which the customer signs on the host's sheet with their documents.
import host from "xitai:identity/agreements@1.0.0";
import { lifted } from "../lift.js";
import { lowerMoney } from "../money.js";

const liftAgreement = (agreement) => lifted(agreement, { money: ["amount"], numbers: ["until"], absent: ["ticket"] });

export const propose = (product, amount, key) => liftAgreement(host.propose(product, lowerMoney(amount), key));
export const get = (id) => liftAgreement(host.get(id));
export const withdraw = (id, key) => liftAgreement(host.withdraw(id, key));
