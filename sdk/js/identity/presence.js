// Proving presence again, before what must not be done by whoever holds the customer's phone.
import host from "xitai:identity/presence@1.0.0";

export const request = (purpose) => host.request(purpose);
