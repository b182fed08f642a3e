/** Asks to be woken in `ms` milliseconds, with `woken` and this key. The same key again moves the wake-up. */
export function after(ms: number, key: string): void;
export function cancel(key: string): void;
