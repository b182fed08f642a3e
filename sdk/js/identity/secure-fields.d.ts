/** The ticket of a new field; show it by `secureField`, and name it in the `sealed` of a call to a partner. */
export function prepare(kind: "card-number" | "identity-number" | "one-time-code", purpose: string): string;
