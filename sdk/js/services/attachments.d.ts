/** The ticket of the host's sheet. What comes with `sheet-closed` is the file's handle, good for a month. */
export function request(purpose: string, accept?: ("picture" | "pdf")[]): string;
/** `size` is in bytes. */
export function describe(handle: string): { name: string; mediaType: string; size: number };
/** A piece from an offset on, 128 KiB at most; empty at the end. */
export function read(handle: string, offset?: number): Uint8Array;
/** Destroys it. */
export function remove(handle: string): void;
