// Calls to the publisher's own systems, by the name of an endpoint of the manifest's `egress`. A call is sent once the
// step is committed; its answer comes as the event `replied`, whose `call` is the id that these functions give.
import host from "xitai:services/partner@1.0.0";
import { decodeUtf8, encodeUtf8 } from "../utf8.js";

/** Asks for something. `key` is the program's own number: the same one again is the same call. */
export function get(endpoint, path, key) {
  return host.call({ endpoint, method: "GET", path, body: new Uint8Array(), sealed: [], key });
}
/** Has something done. `sealed` names places in the body and the tickets of secure fields whose values go there. */
export function post(endpoint, path, key, body, { method = "POST", sealed = {} } = {}) {
  return host.call({ endpoint, method, path, body: encodeUtf8(JSON.stringify(body)), sealed: Object.entries(sealed), key });
}
/** The body of an answer as JSON, or null where there is none. */
export function json(response) {
  return response.body.length ? JSON.parse(decodeUtf8(response.body)) : null;
}
