// Key-value data of one customer in this program, kept as JSON.
import host from "xitai:services/storage@1.0.0";
import { decodeUtf8, encodeUtf8 } from "../utf8.js";

/** The value under `key`, or null. */
export function get(key) {
  const bytes = host.get(key);
  return bytes === null || bytes === undefined ? null : JSON.parse(decodeUtf8(bytes));
}
export function set(key, value) {
  host.set(key, encodeUtf8(JSON.stringify(value)));
}
export function remove(key) {
  host.remove(key);
}
/** Values whose keys begin with `prefix`: `[[{ key, value }], cursor or null]`, a page for one host call. */
export function entries(prefix, after = null) {
  const [page, more] = host.entries(prefix, after);
  return [page.map(([key, value]) => ({ key, value: JSON.parse(decodeUtf8(value)) })), more ?? null];
}
/** Keys that begin with `prefix`: `[keys, cursor or null]`. */
export function keys(prefix, after = null) {
  const [page, more] = host.keys(prefix, after);
  return [page, more ?? null];
}
