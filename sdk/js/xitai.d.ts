import type { Instant, Screen } from "./ui.js";

export * from "./ui.js";
export { Money, cny } from "./money.js";
export type { MoneyLike } from "./money.js";
export { decodeUtf8, encodeUtf8 } from "./utf8.js";

export type Channel = "phone" | "web" | "kiosk" | "chat" | "embed" | "other";
/**
 * Who is at the screen. The `val` of staff is their role; `nobody` is the host itself, such as a wake-up; `other` is newer
 * than this SDK and has no more rights than a visitor.
 */
export type Actor =
  | { tag: "customer" }
  | { tag: "staff"; val: string }
  | { tag: "nobody" }
  | { tag: "other"; val: string };

/** What a call is told about the world. */
export interface Context {
  /** Fixed for the whole call, and the same when the call is replayed. */
  now: Instant;
  channel: Channel;
  /** BCP 47, such as `zh-CN`, `en`, `fa`. */
  locale: string;
  /** IANA time zone, such as `Asia/Shanghai`. */
  zone: string;
  /** How far `zone` is ahead of UTC at `now`. */
  utcOffsetMinutes: number;
  /** The customer asked for large type and fewer steps. */
  elderMode: boolean;
  /** The branch that the customer is served by. */
  branch: string;
  actor: Actor;
  /** Play money: nothing is booked. */
  practice: boolean;
  /** Names that this host understands wherever there is an `other` case or a registry string. */
  supports: string[];
  /** 32 bytes; `Math.random` and `crypto` are seeded with them. */
  seed: Uint8Array;
}

/** How the customer got here. */
export interface Launch {
  /** One of the manifest's `pages`. */
  page: string;
  /** Of the link. Anybody can make these up. */
  query: [string, string][];
  /** Verified by the host: from a signed QR code or link. */
  signed: [string, string][];
  /** `background` is the session without a customer: no screen is shown, no sheets. */
  surface: "page" | "card" | "background" | "other";
}

export interface Tap {
  id: string;
  value?: string | null;
}
export interface Submission {
  form: string;
  /** The button's id. */
  button: string;
  /** A field's id and its value; a choice of many once for each chosen key. */
  values: [string, string][];
}
export interface SheetResult {
  ticket: string;
  outcome: "agreed" | "declined" | "expired" | "pending" | "failed" | "other";
  /** Such as a consent's id, or what a scanned code says. */
  text?: string | null;
}
export interface Response {
  /** Of HTTP. */
  status: number;
  body: Uint8Array;
}
export interface Reply {
  /** What the call to the partner gave. */
  call: string;
  /** `err` is a code of the host's, such as `partner.outcome-unknown`. */
  answer: { tag: "ok"; val: Response } | { tag: "err"; val: string };
}
export interface Happening {
  topic: string;
  key: string;
  body: Uint8Array;
}

export type Event =
  | { tag: "tapped"; val: Tap }
  | { tag: "submitted"; val: Submission }
  | { tag: "sheet-closed"; val: SheetResult }
  /** A payment, refund, mandate or agreement of this session changed: its id. */
  | { tag: "changed"; val: string }
  | { tag: "replied"; val: Reply }
  /** A wake-up that the program asked for: its key. */
  | { tag: "woken"; val: string }
  /** A watched shared key or counter has a new value: its name. */
  | { tag: "noticed"; val: string }
  | { tag: "happened"; val: Happening }
  | { tag: "resumed" }
  | { tag: "hidden" }
  /** The state was made under another schema. `upgrade` has read it. */
  | { tag: "upgraded"; val: number }
  | { tag: "other"; val: { kind: string; json: string } };

/** What one call leads to. */
export interface Step<S> {
  /** Any JSON value, at most 64 KiB; given back with the next event. */
  state: S;
  screen: Screen;
  /** The ticket of the sheet to show. */
  sheet?: string | null;
  /** A short message that passes by. */
  toast?: string | null;
  /** A little joy, confetti where no kind is named; quiet where the customer wants less motion. */
  celebrate?: boolean | "confetti" | "envelopes" | "rocket";
  /** Closes the page. */
  close?: boolean;
  /** Other effects of the registry. */
  effects?: { kind: string; json: string }[];
  /** Shared keys and counters whose change comes back as `noticed`; at most 8, said anew with each step. */
  watch?: string[];
}

export interface Program<S> {
  /** The number of the form in which this release writes its state: the manifest's `state.writes`; 1 unless said otherwise. */
  schema?: number;
  /** Somebody came, or the host opens the session in the background. */
  open(ctx: Context, launch: Launch): Step<S>;
  /** Something happened. */
  update(ctx: Context, state: S, event: Event): Step<S>;
  /** Reads a state that an older release wrote under `schema`. */
  upgrade?(schema: number, kept: any): S;
}

/** The export of a component, in the contract's own values. */
export interface Exported {
  open(ctx: Context, launch: Launch): unknown;
  update(ctx: Context, state: Uint8Array, event: Event): unknown;
}

/**
 * Makes the export `program` of a component. `Date`, `Math.random` and `crypto` are the context's while the functions
 * run; what they throw becomes a failure with its stack, which the publisher finds in the log.
 */
export function makeProgram<S>(program: Program<S>): Exported;

/** The customer sees a decent message, the publisher's log the detail. */
export interface Failure {
  code: string;
  detail: string;
}
/** A failure with a code of the program's own, and the place that made it. Throw it. */
export function failure(code: string, detail: string): Failure;

/** Why the host would not do what a program asked. */
export interface Refusal {
  kind:
    | "not-granted"
    | "not-consented"
    | "limited"
    | "invalid"
    | "not-found"
    | "conflict"
    | "busy"
    | "unavailable"
    | "unknown-outcome"
    | "other";
  /** Stable, such as `limit.screen-nodes`; `xitai explain CODE` tells more. */
  code: string;
  detail: string;
  retryAfterMs?: number | null;
}
/** The refusal in what a host function threw, or null. */
export function refusalOf(thrown: unknown): Refusal | null;

/** Chinese where the customer reads Chinese, English for everyone else. */
export function say(ctx: Context, chinese: string, english: string): string;
/** The date and time on the customer's wall, by the offset that holds now: `20260731`, `2026-07-31`, `09:05`. */
export function local(ctx: Context, instant?: Instant): { day: string; date: string; time: string };
export function isCustomer(ctx: Context): boolean;
/** Whether staff are at the screen, in one of the roles where some are named. */
export function isStaff(ctx: Context, ...roles: string[]): boolean;

/** Whether the customer tapped the node `id`. */
export function isTap(event: Event, id: string): boolean;
/** The part of a tapped node's id after `prefix`: `"add-"` on a tap of `add-7` gives `7`; else null. */
export function tapAfter(event: Event, prefix: string): string | null;
/** What was entered in a form, by the ids of its fields. */
export function entered(submission: Submission): {
  /** Trimmed; empty where nothing was entered. */
  text(id: string): string;
  /** A whole number, exact to 2^53; else null. */
  number(id: string): number | null;
  /** All keys of a choice. */
  chosen(id: string): string[];
  /** Of a toggle. */
  isOn(id: string): boolean;
};
/** A parameter of the link, or null. Anybody can make one up. */
export function queryValue(launch: Launch, name: string): string | null;
/** A parameter that the host has verified, or null. */
export function signedValue(launch: Launch, name: string): string | null;

declare global {
  /** Seeded by the context of the call. The names are the browser's, so that its library may stand beside. */
  interface Crypto {
    randomUUID(): `${string}-${string}-${string}-${string}-${string}`;
    /** Fills an array of integers, 65,536 bytes at most. */
    getRandomValues<T extends ArrayBufferView | null>(array: T): T;
  }
  var crypto: Crypto;
}
