import type { Instant } from "../ui.js";

export interface Notice {
  template: string;
  /** Each variable of the template, once. Amounts are written `1200 CNY`, moments in milliseconds. */
  values?: Record<string, string> | [string, string][];
  /** A subject of this program; null: the session's own customer. */
  to?: string | null;
  notBefore?: Instant | null;
}
/** Sends it with the step: the notice's id. The same `key` to the same customer is the same notice. */
export function send(notice: Notice, key: string): string;
/** The ticket of a sheet that asks which of up to three templates the customer wants. */
export function subscribe(templates: string[]): string;
/** Whether the text of a closed sheet says that a template was allowed. */
export function allowed(text: string | null | undefined, template: string): boolean;
/** How many notices of a template that customer could be sent now. */
export function balance(template: string, to?: string | null): number;
