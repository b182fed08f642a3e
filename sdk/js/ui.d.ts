import type { MoneyLike } from "./money.js";

/** An element with its children, before `screen` flattens it. */
export interface Part {
  readonly element: Element;
  readonly id: string | undefined;
  readonly label: string | null;
  readonly props: [string, string][];
  readonly children: Part[];
}
/** What can stand where children are expected; `null`, `undefined`, `false` and `""` are left out. */
export type Children = Part | null | undefined | false | "" | readonly Children[];

/** What every element may have. */
export interface Options {
  /** The name that taps and submissions carry: unique and stable within the screen, 1 to 64 bytes. */
  id?: string;
  /** What a screen reader says, where the element's own text does not. */
  label?: string;
  /** Stays in reach of the thumb while the rest scrolls, where the channel can do that. */
  pinned?: boolean;
  /** Hints of the registry. */
  props?: Record<string, string>;
}
export interface Tappable {
  /** May be tapped as a whole; sends `tapped` with its id. */
  tap?: boolean;
}
export type Tone = "info" | "success" | "warning" | "danger" | "other";
export type Weight = "primary" | "secondary" | "danger" | "other";
/** An instant: milliseconds since the Unix epoch, UTC. */
export type Instant = number;

export function column(children: Children, options?: Options): Part;
export function row(children: Children, options?: Options): Part;
export function card(children: Children, options?: Options & Tappable): Part;
export function section(title: string, children: Children, options?: Options): Part;
/** Fields, and the button that submits them together as one `submitted`. */
export function form(children: Children, options?: Options): Part;
/** Pages side by side, as `[["Today", children], …]`; the host changes between them without asking the program. */
export function tabs(pages: readonly (readonly [name: string, children: Children])[], options?: Options): Part;
/** A list. With `more` the host asks for more by a tap with the value `more`. */
export function items(children: Children, options?: Options & { total?: number; more?: boolean }): Part;
/** A row of a list. `image` is a file of the package, such as `asset:assets/dish.svg`, or `content:ID`. */
export function item(
  title: string,
  options?: Options & Tappable & { subtitle?: string; trailing?: string; image?: string; tone?: Tone; children?: Children },
): Part;
export function divider(): Part;
/** With `display` it is read from afar, such as a number that is called out. */
export function heading(text: string, options?: Options & { display?: boolean }): Part;
export function paragraph(text: string, options?: Options): Part;
export function notice(text: string, tone?: Tone, options?: Options): Part;
export function badge(text: string, tone?: Tone, options?: Options): Part;
export function keyValues(pairs: readonly (readonly [name: string, value: string])[], options?: Options): Part;
/** Money, large. */
export function amount(money: MoneyLike, options?: Options): Part;
/** A picture, and what it shows for those who do not see it. */
export function image(source: string, alt: string, options?: Options): Part;
/** A sign of the host's own set. */
export function icon(name: string, options?: Options): Part;
/** A plain pick-up code, a link of this program, or the output of `payments/codes`; nothing else is drawn. */
export function qr(text: string, options?: Options): Part;
/** A reviewed video, live stream, document or invoice. */
export function media(handle: string, options?: Options): Part;
export function document(handle: string, title: string, options?: Options): Part;
export function progress(done: number, total: number, options?: Options): Part;
/** A chart, such as `bar` or `line`: pairs of a label and a whole number, of which `decimals` digits are fraction. */
export function chart(
  kind: string,
  unit: string,
  points: readonly (readonly [label: string, value: number])[],
  options?: Options & { decimals?: number },
): Part;
/** Stations on a way. */
export function timeline(moments: readonly { at: Instant; text: string; reached?: boolean }[], options?: Options): Part;
/** A coupon of the customer, by its id. */
export function coupon(id: string, options?: Options): Part;
/** Leads to another page of this program. */
export function link(text: string, page: string, options?: Options): Part;
/** A kind that this SDK has no function for. Drawn where the host knows it, else its children are. */
export function other(kind: string, value: unknown, options?: Options & { children?: Children }): Part;
/**
 * Something to tap; secondary unless said otherwise. `amount` is the money that the customer agrees to pay by tapping:
 * the host draws it itself, and a pay sheet opens only for exactly that.
 */
export function button(
  text: string,
  options?: Options & { weight?: Weight; value?: string; amount?: MoneyLike; disabled?: boolean },
): Part;
export function quantity(value: number, minimum: number, maximum: number, options?: Options): Part;
export function toggle(text: string, on: boolean, options?: Options): Part;
/** A line of text. `input` is the keyboard; `maxChars` is 200 unless said otherwise. */
export function textField(
  label: string,
  options?: Options & {
    value?: string;
    hint?: string;
    required?: boolean;
    maxChars?: number;
    input?: "text" | "lines" | "digits" | "decimal" | "phone" | "email";
    autofocus?: boolean;
  },
): Part;
/** One or, with `many`, several of a few: pairs of key and text. */
export function choice(
  label: string,
  pairs: readonly (readonly [key: string, text: string])[],
  options?: Options & { selected?: readonly string[]; many?: boolean; required?: boolean },
): Part;
/** A date; all dates are `YYYY-MM-DD`. */
export function dateField(
  label: string,
  options?: Options & { value?: string; earliest?: string; latest?: string; required?: boolean },
): Part;
/** A value that the host reads for the program, by the ticket of `identity/secure-fields`. It stands in a form, and is no part of what the form submits. */
export function secureField(label: string, ticket: string, options?: Options): Part;

/** A whole page: its title and what stands on it, from top to bottom. At most 1,000 nodes, 30 deep, 128 KiB. */
export function screen(title: string, children: Children): Screen;
/** What background calls show: nothing, to nobody. */
export function noScreen(): Screen;

/** The contract's screen: a tree as a flat list, in which a node names its children by index. */
export interface Screen {
  title: string;
  nodes: ScreenNode[];
  root: number;
}
export interface ScreenNode {
  id: string;
  element: Element;
  children: number[];
  label: string | null;
  props: [string, string][];
}
/** An element of the contract: its kind, and what belongs to it. */
export interface Element {
  tag: string;
  val?: any;
}
