import type { Money } from "../money.js";
import type { Instant } from "../ui.js";

export interface Entry {
  id: string;
  /** `article`, `offer`, `product`, `place`, `video`, `live`, `question`. */
  kind: string;
  title: string;
  summary: string;
  body: string;
  image: string | null;
  price: Money | null;
  published: Instant;
  tags: string[];
  /** Program and page that acting on it opens. */
  opens: [program: string, page: string] | null;
  /** Such as opening hours, position, risk grade. */
  details: [string, string][];
  /** Handles of documents that belong to it. */
  documents: string[];
}
/** Entries for which all that is given holds; `near` is a district or `LATITUDE,LONGITUDE`. */
export function find(
  query?: { kind?: string | null; tag?: string | null; text?: string | null; near?: string | null },
  after?: string | null,
): { entries: Entry[]; next: string | null };
export function get(id: string): Entry;
