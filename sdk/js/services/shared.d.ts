/** Data of the program in one branch, such as a menu, kept as JSON. */
export interface Versioned<T> {
  value: T;
  /** Grows with each write; what `put` compares. */
  version: number;
}
export function get<T = any>(key: string): T | null;
export function getVersioned<T = any>(key: string): Versioned<T> | null;
/** Writes if the key still has the version that was read; null if it has none yet. Else refused as `conflict`. */
export function put(key: string, expected: number | null, value: unknown): void;
/** Forgets the value if the key still has the version that was read. */
export function remove(key: string, expected: number): void;
/** Values whose keys begin with `prefix`, in the order of their keys: a page of at most 100 and one MiB, and the cursor to the next. */
export function entries<T = any>(prefix: string, after?: string | null): [({ key: string } & Versioned<T>)[], string | null];
export function keys(prefix: string, after?: string | null): [string[], string | null];
/** Reads, changes and writes in one go. If somebody else commits meanwhile, the host runs the whole call again. */
export function change<T>(key: string, fallback: T, edit: (value: T) => T): T;
