// Reaching a customer by reviewed words: their title and text lie with the host, the program gives values.
import host from "xitai:services/notices@1.0.0";
import { pairs } from "../lift.js";

export function send({ template, values = [], to = null, notBefore = null }, key) {
  return host.send({ to, template, values: pairs(values), notBefore: notBefore === null ? null : Number(notBefore), key });
}
export const subscribe = (templates) => host.subscribe(templates);
/** Whether the text of a closed sheet says that a template was allowed. */
export const allowed = (text, template) => (text ?? "").split(" ").some((word) => word.split(":")[0] === template && word.includes(":"));
export const balance = (template, to = null) => host.balance(to, template);
