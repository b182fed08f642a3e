// Shared numbers. Deltas are applied at the commit.
import host from "xitai:services/counters@1.0.0";

const LEAST = -(2 ** 53 - 1);
const MOST = 2 ** 53 - 1;

export function read(name) {
  return Number(host.read(name));
}
export function add(name, delta, atLeast = LEAST, atMost = MOST) {
  host.add(name, delta, atLeast, atMost);
}
/** Takes `count` if so many are left, and says whether it did. */
export function take(name, count) {
  try {
    host.add(name, -count, 0, MOST);
    return true;
  } catch (thrown) {
    if ((thrown?.payload ?? thrown)?.kind === "conflict") return false;
    throw thrown;
  }
}
/** A number that no other call gets: 1 first. */
export function next(name) {
  return Number(host.next(name));
}
/** The newest number that `next` gave to anyone; 0 before the first. */
export function last(name) {
  return Number(host.last(name));
}
