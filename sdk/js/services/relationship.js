// The thread between the customer and their customer manager.
import host from "xitai:services/relationship@1.0.0";
import { lifted } from "../lift.js";

/** The topic of a new message in `happened`. */
export const MESSAGE = "relationship.message";

export const managerName = () => host.managerName();
export const note = (purpose, text, key) => host.note(purpose, text, key);
export function thread(purpose, after = null) {
  const [page, more] = host.thread(purpose, after);
  return { messages: page.map((message) => lifted(message, { numbers: ["at"] })), next: more ?? null };
}
