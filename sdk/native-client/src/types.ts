// What the host sends, as `/schemas/session-1.json` has it.

export interface Money { minor: number; currency: string }
export type Pair = [string, string];
export type Tone = "info" | "success" | "warning" | "danger" | "other";
export type Weight = "primary" | "secondary" | "danger" | "other";

export interface Button { text: string; weight: Weight; value: string | null; amount: Money | null; disabled: boolean }
export interface Item { title: string; subtitle: string | null; trailing: string | null; image: string | null }
export interface TextField { value: string; hint: string; required: boolean; max_chars: number; input: string }
export interface Choice { options: Pair[]; selected: string[]; many: boolean; required: boolean }
export interface DateField { value: string | null; earliest: string | null; latest: string | null; required: boolean }
export interface Chart { kind: string; unit: string; points: [string, number][]; decimals: number }
export interface Moment { at_ms: number; text: string; reached: boolean }

/** The cases that hold something, by their names. */
export interface Cases {
  "section": string;
  "tabs": string[];
  "items": { total: number | null; more: boolean };
  "item": Item;
  "heading": string;
  "paragraph": string;
  "notice": { tone: Tone; text: string };
  "badge": string;
  "key-values": Pair[];
  "amount": Money;
  "image": { source: string; alt: string };
  "icon": string;
  "qr": string;
  "media": string;
  "document": { handle: string; title: string };
  "progress": { done: number; total: number };
  "chart": Chart;
  "timeline": Moment[];
  "coupon": string;
  "button": Button;
  "link": { text: string; page: string };
  "text-field": TextField;
  "choice": Choice;
  "toggle": { text: string; on: boolean };
  "date-field": DateField;
  "quantity": { value: number; minimum: number; maximum: number };
  "secure-field": string;
  "other": { kind: string; json: string };
}
export type Bare = "column" | "row" | "card" | "divider" | "form";
/** One case: its name, or an object with that one member. */
export type Element = Bare | { [K in keyof Cases]: { [P in K]: Cases[K] } }[keyof Cases];

export interface Node { id: string; element: Element; children?: number[]; label?: string; props?: Pair[] }
export interface Screen { title: string; nodes: Node[]; root: number }

export interface Effect { kind: string; json: string }
export interface Leg { legal_name: string; role: string; amount: Money }
export interface Tender { id: string; by: "account" | "cash" | "card"; chosen: boolean; issuer?: string; last_four?: string }
export type Part =
  | { part: "amount"; label: string; money: Money }
  | { part: "text" | "warning"; text: string }
  | { part: "facts"; facts: Pair[] }
  | { part: "payees"; title: string; legs: Leg[] }
  | { part: "link"; title: string; href: string }
  | { part: "document"; title: string; opens: string }
  | { part: "field"; name: string; label: string; hint: string; required: boolean; input: { input: string } };

export interface SheetBase { ticket: string; digest: string; program: string; publisher: string; then?: string; expires_ms: number; shown_ms: number; confirm_after_ms: number }
export interface PaySheet extends SheetBase {
  kind: "pay"; payable: Money; amount: Money; discount: Money; legs: Leg[];
  lines: { text: string; quantity: number; amount: Money }[]; purpose: string; tenders: Tender[];
}
export interface AskSheet extends SheetBase { kind: string; title: string; parts: Part[]; confirm: string }
export type Sheet = PaySheet | AskSheet;

export interface View {
  session: string;
  program: { id: string; name: string; publisher: string; verified: boolean; version: string };
  position: number;
  screen: Screen;
  sheet: Sheet | null;
  effects: Effect[];
  practice: boolean;
  channel: string;
  elsewhere?: boolean;
  closed: boolean;
}

export type Event =
  | { type: "tapped"; id: string; value: string | null }
  | { type: "submitted"; form: string; button: string; values: Pair[] };

/** A refusal as RFC 9457 has it. */
export interface Problem { code: string; title: string; detail?: string; mend?: string; status: number; retry_after_ms?: number }

/** The case of an element, and what it holds. */
export function caseOf(element: Element): { name: string; value: unknown } {
  if (typeof element === "string") return { name: element, value: null };
  const [name] = Object.keys(element) as [string];
  return { name, value: (element as Record<string, unknown>)[name] };
}
export const isPay = (sheet: Sheet): sheet is PaySheet => sheet.kind === "pay";
