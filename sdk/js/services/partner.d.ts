import type { Response } from "../xitai.js";

/** Asks for something; the call's id. `key` is the program's own number: the same one again is the same call. */
export function get(endpoint: string, path: string, key: string): string;
/** Has something done. `sealed` names places in the body, and the tickets of secure fields whose values go there. */
export function post(
  endpoint: string,
  path: string,
  key: string,
  body: unknown,
  options?: { method?: string; sealed?: Record<string, string> },
): string;
/** The body of an answer as JSON, or null where there is none; throws where it is no JSON in UTF-8. */
export function json<T = any>(response: Response): T | null;
