import assert from "node:assert/strict";
import { test } from "node:test";
import { cny } from "xitai";
import { Bank, installHost } from "xitai/testing";

installHost();
const { program } = await import("../build/program.js");

const product = (code, title, minor, stock) => ({ id: `entry-${code}`, kind: "product", title, price: cny(minor), tags: ["dining"], details: [["code", code], ["stock", String(stock)]] });

function open() {
  const bank = new Bank(program);
  bank.addEntry(product("noodles", "爆鱼面", 2800, 2));
  bank.addEntry(product("tea", "碧螺春", 1200, 50));
  bank.addEntry({ id: "other", kind: "product", title: "礼盒", price: cny(9900), tags: ["茶"] });
  return bank;
}

test("the whole loop: table, order, coupon, pay, kitchen, notice, rating", () => {
  const bank = open();
  bank.openCampaign({ campaign: "three", title: "三方券", worth: cny(500), minimumSpend: cny(2000), until: bank.now + 86_400_000 });
  const wang = bank.open("wang", { query: { table: "7" } });
  wang.shows("7 号桌", "爆鱼面", "三方券");
  wang.showsNot("礼盒");
  wang.tap("claim-three");
  wang.shows("券到手了");
  wang.showsNot("领取");
  wang.set("portions-noodles", 1);
  wang.tap("cart");
  wang.shows("合计: ¥28.00", "三方券: -¥5.00", "7 号桌");
  wang.tap("pay");
  assert.equal(String(wang.sheet()), "¥23.00");
  wang.confirmSheet();
  wang.shows("D001", "厨房正在做");
  const kitchen = bank.open("he", { role: "clerk" });
  kitchen.shows("D001", "7 号桌", "爆鱼面 … ×1", "待做: 1");
  wang.tap("tell-me");
  wang.confirmSheet({ "template-0": "once" });
  wang.shows("菜好了会提醒您");
  kitchen.tap("ready-1");
  wang.shows("做好了，马上就到");
  assert.equal(bank.kept.notices.length, 1);
  assert.deepEqual(bank.kept.notices[0].notice.values, [["number", "D001"], ["table", "7"]]);
  kitchen.tap("served-1");
  kitchen.shows("没有等着的订单");
  wang.submit("rate", "send", { stars: "5", words: "鱼很脆" });
  wang.shows("谢谢您的评价", "您评了 ★★★★★");
  bank.open("li").shows("★ 5.0（1 人）", "未选桌");
});

test("there are never more sold than there are, and what is not paid goes back", () => {
  const bank = open();
  const [first, second] = ["wang", "li"].map((who) => bank.open(who, { query: { table: "1" } }));
  for (const page of [first, second]) {
    page.set("portions-noodles", 2);
    page.tap("cart");
  }
  first.tap("pay");
  second.tap("pay");
  second.shows("爆鱼面不够了");
  assert.equal(second.sheet(), null);
  first.declineSheet();
  first.shows("没有付款，菜品已放回");
  second.tap("pay");
  second.confirmSheet();
  second.shows("D002");
  bank.open("he", { role: "manager" }).shows("×2", "今日订单: 1");
  bank.open("zhao").shows("今天售罄");
});

test("a table's name is plain, and each table has its code", () => {
  const bank = open();
  bank.open("wang", { query: { table: "<b>7</b>" } }).shows("未选桌");
  const kitchen = bank.open("he", { role: "manager" });
  bank.config.tables = "2";
  kitchen.tap("tables");
  kitchen.shows("/miniapp/cn.bank.suzhou.dining/pages/index?table=2");
  kitchen.showsNot("table=3");
});

test("it speaks English", () => {
  const page = open().open("smith", { locale: "en", query: { table: "3" } });
  page.shows("Table 3", "爆鱼面");
  page.set("portions-tea", 1);
  page.tap("cart");
  page.shows("Total: ¥12.00", "Comes to: Table 3");
});
