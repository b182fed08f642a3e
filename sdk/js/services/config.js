// Values that each branch sets for itself.
import host from "xitai:services/config@1.0.0";
import { wholeNumber } from "../whole-number.js";

export function text(name) {
  return host.get(name) ?? "";
}
/** The value as a whole number, or null. */
export function number(name) {
  return wholeNumber(text(name).trim());
}
