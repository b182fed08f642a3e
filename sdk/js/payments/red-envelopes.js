// Shared gifts of money, equal or random, paid for by their giver.
import host from "xitai:payments/red-envelopes@1.0.0";
import { lifted } from "../lift.js";
import { liftMoney, lowerMoney } from "../money.js";

const liftEnvelope = (envelope) => lifted(envelope, { absent: ["ticket"] });

export const give = ({ total, count, equal = false, ttlS = 86_400 }, key) => liftEnvelope(host.give(lowerMoney(total), count, equal, ttlS, key));
export const take = (id, key) => liftMoney(host.take(id, key));
export const get = (id) => liftEnvelope(host.get(id));
