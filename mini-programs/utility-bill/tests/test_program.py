"""Plays the program on this machine without a host: `python3 tests/test_program.py`."""

import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(HERE / "src"), str(HERE / "../../sdk/python")]

from xitai.testing import Bank, Page  # noqa: E402  # before the program: it stands in for the stage

import program  # noqa: E402
from xitai import cny  # noqa: E402

BILL = {"bill": "2026-03", "due_fen": 4520}


class WaterBill(unittest.TestCase):
    def setUp(self) -> None:
        self.bank = Bank(program.Program)
        self.page = self.asked()

    def asked(self, bill: dict[str, object] = BILL) -> Page:
        page = self.bank.open("wang")
        if not page.calls():
            page.submit("meter", "ask", number="00712")
        page.shows("正在向水务公司查账单")
        self.assertEqual(page.calls()[0].request.path, "/meters/00712/bill")
        page.reply(200, bill)
        return page

    def test_a_bill_is_paid_and_noted(self) -> None:
        page = self.page
        page.shows("待付", "( ¥45.20 付款 )")
        page.tap("pay")
        page.confirm_sheet()
        (call,) = page.calls()
        self.assertEqual(call.request.path, "/bills/2026-03/paid")
        page.reply(200, {})
        page.shows("已付清")
        page.shows_not("还没有登记")
        self.assertEqual(self.bank.balance("wang"), cny(1_000_00 - 4520))

    def test_what_the_company_has_not_noted_is_told_again(self) -> None:
        page = self.page
        page.tap("pay")
        page.confirm_sheet()
        page.reply("partner.outcome-unknown")
        page.shows("还没有登记")
        page.tap("note")
        page.reply(200, {})
        page.shows_not("还没有登记")
        self.assertEqual(self.bank.balance("wang"), cny(1_000_00 - 4520))

    def test_a_mandate_charges_within_its_limits(self) -> None:
        page = self.page
        page.tap("allow")
        page.confirm_sheet()
        page.shows("代扣 ¥45.20", "本月已代扣 ¥0.00")
        page.tap("charge")
        page.reply(200, {})
        page.shows("已付清", "本月已代扣 ¥45.20")
        dear = self.asked({"bill": "2026-04", "due_fen": 200_01})
        dear.tap("charge")
        dear.shows("超出代扣限额")
        dear.tap("end")
        dear.shows("( ¥200.01 付款 )", "签自动代扣")
        dear.tap("allow")
        dear.confirm_sheet()
        dear.shows("代扣 ¥200.01")

    def test_a_bill_is_paid_once_from_two_pages(self) -> None:
        self.page.tap("allow")
        self.page.confirm_sheet()
        other = self.bank.open("wang")
        other.reply(200, BILL)
        self.page.tap("charge")
        other.tap("pay")
        other.shows("已付清")
        third = self.bank.open("wang")
        third.reply(200, BILL)
        third.tap("charge")
        third.shows("已付清")
        self.assertEqual(self.bank.balance("wang"), cny(1_000_00 - 4520))

    def test_who_allows_charges_after_paying_is_charged_from_then_on(self) -> None:
        self.page.tap("pay")
        self.page.confirm_sheet()
        self.page.reply(200, {})
        self.page.tap("allow")
        self.page.confirm_sheet()
        self.page.shows("已付清", "本月已代扣 ¥0.00")
        self.assertEqual(self.page.calls(), [])
        self.page.tap("end")
        self.page.tap("allow")
        self.page.decline_sheet()
        self.page.shows("已付清", "签自动代扣")
        self.page.shows_not("没有付款")

    def test_nothing_is_paid_where_nothing_was_agreed_to(self) -> None:
        self.page.tap("pay")
        self.page.decline_sheet()
        self.page.shows("没有付款", "待付")
        self.page.tap("pay")
        self.page.confirm_sheet()
        self.page.shows("已付清")

    def test_a_wrong_number_and_a_silent_company_are_told(self) -> None:
        self.page.tap("other")
        self.page.submit("meter", "ask", number="9")
        self.page.reply(404)
        self.page.shows("没有这个户号")
        self.page.submit("meter", "ask", number="00712")
        self.page.reply("partner.unreachable")
        self.page.shows("没有回音")

    def test_an_answer_that_is_no_bill_is_none(self) -> None:
        bill = {"bill": "2026-03", "due_fen": 1}
        garbled: list[object] = [None, [], {}, [{}], "<html>busy</html>", "[" * 100_000, {"due_fen": "x"}]
        named = [{**bill, "bill": name} for name in (None, 7, "", "../paid", "x" * 21)]
        owed = [{**bill, "due_fen": fen} for fen in (None, -5, True, 1.5, "x", 2**60)]
        for answer in [*garbled, *named, *owed]:
            page = self.bank.open("smith")
            if not page.calls():
                page.submit("meter", "ask", number="00712")
            page.reply(200, answer)
            page.shows("没有回音", "( 查账单 )")
            page.shows_not("付款 )")


if __name__ == "__main__":
    unittest.main()
