/** What the branch has set, else the manifest's default; empty where neither says anything. */
export function text(name: string): string;
/** The same as a whole number, or null. */
export function number(name: string): number | null;
