// The queue of a branch's hall in JavaScript: take a ticket, see one's place, be called, leave; clerks call.
// The same idea as `branch-queue` in Rust, with one service and less polish: it tries the contract from JavaScript.

import * as counters from "../../../sdk/js/services/counters.js";
import * as shared from "../../../sdk/js/services/shared.js";
import * as storage from "../../../sdk/js/services/storage.js";
import { badge, button, card, heading, item, items, keyValues, local, makeProgram, notice, paragraph, row, say, screen, section } from "../../../sdk/js/xitai.js";

const boardKey = (day) => `board/${day}`;
const ticketKey = (day, number) => `${ticketsPrefix(day)}${String(number).padStart(6, "0")}`;
const numberCounter = (day) => `number-${day}`;
// Moves in the same commit as a new ticket, so that who watches it finds the ticket.
const takenCounter = (day) => `taken-${day}`;
const ticketsPrefix = (day) => `ticket/${day}/`;
// Tickets that one event clears away.
const CLEARED_MAX = 30;
const called = (number) => `A${String(number).padStart(3, "0")}`;
const NOBODY_YET = { head: 0, passed: 0, gone: [], calls: [] };
const loadBoard = (day) => shared.get(boardKey(day)) ?? NOBODY_YET;
/** How many wait. Numbers may have gaps, so tickets are counted, not numbers. */
const waitingOn = (board, day) => Math.max(0, counters.read(takenCounter(day)) - board.passed - board.gone.length);
const aheadOf = (board, number) =>
  Math.max(0, number - board.head - 1 - board.gone.filter((gone) => gone > board.head && gone < number).length);

/** Moves a ticket on where it still is in one of the stages `from`; says whether it did. */
function advance(day, number, from, to) {
  const kept = shared.getVersioned(ticketKey(day, number));
  if (!kept || !from.includes(kept.value.stage)) return false;
  shared.put(ticketKey(day, number), kept.version, { ...kept.value, ...to });
  return true;
}
const changeBoard = (day, edit) => shared.change(boardKey(day), NOBODY_YET, edit);

function take(ctx) {
  const { day } = local(ctx);
  const noted = storage.get("ticket");
  const open = noted?.day === day && ["waiting", "called"].includes(shared.get(ticketKey(day, noted.number))?.stage);
  if (open) return noted;
  const number = counters.next(numberCounter(day));
  shared.put(ticketKey(day, number), null, { number, stage: "waiting", takenAt: ctx.now });
  counters.add(takenCounter(day), 1);
  storage.set("ticket", { day, number });
  return { day, number };
}

function customerStep(ctx, state, ticketName) {
  const { day } = local(ctx);
  const board = loadBoard(day);
  const title = say(ctx, "网点排队", "Branch Queue");
  const ticket = ticketName?.day === day ? shared.get(ticketKey(day, ticketName.number)) : null;
  if (!ticket) {
    const waiting = waitingOn(board, day);
    const words = waiting === 0 ? say(ctx, "无需等候", "No waiting") : say(ctx, `${waiting} 人等候`, `${waiting} waiting`);
    return {
      state: { ...state, ticket: null },
      screen: screen(title, [
        card([
          row([heading(say(ctx, "柜面业务", "Counter service")), badge(words, waiting === 0 ? "success" : "info")]),
          paragraph(say(ctx, "先在手机上取号，快到时再来大厅。", "Take a ticket here and come when it is nearly your turn.")),
          button(say(ctx, "取号", "Take a ticket"), { id: "take", weight: "primary" }),
        ]),
      ]),
      watch: [boardKey(day), takenCounter(day)],
    };
  }
  const ahead = aheadOf(board, ticket.number);
  const again = button(say(ctx, "重新取号", "Take a new ticket"), { id: "take", weight: "primary" });
  const bodies = {
    waiting: () => [
      card([
        badge(say(ctx, "等候中", "Waiting"), "info"),
        heading(called(ticket.number), { id: "number" }),
        paragraph(ahead === 0 ? say(ctx, "下一位就是您", "You are next") : say(ctx, `前面还有 ${ahead} 位`, `${ahead} ahead of you`)),
      ]),
      board.calls.length > 0 &&
        section(say(ctx, "正在办理", "Being served"), items(board.calls.map((call) => item(called(call.number), { trailing: say(ctx, `${call.desk} 号窗口`, `Counter ${call.desk}`) })))),
      keyValues([[say(ctx, "取号时间", "Taken at"), local(ctx, ticket.takenAt).time]]),
      paragraph(say(ctx, "叫到您时这一页会自己变，不用刷新。", "This page changes by itself when you are called.")),
      button(say(ctx, "取消排队", "Leave the queue"), { id: "leave", weight: "danger" }),
    ],
    called: () => [
      notice(say(ctx, "轮到您了", "It is your turn"), "success"),
      card([heading(say(ctx, `请到 ${ticket.desk} 号窗口`, `Please come to counter ${ticket.desk}`)), heading(called(ticket.number), { id: "number" })]),
    ],
    served: () => [notice(say(ctx, "办理完毕，感谢您的等候。", "All done. Thank you for waiting."), "success"), again],
    missed: () => [notice(say(ctx, `${called(ticket.number)} 已过号`, `${called(ticket.number)} was missed`), "warning"), again],
    cancelled: () => [notice(say(ctx, `${called(ticket.number)} 已取消`, `${called(ticket.number)} is cancelled`)), again],
  };
  const rung = ticket.stage === "called" && !state.heard;
  return {
    state: { ...state, ticket: ticketName, heard: ticket.stage === "called" },
    screen: screen(title, bodies[ticket.stage]()),
    toast: rung ? say(ctx, `请到 ${ticket.desk} 号窗口`, `Please come to counter ${ticket.desk}`) : undefined,
    watch: [ticketKey(day, ticket.number), boardKey(day)],
  };
}

/** Calls the first in the queue who still waits. */
function callNext(ctx, desk) {
  const { day } = local(ctx);
  const { head, passed } = loadBoard(day);
  const [tickets] = shared.entries(ticketsPrefix(day), ticketKey(day, head));
  for (const [before, { value }] of tickets.entries()) {
    const [number, seen] = [value.number, before + 1];
    if (!advance(day, number, ["waiting"], { stage: "called", desk, calledAt: ctx.now })) continue;
    changeBoard(day, (board) => ({
      head: number,
      passed: passed + seen,
      gone: board.gone.filter((gone) => gone > number),
      calls: [{ number, desk }, ...board.calls.filter((call) => call.desk !== desk)].slice(0, 6),
    }));
    return number;
  }
  return null;
}

/** Clears away tickets of days past, the oldest first. */
function clearOld(ctx) {
  const { day } = local(ctx);
  const [kept] = shared.entries(ticketsPrefix("").slice(0, -1));
  const old = kept.filter(({ key }) => key < ticketsPrefix(day));
  for (const { key, version } of old.slice(0, CLEARED_MAX)) shared.remove(key, version);
}

function finish(ctx, number, stage) {
  const { day } = local(ctx);
  if (number !== null && advance(day, number, ["called"], { stage })) {
    changeBoard(day, (board) => ({ ...board, calls: board.calls.filter((call) => call.number !== number) }));
  }
}

function clerkStep(ctx, state, message) {
  const { day } = local(ctx);
  const board = loadBoard(day);
  const waiting = waitingOn(board, day);
  return {
    state,
    screen: screen(say(ctx, `${state.desk} 号窗口`, `Counter ${state.desk}`), [
      message && notice(message),
      state.current !== null &&
        card([
          heading(called(state.current), { id: "number" }),
          row([
            button(say(ctx, "办结", "Finish"), { id: "served" }),
            button(say(ctx, "过号", "Not here"), { id: "missed", weight: "danger" }),
          ]),
        ]),
      button(say(ctx, "叫下一位", "Call the next"), { id: "next", weight: "primary" }),
      keyValues([[say(ctx, "等候人数", "Waiting"), String(waiting)]]),
    ]),
    watch: [boardKey(day), takenCounter(day)],
  };
}

const isClerk = (ctx) => ctx.actor.tag === "staff" && ["clerk", "manager"].includes(ctx.actor.val);

export const program = makeProgram({
  open(ctx, launch) {
    if (launch.surface === "background") return { state: null, screen: screen(say(ctx, "网点排队", "Branch Queue"), []) };
    if (isClerk(ctx)) {
      clearOld(ctx);
      return clerkStep(ctx, { desk: 1, current: null });
    }
    return customerStep(ctx, {}, storage.get("ticket"));
  },
  update(ctx, state, event) {
    const tapped = event.tag === "tapped" ? event.val.id : null;
    if (state === null) return { state, screen: screen(say(ctx, "网点排队", "Branch Queue"), []) };
    if (isClerk(ctx)) {
      if (tapped === "next") {
        finish(ctx, state.current, "served");
        const current = callNext(ctx, state.desk);
        const nobody = current === null ? say(ctx, "现在没有人等候。", "Nobody is waiting right now.") : null;
        return clerkStep(ctx, { ...state, current }, nobody);
      }
      if (tapped === "served" || tapped === "missed") {
        finish(ctx, state.current, tapped);
        return clerkStep(ctx, { ...state, current: null });
      }
      return clerkStep(ctx, state);
    }
    if (tapped === "take") return customerStep(ctx, {}, take(ctx));
    if (tapped === "leave" && state.ticket && advance(state.ticket.day, state.ticket.number, ["waiting", "called"], { stage: "cancelled" })) {
      changeBoard(state.ticket.day, (board) => ({ ...board, gone: [...board.gone, state.ticket.number] }));
    }
    return customerStep(ctx, state, state.ticket);
  },
});
