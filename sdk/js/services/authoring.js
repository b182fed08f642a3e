// Putting content forward, by staff or in the background. It is shown once reviewers have approved it.
import host from "xitai:content/authoring@1.0.0";

/** The id of what is put forward; the same key again is the same draft. */
export function submit({ kind, title, summary = "", body = "", image, price, tags = [], details = [] }, key) {
  return host.submit({ kind, title, summary, body, image, price, tags, details: Array.isArray(details) ? details : Object.entries(details) }, key);
}
/** `{ stage, findings }`. */
export const status = (id) => host.status(id);
export const withdraw = (id) => host.withdraw(id);
