import type { MoneyLike } from "../money.js";

export interface Draft {
  kind: string;
  title: string;
  summary?: string;
  body?: string;
  image?: string | null;
  price?: MoneyLike | null;
  tags?: string[];
  details?: Record<string, string> | [string, string][];
}
/** The id of what is put forward; the same `key` again is the same draft. */
export function submit(draft: Draft, key: string): string;
export function status(id: string): { stage: "checking" | "in-review" | "approved" | "returned" | "withdrawn" | "other"; findings: string[] };
export function withdraw(id: string): void;
