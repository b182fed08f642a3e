export interface Answer {
  holds: boolean;
  /** Why not, in words that can be shown to the customer. */
  reasons: string[];
  /** A document that the bank has signed: `xitai verify` checks it without the bank. */
  attestation: string;
}
/** A question of any kind. The customer sees it, with its purpose. */
export function prove(kind: string, value: string | number, purpose: string): Answer;
export function overAge(years: number, purpose: string): Answer;
/** `CN`, or `CN-` and an administrative division. */
export function residentOf(region: string, purpose: string): Answer;
/** A group of the bank's. */
export function memberOf(group: string, purpose: string): Answer;
/** Such as `current`. */
export function hasAccount(kind: string, purpose: string): Answer;
/** 1 to 5. */
export function scoreBandAtLeast(band: number, purpose: string): Answer;
/** A product's risk, `R1` to `R5`. */
export function suitableFor(risk: string, purpose: string): Answer;
/** The subject of another customer of this program. */
export function guardianOf(subject: string, purpose: string): Answer;
