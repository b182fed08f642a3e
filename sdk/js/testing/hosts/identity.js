// Who is there, and what the bank knows: a test says it by `bank.knows` and `bank.proves`.
import { ask, asking, numbered, refuse } from "../call.js";
import { NOON } from "../noon.js";

const DAY = 86_400_000;
const CLAIMS = ["display-name", "legal-name", "phone", "email", "address", "birth-date", "identity-number", "branch-manager"];
const KINDS = ["over-age", "resident-of", "member-of", "has-account", "score-band-at-least", "suitable-for", "guardian-of"];
const FIELDS = ["card-number", "identity-number", "one-time-code"];

export const customer = {
  whoami() {
    const { kept, page, subject } = asking();
    return { subject, level: "account-holder", provedAt: kept.proved[page.number] ?? NOON, roles: page.roles };
  },
};

const fact = (claim) => asking().bank.facts[`${asking().subject}/${claim}`];

export const claims = {
  request({ claims, optional, purpose, keepDays }) {
    const { bank } = asking();
    const all = [...claims, ...optional];
    if (all.length === 0) refuse("invalid", "claims.none");
    const unknown = all.find((claim) => !CLAIMS.includes(claim));
    if (unknown) refuse("invalid", "claims.unknown", unknown);
    if (!purpose.trim()) refuse("invalid", "claims.purpose", "it is empty");
    if (keepDays < 1 || keepDays > 365) refuse("invalid", "claims.keep-days", "1 to 365");
    const missing = claims.find((claim) => fact(claim) === undefined);
    if (missing) refuse("not-found", "claims.missing", missing);
    const asked = all.filter((claim) => fact(claim) !== undefined);
    if (asked.length === 0) refuse("not-found", "claims.missing", optional.join(", "));
    return ask("consent", numbered("ask"), { id: numbered("consent"), needed: claims, asked, expires: bank.now + keepDays * DAY });
  },
  granted() {
    const { bank, kept, subject } = asking();
    return kept.consents.filter((it) => it.subject === subject && !it.withdrawn && bank.now < it.consent.expires).map((it) => it.consent);
  },
  read(id) {
    const { bank, kept, subject } = asking();
    const given = kept.consents.find((it) => it.consent.id === id && it.subject === subject) ?? refuse("not-found", "consent.not-found", id);
    if (given.withdrawn || bank.now >= given.consent.expires) refuse("not-consented", "consent.over", id);
    return given.consent.granted.filter((claim) => fact(claim) !== undefined).map((claim) => [claim, fact(claim)]);
  },
};

export const proofs = {
  prove({ kind, value }, purpose) {
    const { bank, subject } = asking();
    if (!KINDS.includes(kind)) refuse("invalid", "proof.kind", kind);
    if (!value) refuse("invalid", "proof.value", kind);
    if (!purpose.trim()) refuse("invalid", "claims.purpose", "it is empty");
    const holds = bank.proofs.has(`${subject}/${kind}/${value}`);
    return { holds, reasons: holds ? [] : [`not ${kind} ${value}`], attestation: JSON.stringify({ kind, holds }) };
  },
};

export const presence = {
  request(purpose) {
    if (!purpose.trim()) refuse("invalid", "presence.purpose", "it is empty");
    return ask("presence", numbered("presence"));
  },
};

export const secureFields = {
  prepare(kind, purpose) {
    if (!FIELDS.includes(kind)) refuse("invalid", "secure-field.kind-unknown", kind);
    if (!purpose.trim()) refuse("invalid", "secure-field.purpose", "it is empty");
    const ticket = numbered("field");
    asking().kept.fields[ticket] = null;
    return ticket;
  },
};

export const AGREED = {
  /** The answers say `yes` to each claim that is ticked. */
  consent({ kept, ask: { id, subject, needed, asked, expires }, answers }) {
    const granted = asked.filter((claim) => answers[claim] === "yes");
    if (granted.length === 0 || needed.some((claim) => !granted.includes(claim))) throw new Error(`the sheet can't be confirmed without ${needed.join(", ") || "anything ticked"}`);
    kept.consents.push({ subject, consent: { id, granted, expires }, withdrawn: false });
    return id;
  },
  presence({ bank, kept, ask: { page } }) {
    kept.proved[page] = bank.now;
    return null;
  },
};
