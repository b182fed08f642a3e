// Reviewed content: articles, offers, products, places.
import host from "xitai:content/library@1.0.0";

/** `{ entries, next }` for which all that is given holds; `near` is a district or "LATITUDE,LONGITUDE". */
export function find({ kind, tag, text, near } = {}, after) {
  const [entries, next] = host.find({ kind, tag, text, near }, after);
  return { entries, next: next ?? null };
}
export const get = (id) => host.get(id);
