"""One program that uses the whole contract, on the bank in memory."""

import json
import os.path
import sys
import unittest
from typing import Any

sys.path[:0] = [os.path.join(os.path.dirname(__file__), ".."), os.path.join(os.path.dirname(__file__), "fixtures")]

from xitai.testing import Bank, Page  # noqa: E402

import everything  # noqa: E402
import xitai  # noqa: E402
from xitai import program  # noqa: E402
from xitai import cny  # noqa: E402

DAY = 86_400_000


def run(page: Page, **command: Any) -> None:
    page.submit("desk", "run", script=json.dumps(command))


def said(page: Page) -> Any:
    return json.loads(next(node for node in page.screen.nodes if node.id == "said").element.value)


def one(page: Page, call: str, *given: Any, **named: Any) -> Any:
    """Runs one command and gives what it said."""
    run(page, call=call, given=given, named=named)
    return said(page)


def fen(minor: int) -> dict[str, int]:
    return {"fen": minor}


def order(purpose: str = "Lunch", **rest: Any) -> dict[str, Any]:
    return {"Order": {"key": "o1", "amount": fen(1800), "purpose": purpose, **rest}}


class OnTheBank(unittest.TestCase):
    def setUp(self) -> None:
        self.bank = Bank(everything.Program)
        self.wang = self.bank.open("wang")

    def test_a_payment_is_settled_rated_and_refunded(self) -> None:
        bank, wang = self.bank, self.wang
        run(wang, button=1800, then={"call": "payments.request", "given": [order()], "sheet": True})
        wang.tap("pay")
        self.assertEqual(str(wang.sheet()), "¥18.00")
        wang.confirm_sheet()
        self.assertEqual(str(bank.balance("wang")), "¥982.00")
        paid = one(wang, "payments.request", order())
        self.assertEqual(paid["status"], "settled")
        self.assertEqual(one(wang, "payments.request", order("Dinner"))["refused"], "payment.key-differs")
        one(wang, "feedback.rate", paid["id"], 5, "r1")
        self.assertEqual(one(wang, "feedback.tally"), [5, 1])
        self.assertEqual(one(wang, "merchant.refund", paid["id"], fen(300), "cold", "f1")["refused"], "payment.not-staff")
        clerk = bank.open("he", role="clerk")
        self.assertEqual(one(clerk, "merchant.refund", paid["id"], fen(300), "cold", "f1")["refunded"]["minor"], 300)
        self.assertEqual(len(one(clerk, "merchant.search", 0)[0]), 1)
        self.assertEqual(str(bank.balance("wang")), "¥985.00")
        self.assertIn(paid["id"], said(wang)["heard"])

    def test_a_sheet_opens_only_for_the_money_that_a_tap_armed(self) -> None:
        then = {"call": "payments.request", "given": [order()], "sheet": True}
        run(self.wang, button=1700, then=then)
        with self.assertRaisesRegex(AssertionError, "the button says 1700"):
            self.wang.tap("pay")
        with self.assertRaisesRegex(AssertionError, "none was tapped"):
            run(self.wang, **then)
        self.assertEqual(self.bank.kept.payments, [])

    def test_coupons_take_off_and_a_draft_expires(self) -> None:
        bank, wang = self.bank, self.wang
        bank.open_campaign("spring", "Spring", cny(500), bank.now + DAY)
        coupon = one(wang, "coupons.claim", "spring", "c1")
        self.assertEqual(one(wang, "coupons.price", fen(1800), [coupon["id"]])["payable"]["minor"], 1300)
        asked = one(wang, "payments.request", order(coupons=[coupon["id"]]))
        self.assertEqual(asked["payable"]["minor"], 1300)
        self.assertEqual(one(wang, "coupons.eligible"), [])
        bank.advance(901_000)
        self.assertEqual(one(wang, "payments.get", asked["id"])["status"], "expired")
        self.assertEqual(len(one(wang, "coupons.eligible")), 1)

    def test_a_mandate_holds_its_caps(self) -> None:
        bank, wang = self.bank, self.wang
        terms = {"purpose": "Water", "each_at_most": fen(10_000), "period": "month", "period_at_most": fen(15_000), "until": bank.now + DAY}
        run(wang, call="mandates.propose", given=[{"Terms": terms}, "m1"], sheet=True)
        wang.confirm_sheet()
        mandate = said(wang)["text"]
        self.assertRegex(one(wang, "mandates.charge", mandate, fen(9_000), "k1"), "^payment-")
        self.assertEqual(one(wang, "mandates.charge", mandate, fen(10_001), "k2")["refused"], "mandate.each-exceeded")
        self.assertEqual(one(wang, "mandates.charge", mandate, fen(7_000), "k2")["refused"], "mandate.period-exceeded")
        self.assertEqual(one(wang, "mandates.get", mandate)["used_in_period"]["minor"], 9_000)
        self.assertEqual(one(wang, "mandates.revoke", mandate)["status"], "revoked")
        self.assertEqual(one(wang, "mandates.charge", mandate, fen(1), "k3")["refused"], "mandate.not-active")

    def test_gifts_and_payouts_move_money(self) -> None:
        bank, wang = self.bank, self.wang
        smith = bank.open("smith")
        give = {"call": "red_envelopes.give", "given": [fen(1000), 3, "g1"], "named": {"ttl_s": 60}, "sheet": True}
        run(wang, button=1000, then=give)
        wang.tap("pay")
        wang.confirm_sheet()
        gift = said(wang)["text"]
        self.assertEqual(one(smith, "red_envelopes.take", gift, "t1")["minor"], 500)
        self.assertEqual(one(smith, "red_envelopes.get", gift)["left"], 2)
        bank.advance(60_000)
        self.assertEqual(str(bank.balance("wang")), "¥995.00")
        clerk = bank.open("he", role="clerk")
        self.assertEqual(one(clerk, "payouts.pay", "smith", fen(200), "sorry", "p1")["refused"], "payout.budget")
        bank.set_budget(cny(200))
        self.assertRegex(one(clerk, "payouts.pay", "smith", fen(200), "sorry", "p1"), "^payout-")
        self.assertEqual(str(bank.balance("smith")), "¥1007.00")

    def test_facts_answers_presence_and_a_product_to_sign(self) -> None:
        bank, wang = self.bank, self.wang
        bank.knows("wang", "legal-name", "王芳")
        bank.proves("wang", "over-age", "18")
        bank.proves("wang", "suitable-for", "R2")
        bank.add_entry("fund", "product", "Fund", details=[("risk", "R2"), ("cooling-off-hours", "24")])
        asking = {"call": "claims.request", "given": ["To call you", 30], "named": {"claims": ["legal-name"], "optional": ["phone"]}, "sheet": True}
        run(wang, **asking)
        with self.assertRaisesRegex(AssertionError, "can't be confirmed without legal-name"):
            wang.confirm_sheet()
        run(wang, **asking)
        wang.confirm_sheet({"legal-name": "yes"})
        consent = said(wang)["text"]
        self.assertEqual(one(wang, "claims.read", consent), {"legal-name": "王芳"})
        bank.withdraw_consents("wang")
        self.assertEqual(one(wang, "claims.read", consent)["refused"], "consent.over")
        self.assertTrue(one(wang, "proofs.over_age", 18, "beer")["holds"])
        self.assertFalse(one(wang, "proofs.over_age", 60, "rest")["holds"])
        bank.advance(1_000)
        run(wang, call="presence.request", given=["to be sure"], sheet=True)
        wang.confirm_sheet()
        self.assertEqual(one(wang, "customer.whoami")["proved_at"], bank.now)
        run(wang, call="agreements.propose", given=["fund", None, "a1"], sheet=True)
        wang.confirm_sheet()
        agreement = said(wang)["text"]
        self.assertEqual(one(wang, "agreements.get", agreement)["status"], "cooling-off")
        self.assertEqual(one(wang, "agreements.withdraw", agreement, "w1")["status"], "withdrawn")

    def test_a_partner_is_called_with_what_the_program_never_sees(self) -> None:
        wang = self.wang
        field = one(wang, "secure_fields.prepare", "card-number", "To pay the bill")
        run(wang, field=field)
        wang.fill_secure("secret", "6222")
        one(wang, "partner.post", "utility", "/bills", "b1", {"meter": 7}, sealed={"/card": field})
        (call,) = wang.calls()
        self.assertEqual((call.request.path, call.sealed), ("/bills", [("/card", "6222")]))
        wang.reply(200, {"due": 4500})
        self.assertEqual(said(wang)["json"], {"due": 4500})
        one(wang, "partner.get", "utility", "/bills/7", "b2")
        wang.reply("partner.outcome-unknown")
        self.assertEqual(said(wang)["err"], "partner.outcome-unknown")

    def test_notices_notes_files_places_codes_and_wake_ups(self) -> None:
        bank, wang = self.bank, self.wang
        self.assertEqual(one(wang, "notices.send", "ready", "n1")["refused"], "notice.not-consented")
        run(wang, call="notices.subscribe", given=["ready"], sheet=True)
        wang.confirm_sheet({"template-0": "once"})
        self.assertEqual(one(wang, "notices.balance", "ready"), 1)
        self.assertRegex(one(wang, "notices.send", "ready", "n1", {"dish": "noodles"}), "^notice-")
        one(wang, "relationship.note", "loan", "Papers are complete.", "t1")
        self.assertEqual(one(wang, "relationship.thread", "loan")[0][0]["text"], "Papers are complete.")
        run(wang, call="attachments.request", given=["the bill"], sheet=True)
        wang.confirm_sheet(name="bill.pdf", text="%PDF")
        handle = said(wang)["text"]
        self.assertEqual(one(wang, "attachments.describe", handle), {"name": "bill.pdf", "media_type": "application/pdf", "size": 4})
        self.assertEqual(one(wang, "attachments.read", handle), "%PDF")
        run(wang, call="locator.request", given=["the nearest shop"], sheet=True)
        wang.confirm_sheet(position="31.298,120.583")
        self.assertEqual(one(wang, "locator.read", said(wang)["text"]), [31.298, 120.583])
        run(wang, call="scanner.request", sheet=True)
        wang.confirm_sheet(answer="table 7")
        self.assertEqual(said(wang)["text"], "table 7")
        for call, given in {"printer.request": ["Receipt"], "sharing.request": ["pages/index", {}, "Look"], "programs.start": ["cn.bank.x", "pages/index"]}.items():
            run(wang, call=call, given=given, sheet=True)
            wang.decline_sheet()
            self.assertEqual(said(wang)["outcome"], "declined")
        code = one(wang, "codes.make", fen(100), "table 7")
        self.assertEqual(one(wang, "codes.read", code), ["table 7", {"minor": 100, "currency": "CNY"}])
        one(wang, "wakeups.after", 5_000, "tea")
        bank.advance(5_000)
        self.assertEqual(said(wang)["heard"], "Woken(key='tea')")

    def test_content_is_put_forward_decided_found_and_withdrawn(self) -> None:
        clerk = self.bank.open("he", role="clerk")
        draft = one(clerk, "authoring.submit", {"Draft": {"kind": "article", "title": "Noodles"}}, "d1")
        self.bank.decide_draft(draft, True)
        self.assertEqual(one(clerk, "authoring.status", draft)["stage"], "approved")
        self.assertEqual([it["id"] for it in one(clerk, "library.find", text="Nood")[0]], [draft])
        one(clerk, "authoring.withdraw", draft)
        self.assertEqual(one(clerk, "library.get", draft)["refused"], "content.not-found")
        self.assertRegex(one(self.wang, "feedback.complain", "too salty", "k"), "^complaint-")

    def test_data_of_the_branch_and_of_the_customer(self) -> None:
        wang, smith = self.wang, self.bank.open("smith")
        one(wang, "storage.set", "cup", {"size": 2})
        self.assertEqual(one(wang, "storage.get", "cup"), {"size": 2})
        self.assertIsNone(one(smith, "storage.get", "cup"))
        one(wang, "shared.put", "menu", None, ["tea"])
        self.assertEqual(one(smith, "shared.put", "menu", None, ["milk"])["refused"], "storage.conflict")
        self.assertEqual(one(smith, "shared.get_versioned", "menu"), {"value": ["tea"], "version": 1})
        self.assertEqual(one(smith, "shared.keys", "m"), [["menu"], None])
        one(wang, "counters.add", "left", 1)
        self.assertTrue(one(wang, "counters.take", "left", 1))
        self.assertFalse(one(smith, "counters.take", "left", 1))
        self.assertEqual([one(wang, "counters.next", "n"), one(wang, "counters.last", "n")], [1, 1])
        self.bank.config["limit"] = "12"
        self.assertEqual(one(wang, "config.number", "limit"), 12)
        one(wang, "log.warn", "careful")
        self.assertEqual(self.bank.log, ["warn: careful"])

    def test_joy_names_its_kind(self) -> None:
        def told(**what: Any) -> list[tuple[str, str]]:
            step = program._lower(xitai.Step(None, xitai.ui.no_screen(), **what), 1)
            return [(effect.kind, effect.json) for effect in step.effects]

        self.assertEqual(told(celebrate=True), [("celebrate", "{}")])
        self.assertEqual(told(celebrate="rocket", close=True), [("celebrate", '{"with": "rocket"}'), ("close", "{}")])
        self.assertEqual(told(), [])

    def test_a_host_call_outside_of_a_call_and_too_many_of_them_are_told(self) -> None:
        with self.assertRaisesRegex(RuntimeError, "within a program's open or update"):
            everything.MODULES["storage"].get("a")
        with self.assertRaises(Exception) as caught:
            run(self.wang, call="counters.read", given=["x"], times=101)
        self.assertIn("100 host calls", caught.exception.value.detail)


if __name__ == "__main__":
    unittest.main()
