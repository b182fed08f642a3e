// Reviewed content: articles, offers, products, places.
import host from "xitai:content/library@1.0.0";
import { lifted } from "../lift.js";

const liftEntry = (entry) => lifted(entry, { money: ["price"], numbers: ["published"], absent: ["image", "opens"] });

/** `{ entries, next }` for which all that is given holds; `near` is a district or "LATITUDE,LONGITUDE". */
export function find({ kind = null, tag = null, text = null, near = null } = {}, after = null) {
  const [page, more] = host.find({ kind, tag, text, near }, after);
  return { entries: page.map(liftEntry), next: more ?? null };
}
export const get = (id) => liftEntry(host.get(id));
