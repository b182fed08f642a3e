// A screen as plain text, for a test to compare and a person to read: one line an element, children indented. What can
// be acted on shows its id in brackets. The SDKs of all languages draw alike.
import { Money } from "../money.js";

export function draw({ title, nodes, root }) {
  const lines = [`# ${title}`];
  const walk = (index, depth) => {
    const line = lineOf(nodes[index]);
    if (line) lines.push("  ".repeat(depth) + line);
    for (const child of nodes[index].children) walk(child, depth + (line ? 1 : 0));
  };
  for (const child of nodes[root].children) walk(child, 0);
  return lines.join("\n");
}

const none = () => "";
const LINES = {
  column: none,
  row: none,
  items: none,
  card: () => "card",
  section: (title) => `== ${title}`,
  divider: () => "---",
  tabs: (names) => `tabs: ${names.join(" | ")}`,
  form: (_, { id }) => `form [${id}]`,
  item(item, { id, props }) {
    const line = `- ${item.title}${item.subtitle ? ` / ${item.subtitle}` : ""}${item.trailing ? ` … ${item.trailing}` : ""}`;
    return props.some(([name]) => name === "tap") ? `${line} [${id}]` : line;
  },
  heading: (text) => `## ${text}`,
  paragraph: (text) => text,
  notice: ({ tone, text }) => `(${tone}) ${text}`,
  badge: (text) => `<${text}>`,
  "key-values": (pairs) => pairs.map(([key, value]) => `${key}: ${value}`).join("; "),
  amount: (money) => String(Money.of(money)),
  image: ({ alt }) => `image: ${alt}`,
  icon: (name) => `icon: ${name}`,
  qr: (text) => `qr: ${text}`,
  media: (handle) => `media: ${handle}`,
  document: ({ title }) => `document: ${title}`,
  progress: ({ done, total }) => `progress: ${done}/${total}`,
  chart: ({ points, unit }) => `chart: ${points.length} points in ${unit}`,
  timeline: (moments) => moments.map(({ reached, text }) => `${reached ? "●" : "○"} ${text}`).join("  "),
  coupon: (id) => `coupon: ${id}`,
  button: ({ text, amount, disabled }, { id }) => `( ${amount ? `${Money.of(amount)} ` : ""}${text} ) [${id}${disabled ? ", disabled" : ""}]`,
  link: ({ text, page }) => `-> ${text} [${page}]`,
  "text-field": ({ value }, { id, label }) => `${label ?? ""}: \`${value}\` [${id}]`,
  choice({ options, selected }, { id, label }) {
    return `${label ?? ""}: ${options.map(([key, text]) => (selected.includes(key) ? `*${text}` : text)).join(" | ")} [${id}]`;
  },
  toggle: ({ text, on }, { id }) => `${on ? "[x]" : "[ ]"} ${text} [${id}]`,
  "date-field": ({ value }, { id, label }) => `${label ?? ""}: ${value ?? "-"} [${id}]`,
  quantity: ({ value }, { id }) => `(-) ${value} (+) [${id}]`,
  "secure-field": () => "secure field",
  other: ({ kind }) => `other: ${kind}`,
};

function lineOf(node) {
  const { tag, val } = node.element;
  if (!LINES[tag]) throw new Error(`the contract has no element ${tag}`);
  return LINES[tag](val, node);
}
