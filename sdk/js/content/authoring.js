// Putting content forward, by staff or in the background. It is shown once reviewers have approved it.
import host from "xitai:content/authoring@1.0.0";
import { pairs } from "../lift.js";
import { lowerMoney } from "../money.js";

export function submit({ kind, title, summary = "", body = "", image = null, price = null, tags = [], details = [] }, key) {
  return host.submit({ kind, title, summary, body, image, price: lowerMoney(price), tags, details: pairs(details) }, key);
}
export const status = (id) => host.status(id);
export const withdraw = (id) => host.withdraw(id);
