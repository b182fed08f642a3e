import type { Instant } from "../ui.js";

export type Claim =
  | "display-name" | "legal-name" | "phone" | "email" | "address" | "birth-date" | "identity-number" | "branch-manager"
  | (string & {});
export interface ConsentRequest {
  /** Without these the customer can't agree. */
  claims?: Claim[];
  /** Each of these they may leave out. */
  optional?: Claim[];
  /** What the customer reads. */
  purpose: string;
  /** How long they may be read, 1 to 365. */
  keepDays: number;
}
/** The ticket of the consent's sheet. Where the customer agrees, the text of `sheet-closed` is the consent's id. */
export function request(ask: ConsentRequest): string;
/** The consents of this customer that hold. */
export function granted(): { id: string; granted: Claim[]; expires: Instant }[];
/** What the bank has now for each claim that was granted. The customer sees that it was read. */
export function read(consent: string): Partial<Record<Claim, string>>;
