import type { Instant } from "../ui.js";

/** One to five stars for a settled payment; `about` is the program's own name for what was paid, empty: the program. */
export function rate(rating: { about?: string; payment?: string | null; stars: number; text?: string }, key: string): void;
/** The number of the complaint. Complaints reach head office, and no publisher. */
export function complain(complaint: { about?: string; text: string }, key: string): string;
/** Newest first. */
export function ratings(
  about?: string,
  after?: string | null,
): { ratings: { id: string; stars: number; text: string; at: Instant; answer: string | null }[]; next: string | null };
/** Staff answer a rating of their branch. */
export function answer(rating: string, text: string, key: string): void;
/** The sum of stars, and how many ratings. */
export function tally(about?: string): { stars: number; ratings: number };
