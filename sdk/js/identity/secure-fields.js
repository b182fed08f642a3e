// Values that the host reads for the program. Show the ticket by the element `secureField`, and name it in the
// `sealed` of a call to a partner.
import host from "xitai:identity/secure-fields@1.0.0";

/** The ticket of a new field: `card-number`, `identity-number` or `one-time-code`. */
export function prepare(kind, purpose) {
  return host.prepare(kind, purpose);
}
