import type { Instant } from "../ui.js";

/** The topic of a new message in `happened`; its key is the purpose. */
export const MESSAGE: "relationship.message";
export function managerName(): string;
/** Writes a note into the thread of a purpose of the manifest. The same `key` again is the same note. */
export function note(purpose: string, text: string, key: string): void;
/** What was written, newest first. */
export function thread(
  purpose: string,
  after?: string | null,
): { messages: { author: "customer" | "manager" | "program" | "other"; text: string; at: Instant }[]; next: string | null };
