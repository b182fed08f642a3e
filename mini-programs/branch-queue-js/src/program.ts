// The queue of a branch's hall in TypeScript: take a ticket, see one's place, be called, leave; clerks call.
// The same idea as `branch-queue` in Rust, with one service and less polish: it tries the contract from TypeScript.

import * as counters from "xitai/services/counters";
import * as shared from "xitai/services/shared";
import * as storage from "xitai/services/storage";
import { badge, button, card, heading, isStaff, isTap, item, items, keyValues, local, makeProgram, noScreen, notice, paragraph, row, say, screen, section } from "xitai";
import type { Context, Part, Step } from "xitai";

type Stage = "waiting" | "called" | "served" | "missed" | "cancelled";
interface Ticket {
  number: number;
  stage: Stage;
  takenAt: number;
  desk?: number;
  calledAt?: number;
}
/** How far the calling is: what a branch's hall shows on its board. */
interface Board {
  head: number;
  passed: number;
  gone: number[];
  calls: { number: number; desk: number }[];
}
interface TicketName {
  day: string;
  number: number;
}
/** What the host keeps of a page: null in the background. */
type State = { ticket?: TicketName | null; heard?: boolean } | { desk: number; current: number | null } | null;
type CustomerState = { ticket?: TicketName | null; heard?: boolean };
type ClerkState = { desk: number; current: number | null };

const boardKey = (day: string) => `board/${day}`;
const ticketKey = (day: string, number: number) => `${ticketsPrefix(day)}${String(number).padStart(6, "0")}`;
const numberCounter = (day: string) => `number-${day}`;
// Moves in the same commit as a new ticket, so that who watches it finds the ticket.
const takenCounter = (day: string) => `taken-${day}`;
const ticketsPrefix = (day: string) => `ticket/${day}/`;
// Tickets that one event clears away.
const CLEARED_MAX = 30;
const called = (number: number) => `A${String(number).padStart(3, "0")}`;
const NOBODY_YET: Board = { head: 0, passed: 0, gone: [], calls: [] };
const loadBoard = (day: string) => shared.get<Board>(boardKey(day)) ?? NOBODY_YET;
/** How many wait. Numbers may have gaps, so tickets are counted, not numbers. */
const waitingOn = (board: Board, day: string) => Math.max(0, counters.read(takenCounter(day)) - board.passed - board.gone.length);
const aheadOf = (board: Board, number: number) =>
  Math.max(0, number - board.head - 1 - board.gone.filter((gone) => gone > board.head && gone < number).length);

/** Moves a ticket on where it still is in one of the stages `from`; says whether it did. */
function advance(day: string, number: number, from: Stage[], to: Partial<Ticket>): boolean {
  const kept = shared.getVersioned<Ticket>(ticketKey(day, number));
  if (!kept || !from.includes(kept.value.stage)) return false;
  shared.put(ticketKey(day, number), kept.version, { ...kept.value, ...to });
  return true;
}
const changeBoard = (day: string, edit: (board: Board) => Board) => shared.change(boardKey(day), NOBODY_YET, edit);

function take(ctx: Context): TicketName {
  const { day } = local(ctx);
  const noted = storage.get<TicketName>("ticket");
  const stage = noted?.day === day ? shared.get<Ticket>(ticketKey(day, noted.number))?.stage : undefined;
  if (noted && (stage === "waiting" || stage === "called")) return noted;
  const number = counters.next(numberCounter(day));
  shared.put(ticketKey(day, number), null, { number, stage: "waiting", takenAt: ctx.now });
  counters.add(takenCounter(day), 1);
  storage.set("ticket", { day, number });
  return { day, number };
}

function customerStep(ctx: Context, state: CustomerState, ticketName: TicketName | null | undefined): Step<State> {
  const { day } = local(ctx);
  const board = loadBoard(day);
  const title = say(ctx, "网点排队", "Branch Queue");
  const ticket = ticketName?.day === day ? shared.get<Ticket>(ticketKey(day, ticketName.number)) : null;
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
  const bodies: Record<Stage, () => (Part | false)[]> = {
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
function callNext(ctx: Context, desk: number): number | null {
  const { day } = local(ctx);
  const { head, passed } = loadBoard(day);
  const [tickets] = shared.entries<Ticket>(ticketsPrefix(day), ticketKey(day, head));
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
function clearOld(ctx: Context) {
  const { day } = local(ctx);
  const [kept] = shared.entries(ticketsPrefix("").slice(0, -1));
  const old = kept.filter(({ key }) => key < ticketsPrefix(day));
  for (const { key, version } of old.slice(0, CLEARED_MAX)) shared.remove(key, version);
}

function finish(ctx: Context, number: number | null, stage: Stage) {
  const { day } = local(ctx);
  if (number !== null && advance(day, number, ["called"], { stage })) {
    changeBoard(day, (board) => ({ ...board, calls: board.calls.filter((call) => call.number !== number) }));
  }
}

function clerkStep(ctx: Context, state: ClerkState, message?: string | null): Step<State> {
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

const isClerk = (ctx: Context) => isStaff(ctx, "clerk", "manager");

export const program = makeProgram<State>({
  open(ctx, launch) {
    if (launch.surface === "background") return { state: null, screen: noScreen() };
    if (isClerk(ctx)) {
      clearOld(ctx);
      return clerkStep(ctx, { desk: 1, current: null });
    }
    return customerStep(ctx, {}, storage.get<TicketName>("ticket"));
  },
  update(ctx, state, event) {
    if (state === null) return { state, screen: noScreen() };
    if ("desk" in state) {
      if (isTap(event, "next")) {
        finish(ctx, state.current, "served");
        const current = callNext(ctx, state.desk);
        const nobody = current === null ? say(ctx, "现在没有人等候。", "Nobody is waiting right now.") : null;
        return clerkStep(ctx, { ...state, current }, nobody);
      }
      for (const stage of ["served", "missed"] as const) {
        if (!isTap(event, stage)) continue;
        finish(ctx, state.current, stage);
        return clerkStep(ctx, { ...state, current: null });
      }
      return clerkStep(ctx, state);
    }
    const { ticket } = state;
    if (isTap(event, "take")) return customerStep(ctx, {}, take(ctx));
    if (isTap(event, "leave") && ticket && advance(ticket.day, ticket.number, ["waiting", "called"], { stage: "cancelled" })) {
      changeBoard(ticket.day, (board) => ({ ...board, gone: [...board.gone, ticket.number] }));
    }
    return customerStep(ctx, state, ticket);
  },
});
