/** Noon in Suzhou on Monday, 2 March 2026: where the clock of every bank begins. */
export const NOON = 1_772_424_000_000;
