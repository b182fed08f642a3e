// Mini programs in JavaScript: the two exports, screens, state, and a language that behaves on the stage.
//
// A sandbox starts from a snapshot taken at build time. Without help, `Math.random` and `Date` would give every
// customer the same numbers and the build's time; `program` sets both from the context before each call. What a
// program throws becomes a failure with its stack, which the publisher finds in the log.

import { decodeUtf8, encodeUtf8 } from "./utf8.js";

/**
 * Makes the export `program` of a component from two plain functions, with the state as any JSON value.
 *
 *     export const program = makeProgram({ open(ctx, launch) { … }, update(ctx, state, event) { … } });
 *
 * Both return a step: `{ state, screen, sheet?, toast?, effects?, watch? }`.
 */
export function makeProgram({ schema = 1, open, update, upgrade }) {
  return {
    open: (ctx, launch) => perform(ctx, schema, () => open(ctx, launch)),
    update: (ctx, bytes, event) =>
      perform(ctx, schema, () => {
        if (event.tag === "upgraded" && !upgrade) {
          throw failure("state.schema", `this release cannot read state of schema ${event.val}`);
        }
        const kept = JSON.parse(decodeUtf8(bytes));
        return update(ctx, event.tag === "upgraded" ? upgrade(event.val, kept) : kept, event);
      }),
  };
}

function perform(ctx, schema, run) {
  setClock(ctx.now);
  setRandom(ctx.seed);
  try {
    return lower(run(), schema);
  } catch (thrown) {
    throw asFailure(thrown);
  }
}

function lower(step, schema) {
  const effects = [...(step.effects ?? [])];
  if (step.toast) effects.push({ kind: "toast", json: JSON.stringify({ text: step.toast }) });
  return {
    state: encodeUtf8(JSON.stringify(step.state ?? null)),
    stateSchema: schema,
    screen: step.screen,
    sheet: step.sheet ?? null,
    effects,
    watch: step.watch ?? [],
  };
}

/** A failure with a code of the program's own. Throw it. */
export function failure(code, detail) {
  return { code, detail: String(detail) };
}

/** Refusals keep their code, errors of the language their stack; a failure passes as it is. */
function asFailure(thrown) {
  const said = thrown?.payload ?? thrown;
  if (typeof said?.code === "string" && typeof said?.detail === "string") {
    return { code: said.code, detail: said.kind ? `the host refused: ${said.detail}` : said.detail };
  }
  if (thrown instanceof Error) return failure("program.exception", `${thrown.name}: ${thrown.message}\n${thrown.stack}`);
  return failure("program.exception", JSON.stringify(thrown) ?? String(thrown));
}

/** The refusal in what a host function threw, if it is one. */
export function refusalOf(thrown) {
  const said = thrown?.payload ?? thrown;
  return typeof said?.kind === "string" && typeof said?.code === "string" ? said : null;
}

const RealDate = Date;
function setClock(now) {
  globalThis.Date = class extends RealDate {
    constructor(...when) {
      super(...(when.length === 0 ? [now] : when));
    }
    static now() {
      return now;
    }
  };
}

/** xorshift128 over the first 16 bytes of the seed: the same numbers when the call is replayed. */
function setRandom(seed) {
  const bytes = Uint8Array.from(seed);
  const lanes = [0, 1, 2, 3].map((lane) => {
    const at = lane * 4;
    return ((bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) ^ 0x9e3779b9) >>> 0;
  });
  const next = () => {
    let mixed = lanes[3];
    mixed ^= mixed << 11;
    mixed ^= mixed >>> 8;
    lanes[3] = lanes[2];
    lanes[2] = lanes[1];
    lanes[1] = lanes[0];
    lanes[0] = (mixed ^ lanes[0] ^ (lanes[0] >>> 19)) >>> 0;
    return lanes[0];
  };
  for (let turn = 0; turn < 16; turn += 1) next();
  Math.random = () => (next() * 2 ** 21 + (next() >>> 11)) / 2 ** 53;
}

/** Chinese where the customer reads Chinese, English for everyone else. */
export function say(ctx, chinese, english) {
  return ctx.locale.split(/[-_]/)[0] === "zh" ? chinese : english;
}

/** The date and time on the customer's wall, as `{ day: "20260731", time: "09:05" }`. */
export function local(ctx, instant = ctx.now) {
  const text = new RealDate(Number(instant) + ctx.utcOffsetMinutes * 60_000).toISOString();
  return { day: text.slice(0, 10).replaceAll("-", ""), time: text.slice(11, 16) };
}

export * from "./ui.js";
export { decodeUtf8, encodeUtf8 };
