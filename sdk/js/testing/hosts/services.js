// Data, numbers, wake-ups, settings and the log.
import { asking, refuse } from "../call.js";

/** A page of rows in order: at most a hundred, and a MiB, but one in any case. */
function page(rows, prefix, after, weight) {
  const fitting = rows.filter(([key]) => key.startsWith(prefix) && (!after || key > after)).sort(([a], [b]) => (a < b ? -1 : 1));
  const found = [];
  let bytes = 0;
  for (const row of fitting) {
    bytes += weight(row[1]);
    if (found.length === 100 || (bytes > 1 << 20 && found.length > 0)) return [found, found.at(-1)[0]];
    found.push(row);
  }
  return [found, null];
}
function keysOf(rows, prefix, after) {
  const [found, more] = page(rows, prefix, after, () => 0);
  return [found.map(([key]) => key), more];
}

function own() {
  const { kept, subject } = asking();
  return (kept.storage[subject] ??= {});
}
export const storage = {
  get: (key) => own()[key] ?? null,
  set: (key, value) => void (own()[key] = value),
  remove: (key) => void delete own()[key],
  keys: (prefix, after) => keysOf(Object.entries(own()), prefix, after),
  entries: (prefix, after) => page(Object.entries(own()), prefix, after, (value) => value.length),
};

/** The value under a key; a removed one keeps its version, without a value. */
function standing(key) {
  const held = asking().kept.shared[key];
  return held === undefined || held.value === null ? null : held;
}
function write(key, expected, value) {
  const { shared } = asking().kept;
  if ((standing(key)?.version ?? null) !== expected) refuse("conflict", "storage.conflict", key);
  shared[key] = { value, version: (shared[key]?.version ?? 0) + 1 };
}
const present = () => Object.entries(asking().kept.shared).filter(([, held]) => held.value !== null);
export const shared = {
  get: (key) => standing(key),
  swap: (key, expected, value) => write(key, expected ?? null, value),
  remove: (key, expected) => write(key, expected, null),
  keys: (prefix, after) => keysOf(present(), prefix, after),
  entries: (prefix, after) => page(present(), prefix, after, (held) => held.value.length),
};

export const counters = {
  read: (name) => asking().kept.counters[name] ?? 0,
  add(name, delta, atLeast, atMost) {
    const { kept } = asking();
    const moved = (kept.counters[name] ?? 0) + delta;
    if (moved < atLeast || moved > atMost) refuse("conflict", "counter.bounds", name);
    kept.counters[name] = moved;
  },
  next: (name) => (asking().bank.series[name] = (asking().bank.series[name] ?? 0) + 1),
  last: (name) => asking().bank.series[name] ?? 0,
};

export const wakeups = {
  after(ms, key) {
    const { bank, kept, page } = asking();
    kept.wakeups = [...kept.wakeups.filter((it) => it.page !== page.number || it.key !== key), { page: page.number, key, at: bank.now + ms }];
  },
  cancel(key) {
    const { kept, page } = asking();
    kept.wakeups = kept.wakeups.filter((it) => it.page !== page.number || it.key !== key);
  },
};
export const config = { get: (name) => asking().bank.config[name] ?? null };
export const log = { write: (level, text) => void asking().bank.log.push(`${level}: ${text}`) };
