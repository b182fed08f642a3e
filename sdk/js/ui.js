// Screens that read like screens. Elements nest; `screen` flattens them into the contract's list. What the customer
// acts on gets `{ id: "pay" }`; the rest is numbered by its place under the nearest ancestor that has an id.
// Children may be nested lists, and `null`, `false` and `undefined` among them are left out.

import { lowerMoney } from "./money.js";

/** What is left out costs nothing: a screen has hundreds of nodes, and each is made anew for each event. */
const NONE = Object.freeze({});

function node(tag, val, options = NONE, children) {
  const element = val === undefined ? { tag } : { tag, val };
  const props = options.props ? Object.entries(options.props) : [];
  if (options.tap) props.push(["tap", "yes"]);
  if (options.pinned) props.push(["pin", "bottom"]);
  if (options.display) props.push(["size", "display"]);
  if (options.autofocus) props.push(["autofocus", "yes"]);
  if (options.tone && tag !== "notice") props.push(["tone", options.tone]);
  return { element, id: options.id, label: options.label ?? null, props, children: children ? [children].flat(Infinity).filter(Boolean) : [] };
}

export const column = (children, options) => node("column", undefined, options, children);
export const row = (children, options) => node("row", undefined, options, children);
export const card = (children, options) => node("card", undefined, options, children);
export const section = (title, children, options) => node("section", title, options, children);
export const form = (children, options) => node("form", undefined, options, children);
export const items = (children, options = {}) =>
  node("items", { total: options.total ?? null, more: options.more ?? false }, options, children);
export const item = (title, options = {}) =>
  node(
    "item",
    { title, subtitle: options.subtitle ?? null, trailing: options.trailing ?? null, image: options.image ?? null },
    options,
    options.children,
  );
export const divider = () => node("divider");
/** Pages side by side, as `[["Today", children], …]`; the host changes between them without asking the program. */
export const tabs = (pages, options) => node("tabs", pages.map(([name]) => name), options, pages.map(([, children]) => column(children)));
export const heading = (text, options) => node("heading", text, options);
export const paragraph = (text, options) => node("paragraph", text, options);
export const notice = (text, tone = "info", options) => node("notice", { tone, text }, options);
export const badge = (text, tone, options) => node("badge", text, { ...options, tone });
export const keyValues = (pairs, options) => node("key-values", pairs, options);
export const amount = (money, options) => node("amount", lowerMoney(money), options);
export const image = (source, alt, options) => node("image", { source, alt }, options);
export const media = (handle, options) => node("media", handle, options);
export const document = (handle, title, options) => node("document", { handle, title }, options);
/** `points` are pairs of a label and a whole number, of which `decimals` digits are fraction. */
export const chart = (kind, unit, points, options = {}) => node("chart", { kind, unit, points, decimals: options.decimals ?? 0 }, options);
/** Stations on a way: `{ at, text, reached }`. */
export const timeline = (moments, options) => node("timeline", moments.map(({ at, text, reached = false }) => ({ at, text, reached })), options);
export const coupon = (id, options) => node("coupon", id, options);
/** A kind that this SDK has no function for. Drawn where the host knows it, else its children are. */
export const other = (kind, value, options = {}) => node("other", { kind, json: JSON.stringify(value) }, options, options.children);
export const icon = (name, options) => node("icon", name, options);
export const qr = (text, options) => node("qr", text, options);
export const progress = (done, total, options) => node("progress", { done, total }, options);
export const link = (text, page, options) => node("link", { text, page }, options);
export const button = (text, options = {}) =>
  node(
    "button",
    {
      text,
      weight: options.weight ?? "secondary",
      value: options.value ?? null,
      amount: lowerMoney(options.amount),
      disabled: options.disabled ?? false,
    },
    options,
  );
export const quantity = (value, minimum, maximum, options) => node("quantity", { value, minimum, maximum }, options);
export const toggle = (text, on, options) => node("toggle", { text, on }, options);
/** A value that the host reads for the program, by the ticket of `secure-fields`. It stands in a form. */
export const secureField = (label, ticket, options = {}) => node("secure-field", ticket, { ...options, label });
export const textField = (label, options = {}) =>
  node(
    "text-field",
    {
      value: options.value ?? "",
      hint: options.hint ?? "",
      required: options.required ?? false,
      maxChars: options.maxChars ?? 200,
      input: options.input ?? "text",
    },
    { ...options, label },
  );
export const dateField = (label, options = {}) =>
  node(
    "date-field",
    { value: options.value ?? null, earliest: options.earliest ?? null, latest: options.latest ?? null, required: options.required ?? false },
    { ...options, label },
  );
export const choice = (label, pairs, options = {}) =>
  node(
    "choice",
    { options: pairs, selected: options.selected ?? [], many: options.many ?? false, required: options.required ?? false },
    { ...options, label },
  );

/** A whole page: its title and what stands on it, from top to bottom. */
export function screen(title, children) {
  const nodes = [];
  const root = flatten(node("column", undefined, {}, children), "page", nodes);
  return { title, nodes, root };
}

/** What background calls show: nothing, to nobody. */
export const noScreen = () => screen("", []);

function flatten(node, id, nodes) {
  // A leaf with its own id is what the contract's list has already.
  if (node.id === id && node.children.length === 0) return nodes.push(node) - 1;
  const children = node.children.map((child, place) => flatten(child, child.id ?? `${id}.${place}`, nodes));
  return nodes.push({ id, element: node.element, children, label: node.label, props: node.props }) - 1;
}
