import type { Instant } from "../ui.js";

export interface Customer {
  /** Stable for this customer and this program's line of owners; says nothing to anyone else. */
  subject: string;
  level: "visitor" | "registered" | "verified" | "account-holder" | "other";
  /** When presence was last proved. */
  provedAt: Instant;
  /** In the organisation, for staff. */
  roles: string[];
}
export function whoami(): Customer;
