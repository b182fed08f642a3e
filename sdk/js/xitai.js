// Mini programs in JavaScript: the two exports, screens, state, and a language that behaves on the stage.

import { seeded } from "./seed.js";
import { decodeUtf8, encodeUtf8 } from "./utf8.js";
import { wholeNumber } from "./whole-number.js";

/**
 * Makes the export `program` of a component from two plain functions, with the state as any JSON value.
 *
 *     export const program = makeProgram({ open(ctx, launch) { … }, update(ctx, state, event) { … } });
 *
 * Both return a step: `{ state, screen, sheet?, toast?, celebrate?, close?, effects?, watch? }`. `Date`, `Math.random`
 * and `crypto` are the context's while they run. What they throw becomes a failure with its stack, which the publisher
 * finds in the log.
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
  try {
    return seeded(ctx, () => lower(run(), schema));
  } catch (thrown) {
    throw asFailure(thrown);
  }
}

function lower(step, schema) {
  if (!step?.screen) throw new TypeError("open and update return a step: { state, screen }; background calls show noScreen");
  const effects = [...(step.effects ?? [])];
  const effect = (kind, value) => effects.push({ kind, json: JSON.stringify(value) });
  if (step.toast) effect("toast", { text: step.toast });
  if (step.celebrate) effect("celebrate", step.celebrate === true ? {} : { with: step.celebrate });
  if (step.close) effect("close", {});
  return {
    state: encodeUtf8(JSON.stringify(step.state ?? null)),
    stateSchema: schema,
    screen: step.screen,
    sheet: step.sheet ?? null,
    effects,
    watch: step.watch ?? [],
  };
}

/** A failure with a code of the program's own, and the place that made it. Throw it. */
export function failure(code, detail) {
  const place = new Error().stack?.split("\n").map((line) => line.trim()).filter((line) => line.startsWith("at ")) ?? [];
  // The first place is this function.
  return { code, detail: place.length > 1 ? `${detail} (${place[1]})` : String(detail) };
}

/** Refusals keep their code, errors of the language their stack; a failure passes as it is. */
function asFailure(thrown) {
  const said = thrown?.payload ?? thrown;
  if (typeof said?.code === "string" && typeof said?.detail === "string") {
    return { code: said.code, detail: said.kind ? `the host refused: ${said.detail}` : said.detail };
  }
  if (thrown instanceof Error) {
    const said = `${thrown.name}: ${thrown.message}`;
    const stack = thrown.stack ?? "";
    return { code: "program.exception", detail: stack.startsWith(said) ? stack : `${said}\n${stack}` };
  }
  return { code: "program.exception", detail: JSON.stringify(thrown) ?? String(thrown) };
}

/** The refusal in what a host function threw, if it is one. */
export function refusalOf(thrown) {
  const said = thrown?.payload ?? thrown;
  return typeof said?.kind === "string" && typeof said?.code === "string" ? said : null;
}

/** Chinese where the customer reads Chinese, English for everyone else. */
export function say(ctx, chinese, english) {
  return ctx.locale.split(/[-_]/)[0] === "zh" ? chinese : english;
}

/** The date and time on the customer's wall: `{ day: "20260731", date: "2026-07-31", time: "09:05" }`. */
export function local(ctx, instant = ctx.now) {
  const text = new Date(Number(instant) + ctx.utcOffsetMinutes * 60_000).toISOString();
  const date = text.slice(0, 10);
  return { day: date.replaceAll("-", ""), date, time: text.slice(11, 16) };
}

export const isCustomer = (ctx) => ctx.actor.tag === "customer";
export const isStaff = (ctx, ...roles) => ctx.actor.tag === "staff" && (roles.length === 0 || roles.includes(ctx.actor.val));

/** Whether the customer tapped the node `id`. */
export const isTap = (event, id) => event.tag === "tapped" && event.val.id === id;
/** The part of a tapped node's id after `prefix`: `"add-"` on a tap of `add-7` gives `7`; else null. */
export const tapAfter = (event, prefix) => (event.tag === "tapped" && event.val.id.startsWith(prefix) ? event.val.id.slice(prefix.length) : null);
/** What was entered in a form, by the ids of its fields. */
export function entered(submission) {
  const all = (id) => submission.values.filter(([field]) => field === id).map(([, value]) => value);
  const text = (id) => (all(id)[0] ?? "").trim();
  return {
    text,
    number: (id) => wholeNumber(text(id)),
    chosen: all,
    isOn: (id) => text(id) === "true",
  };
}
const valueOf = (pairs, name) => pairs.find(([key]) => key === name)?.[1] ?? null;
/** A parameter of the link. Anybody can make one up: see `signedValue` for the others. */
export const queryValue = (launch, name) => valueOf(launch.query, name);
/** A parameter that the host has verified. */
export const signedValue = (launch, name) => valueOf(launch.signed, name);

export * from "./ui.js";
export { Money, cny } from "./money.js";
export { decodeUtf8, encodeUtf8 };
