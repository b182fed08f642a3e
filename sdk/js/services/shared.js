// Data of the program in one branch, kept as JSON.
import host from "xitai:services/shared-storage@1.0.0";
import { decodeUtf8, encodeUtf8 } from "../utf8.js";

/** `{ value, version }` under `key`, or null. */
export function getVersioned(key) {
  const kept = host.get(key);
  return kept === null || kept === undefined ? null : { value: JSON.parse(decodeUtf8(kept.value)), version: Number(kept.version) };
}
export function get(key) {
  return getVersioned(key)?.value ?? null;
}
/** Writes if the key still has the version that was read; null if it has none yet. */
export function put(key, expected, value) {
  host.swap(key, expected, encodeUtf8(JSON.stringify(value)));
}
/** Forgets the value if the key still has the version that was read. */
export function remove(key, expected) {
  host.remove(key, expected);
}
/**
 * Values whose keys begin with `prefix`, in the order of their keys: `[[{ key, value, version }], cursor or null]`, a page
 * of at most 100 values and one MiB for one host call.
 */
export function entries(prefix, after = null) {
  const [page, more] = host.entries(prefix, after);
  const entry = ([key, kept]) => ({ key, value: JSON.parse(decodeUtf8(kept.value)), version: Number(kept.version) });
  return [page.map(entry), more ?? null];
}
/** Reads, changes and writes in one go. If somebody else commits meanwhile, the host runs the whole call again. */
export function change(key, fallback, edit) {
  const kept = getVersioned(key);
  const value = edit(kept?.value ?? fallback);
  put(key, kept?.version ?? null, value);
  return value;
}
/** Keys that begin with `prefix`: `[keys, cursor or null]`. */
export function keys(prefix, after = null) {
  const [page, more] = host.keys(prefix, after);
  return [page, more ?? null];
}
