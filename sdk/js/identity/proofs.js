// Yes-or-no answers that the host works out, so that the fact itself stays with the bank.
import host from "xitai:identity/proofs@1.0.0";

export const prove = (kind, value, purpose) => host.prove({ kind, value: String(value) }, purpose);
export const overAge = (years, purpose) => prove("over-age", years, purpose);
export const residentOf = (region, purpose) => prove("resident-of", region, purpose);
export const memberOf = (group, purpose) => prove("member-of", group, purpose);
export const hasAccount = (kind, purpose) => prove("has-account", kind, purpose);
export const scoreBandAtLeast = (band, purpose) => prove("score-band-at-least", band, purpose);
export const suitableFor = (risk, purpose) => prove("suitable-for", risk, purpose);
export const guardianOf = (subject, purpose) => prove("guardian-of", subject, purpose);
