// The page of twenty nodes in TypeScript, as benchmarks run it: the same page and call as in `twenty-rust`.

import { button, cny, divider, heading, isTap, item, keyValues, makeProgram, notice, row, screen, section } from "xitai";
import type { Step } from "xitai";
import * as storage from "xitai/services/storage";

const DISHES: [string, number][] = [
  ["红烧肉", 1800],
  ["清炒时蔬", 800],
  ["番茄炒蛋", 1000],
  ["鱼香肉丝", 1500],
  ["米饭", 100],
  ["酸辣汤", 500],
  ["清蒸鱼", 2200],
  ["炒面", 1200],
  ["小笼包", 900],
  ["绿豆汤", 300],
  ["水果", 600],
];

interface Twenty {
  cups: number;
}

function step(state: Twenty): Step<Twenty> {
  const page = screen("食堂", [
    heading("今日菜单"),
    notice("供应到 13:00"),
    section("热菜", DISHES.map(([name, fen], number) => item(name, { id: `dish-${number}`, trailing: String(cny(fen)) }))),
    divider(),
    keyValues([["已点", String(state.cups)]], { id: "sums" }),
    row([button("再来一份", { id: "count" }), button("付款", { id: "pay", weight: "primary", amount: cny(1) })]),
  ]);
  return { state, screen: page };
}

export const program = makeProgram<Twenty>({
  open: () => step({ cups: 0 }),
  update(_ctx, { cups }, event) {
    if (!isTap(event, "count")) return step({ cups });
    storage.set("cups", cups + 1);
    return step({ cups: cups + 1 });
  },
});
