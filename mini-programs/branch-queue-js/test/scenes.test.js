import assert from "node:assert/strict";
import { test } from "node:test";
import { Bank, installHost } from "xitai/testing";

installHost();
const { program } = await import("../build/program.js");

const shows = (page, ...texts) => texts.forEach((text) => assert.ok(page.drawing().includes(text), `${text} is missing:\n${page.drawing()}`));

test("a customer is called without a tap", () => {
  const bank = new Bank(program);
  const wang = bank.open("wang");
  const smith = bank.open("smith", { locale: "en" });
  wang.tap("take");
  shows(wang, "A001", "下一位就是您");
  shows(smith, "1 waiting");
  smith.tap("take");
  shows(smith, "A002", "1 ahead of you");
  const clerk = bank.open("he", { role: "clerk" });
  clerk.tap("next");
  shows(wang, "请到 1 号窗口");
  shows(smith, "You are next");
  clerk.tap("missed");
  shows(wang, "A001 已过号");
});

test("leaving moves those behind up, and a place is kept once", () => {
  const bank = new Bank(program);
  const [a, b] = [bank.open("a"), bank.open("b")];
  a.tap("take");
  b.tap("take");
  shows(b, "前面还有 1 位");
  a.tap("leave");
  shows(a, "A001 已取消");
  shows(b, "下一位就是您");
  shows(bank.open("b"), "A002");
  const clerk = bank.open("he", { role: "clerk" });
  clerk.tap("next");
  shows(b, "请到 1 号窗口");
  clerk.tap("next");
  shows(b, "办理完毕");
  shows(clerk, "现在没有人等候");
});

test("what is thrown becomes a failure with its stack", () => {
  const page = new Bank(program).open("wang");
  page.step.state = new Uint8Array([1]);
  assert.throws(() => page.tap("take"), (thrown) => thrown.code === "program.exception" && thrown.detail.includes("SyntaxError"));
});

test("tickets of days past are cleared away", () => {
  const bank = new Bank(program);
  const wang = bank.open("wang");
  wang.tap("take");
  const tickets = () => Object.entries(bank.kept.shared).filter(([key, kept]) => key.startsWith("ticket/") && kept.value !== null).length;
  assert.equal(tickets(), 1);
  bank.now += 86_400_000;
  bank.open("he", { role: "clerk" });
  assert.equal(tickets(), 0);
  shows(bank.open("wang"), "取号");
});
