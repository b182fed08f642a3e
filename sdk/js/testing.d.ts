import type { Exported, Event } from "./xitai.js";
import type { Money, MoneyLike } from "./money.js";
import type { Instant, Screen } from "./ui.js";

/** Answers the contract's imports in this process. Call it before the program is imported. */
export function installHost(): void;
/** Noon in Suzhou on Monday, 2 March 2026: where the clock of every bank begins. */
export const NOON: Instant;

export interface Opening {
  /** `zh-CN` unless said otherwise. */
  locale?: string;
  /** Of staff. */
  role?: string;
  surface?: "page" | "card" | "background" | "other";
  channel?: "phone" | "web" | "kiosk" | "chat" | "embed" | "other";
  elder?: boolean;
  page?: string;
  query?: Record<string, string>;
  signed?: Record<string, string>;
}

/** A bank with one branch in which one program is tried. */
export class Bank {
  constructor(program: Exported);
  now: Instant;
  /** What each branch sets. */
  config: Record<string, string>;
  /** Lines of the publisher's log so far. */
  log: string[];
  /** Everything that the bank keeps. */
  kept: any;
  open(subject: string, opening?: Opening): Page;
  background(): Page;
  balance(subject: string): Money;
  setBalance(subject: string, money: MoneyLike): void;
  setBudget(money: MoneyLike): void;
  knows(subject: string, claim: string, value: string): void;
  proves(subject: string, kind: string, value: string): void;
  withdrawConsents(subject: string): void;
  openCampaign(offer: { campaign: string; title: string; worth: MoneyLike; until: Instant; minimumSpend?: MoneyLike; basisPoints?: number; price?: MoneyLike; byCode?: boolean }, codes?: string[]): void;
  addEntry(entry: { id: string; kind: string; title: string; summary?: string; body?: string; image?: string | null; price?: MoneyLike | null; published?: Instant; tags?: string[]; opens?: [program: string, page: string] | null; details?: [string, string][]; documents?: string[] }): void;
  decideDraft(id: string, approve: boolean, note?: string): void;
  counter(name: string): number;
  shared<T = any>(key: string): T | null;
  /** Lets time pass: payments expire, wake-ups come due, and all that follows is delivered. */
  advance(ms: number): void;
}

/** A page that somebody has open. Every action delivers all that follows from it before it returns. */
export class Page {
  readonly screen: Screen;
  /** What the app did besides drawing since somebody last acted on this page. */
  readonly effects: { kind: string; json: string }[];
  tap(id: string, value?: string): void;
  set(id: string, value: string | number | boolean): void;
  submit(form: string, button: string, values?: Record<string, string | string[]>): void;
  resume(): void;
  deliver(event: Event): void;
  sheet(): Money | null;
  confirmSheet(answers?: Record<string, string>): void;
  declineSheet(): void;
  fillSecure(id: string, value: string): void;
  calls(): { id: string; request: { endpoint: string; method: string; path: string; body: Uint8Array; key: string }; sealed: [string, string][] }[];
  reply(statusOrCode: number | string, body?: unknown): void;
  drawing(): string;
  shows(...texts: string[]): void;
  showsNot(...texts: string[]): void;
}
