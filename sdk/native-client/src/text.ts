// Draws a screen and the bank's sheet to text. A real app puts its own controls in place of the lines; the walk is the same.

import { caseOf, isPay, type Cases, type Money, type Node, type Screen, type Sheet } from "./types.js";

/** As the customer's language writes money. */
export function money(amount: Money, locale = "en"): string {
  const format = new Intl.NumberFormat(locale, { style: "currency", currency: amount.currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount.minor / 10 ** digits);
}

export function screen(screen: Screen, locale = "en"): string {
  const lines = ["# " + screen.title];
  // A checked screen has neither cycles nor bad places; the bound keeps a client safe that is told otherwise.
  const walk = (place: number, indent: number, depth: number): void => {
    const node = screen.nodes[place];
    if (!node || depth > 40) return;
    const drawn = line(node, locale);
    if (drawn) lines.push(...drawn.split("\n").map((text) => "  ".repeat(indent) + text));
    for (const child of node.children ?? []) walk(child, indent + (drawn ? 1 : 0), depth + 1);
  };
  walk(screen.root, 0, 0);
  return lines.join("\n");
}

type Drawing = { [K in keyof Cases]: (value: Cases[K], node: Node, locale: string) => string };

const label = (node: Node): string => node.label ?? node.id;
const taps = (node: Node): boolean => node.props?.some(([name]) => name === "tap") ?? false;

/** One entry a case: what is missing here does not compile. */
const cases: Drawing = {
  "section": (title) => "== " + title,
  "tabs": (names) => names.join(" | "),
  "items": ({ total, more }, node) => (more ? `(${total ?? "…"}, more: ${node.id})` : ""),
  "item": (item, node) => ["-", item.title, item.subtitle, item.trailing, taps(node) && `[${node.id}]`].filter(Boolean).join(" "),
  "heading": (text) => "## " + text,
  "paragraph": (text) => text,
  "notice": ({ tone, text }) => `(${tone}) ${text}`,
  "badge": (text) => `<${text}>`,
  "key-values": (pairs) => pairs.map(([name, value]) => `${name}: ${value}`).join("\n"),
  "amount": (amount, _, locale) => money(amount, locale),
  "image": ({ alt }) => `image: ${alt}`,
  "icon": () => "",
  "qr": (text) => `code: ${text}`,
  "media": (handle) => `media: ${handle}`,
  "document": ({ title, handle }) => `document: ${title} [${handle}]`,
  "progress": ({ done, total }) => `${done} / ${total}`,
  "chart": ({ unit, points, decimals }) => points.map(([name, value]) => `${name}: ${value / 10 ** decimals} ${unit}`).join("\n"),
  "timeline": (moments) => moments.map(({ text, reached }) => `${reached ? "●" : "○"} ${text}`).join("\n"),
  "coupon": (handle, node) => `coupon: ${node.label ?? handle}`,
  // What a tap agrees to pay comes first.
  "button": ({ text, amount, disabled }, node, locale) => `( ${amount ? money(amount, locale) + " " : ""}${text} ) [${node.id}${disabled ? ", disabled" : ""}]`,
  "link": ({ text, page }) => `-> ${text} [${page}]`,
  "text-field": ({ value, required }, node) => `${label(node)}: \`${value}\`${required ? " *" : ""} [${node.id}]`,
  "choice": ({ options, selected, required }, node) =>
    `${label(node)}: ${options.map(([key, text]) => (selected.includes(key) ? "*" : "") + text).join(" | ")}${required ? " *" : ""} [${node.id}]`,
  "toggle": ({ text, on }, node) => `${on ? "[x]" : "[ ]"} ${text} [${node.id}]`,
  "date-field": ({ value, required }, node) => `${label(node)}: ${value ?? "-"}${required ? " *" : ""} [${node.id}]`,
  "quantity": ({ value, minimum, maximum }, node) => `(-) ${value} (+) ${minimum}..${maximum} [${node.id}]`,
  // Its value goes to the host alone: PUT …/secure-fields/{ticket}.
  "secure-field": (_, node) => `${label(node)}: secure [${node.id}]`,
  // A kind that is not known is drawn by its children.
  "other": () => "",
};

function line(node: Node, locale: string): string {
  const { name, value } = caseOf(node.element);
  if (name === "divider") return "---";
  if (name === "card") return taps(node) ? `card [${node.id}]` : "card";
  if (name === "form") return `form [${node.id}]`;
  const draw = (cases as unknown as Record<string, (value: unknown, node: Node, locale: string) => string>)[name];
  return draw ? draw(value, node, locale) : "";
}

/** All of the bank's sheet, in a frame that no screen has. */
export function sheet(sheet: Sheet, locale = "en"): string {
  const lines: string[] = [];
  if (isPay(sheet)) {
    lines.push(money(sheet.payable, locale));
    if (sheet.discount.minor) lines.push(`${money(sheet.amount, locale)} - ${money(sheet.discount, locale)}`);
    for (const leg of sheet.legs) lines.push(`to ${leg.legal_name}: ${money(leg.amount, locale)}`);
    for (const { text, quantity, amount } of sheet.lines) lines.push(`${quantity} × ${text}: ${money(amount, locale)}`);
    lines.push(sheet.purpose, ...sheet.tenders.map((it) => `${it.chosen ? "(*)" : "( )"} ${it.issuer ?? it.by} ${it.last_four ?? ""}`.trim()));
  } else {
    lines.push(sheet.title);
    for (const part of sheet.parts) {
      if (part.part === "amount") lines.push(`${part.label}: ${money(part.money, locale)}`);
      else if (part.part === "facts") lines.push(...part.facts.map(([name, value]) => `${name}: ${value}`));
      else if (part.part === "payees") lines.push(part.title, ...part.legs.map((leg) => `${leg.legal_name}: ${money(leg.amount, locale)}`));
      else if (part.part === "link") lines.push(`${part.title}: ${part.href}`);
      else if (part.part === "document") lines.push(`${part.title} [${part.opens}]`);
      else if (part.part === "field") lines.push(`${part.label}${part.required ? " *" : ""} [${part.name}: ${part.input.input}]`);
      else lines.push(part.part === "warning" ? "! " + part.text : part.text);
    }
    lines.push(`( ${sheet.confirm} )`);
  }
  lines.push(`${sheet.program} · ${sheet.publisher}`);
  return ["╔═ the bank", ...lines.map((text) => "║ " + text), "╚═"].join("\n");
}
