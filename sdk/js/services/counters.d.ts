/** What the counter is now; 0 where it was never moved. */
export function read(name: string): number;
/** Moves it at the commit; refused as `conflict` where it would leave the bounds. */
export function add(name: string, delta: number, atLeast?: number, atMost?: number): void;
/** Takes `count` if so many are left, and says whether it did. */
export function take(name: string, count: number): boolean;
/** A number that no other call gets: 1 first. A series of its own, apart from the counter of that name. */
export function next(name: string): number;
/** The newest number that `next` gave to anyone; 0 before the first. */
export function last(name: string): number;
