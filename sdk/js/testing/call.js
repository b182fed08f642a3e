// The call that runs: whose it is, and the bank that answers it.

let running = null;

/** `{ bank, page, chain, hostCalls }`, or null between calls. */
export const playing = () => running;

/** What host functions see: the bank, what it keeps, and the page that calls. */
export function asking() {
  return { bank: running.bank, kept: running.bank.kept, page: running.page, chain: running.chain, subject: running.page.subject, forMerchant: !running.page.isCustomer };
}

/** Runs `work` as a call of `page`. */
export function during(call, work) {
  running = { hostCalls: 0, ...call };
  try {
    return work();
  } finally {
    running = null;
  }
}

/** Throws as the host refuses. */
export function refuse(kind, code, detail = "") {
  throw { kind, code, detail: String(detail), retryAfterMs: null };
}

/** A new number for something that the bank makes. */
export function numbered(what) {
  running.bank.given += 1;
  return `${what}-${running.bank.given}`;
}

/** A sheet that waits and is no payment's: `kind` says what comes of it, `arms` what a tap must have armed. */
export function ask(kind, ticket, { arms = null, ...rest } = {}) {
  const { kept, page, chain, subject } = asking();
  kept.asks[ticket] = { kind, page: page.number, subject, arms, chain, ...rest };
  return ticket;
}

/** Whether two plain values are the same. */
export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
