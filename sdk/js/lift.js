// From the contract's values to those of programs: 64-bit numbers are numbers, absent is null, money is `Money`.

import { liftMoney } from "./money.js";

/** A record with the named members made money, and those that are instants or counts numbers. */
export function lifted(record, { money = [], numbers = [], absent = [] }) {
  const made = { ...record };
  for (const name of money) made[name] = liftMoney(record[name]);
  for (const name of numbers) made[name] = record[name] === null || record[name] === undefined ? null : Number(record[name]);
  for (const name of absent) made[name] = record[name] ?? null;
  return made;
}

/** Pairs out of an object, or as they are. */
export const pairs = (given) => (Array.isArray(given) ? given : Object.entries(given ?? {}));
