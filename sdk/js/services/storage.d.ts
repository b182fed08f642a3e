/** Key-value data of one customer in this program, kept as JSON; a MiB a key. Writes are committed with the step. */
export function get<T = any>(key: string): T | null;
export function set(key: string, value: unknown): void;
export function remove(key: string): void;
/** Values whose keys begin with `prefix`, in the order of their keys: a page of at most 100 and one MiB, and the cursor to the next. */
export function entries<T = any>(prefix: string, after?: string | null): [{ key: string; value: T }[], string | null];
export function keys(prefix: string, after?: string | null): [string[], string | null];
