"""What the program keeps, and what it says to the water company."""

import re
import uuid
from dataclasses import dataclass
from typing import Literal

from xitai import Context, Money, Replied, cny
from xitai.payments import mandates, payments
from xitai.services import partner, storage

ENDPOINT = "water"
EACH_AT_MOST = cny(200_00)
MONTH_AT_MOST = cny(300_00)
YEAR_MS = 365 * 86_400_000
#: More than any household owes: a bill beyond it is a slip of the company's.
DUE_FEN_MOST = 1_000_000_00
#: How the company names a bill, such as `2026-03`. It becomes a part of addresses and keys.
_NAME = re.compile(r"[0-9A-Za-z-]{1,20}")


@dataclass
class Bill:
    """What a meter owes."""

    bill: str
    due_fen: int
    paid: bool = False

    @property
    def due(self) -> Money:
        return cny(self.due_fen)


@dataclass
class State:
    """What the host keeps of a page."""

    meter: str = ""
    bill: Bill | None = None
    #: What the page waits for: the company's answer to a question, or to the news that it was paid.
    waits: Literal["bill", "noted"] | None = None
    #: The call that is waited for.
    call: str = ""
    payment: str = ""
    #: What went wrong last.
    trouble: Literal["unknown-meter", "no-answer", "not-noted", "not-paid", "not-charged", "pending"] | None = None


def mandate() -> mandates.Mandate | None:
    """The customer's permission, while it can be charged."""
    held = storage.get("mandate")
    found = mandates.get(held) if held else None
    return found if found and found.status == "active" else None


def read(reply: Replied) -> Bill | None:
    """The bill in the company's answer; None where it is none."""
    try:
        told = reply.json()
    # The second is Python's for an answer that is nested too deep.
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    bill, due_fen = told.get("bill"), told.get("due_fen")
    if not isinstance(bill, str) or not _NAME.fullmatch(bill):
        return None
    # `true` is no amount, although Python counts it among the whole numbers.
    if type(due_fen) is not int or not 0 <= due_fen <= DUE_FEN_MOST:
        return None
    return Bill(bill, due_fen, due_fen == 0)


def ask(state: State) -> State:
    """Asks the company what the meter owes."""
    # Each question is a new one, so that a bill of last month's answer is not this month's.
    call = partner.get(ENDPOINT, f"/meters/{state.meter}/bill", f"bill-{uuid.uuid4()}")
    return State(state.meter, waits="bill", call=call)


def note(state: State) -> State:
    """Tells the company that a bill is paid. Told again it is a new call, in which the payment says that it is the same."""
    bill = state.bill
    if bill is None:
        return state
    told = {"meter": state.meter, "payment": state.payment, "fen": bill.due_fen}
    call = partner.post(ENDPOINT, f"/bills/{bill.bill}/paid", f"paid-{uuid.uuid4()}", told)
    return State(state.meter, Bill(bill.bill, bill.due_fen, True), "noted", call, state.payment)


def begun(meter: str, bill: Bill) -> payments.Payment | None:
    """What pays this bill already, by hand or by the mandate, on whichever page: nobody pays a bill twice."""
    held = storage.get(f"payment/{meter}/{bill.bill}")
    payment = payments.get(held) if held else None
    return None if payment is None or payment.is_dead else payment


def remember(meter: str, bill: Bill, payment: str) -> None:
    storage.set(f"payment/{meter}/{bill.bill}", payment)


def pay(ctx: Context, meter: str, bill: Bill) -> payments.Payment:
    """The payment of a bill, a new one only where there is none or the last came to nothing."""
    payment = begun(meter, bill)
    if payment is None:
        attempts = f"attempts/{meter}/{bill.bill}"
        attempt = storage.get(attempts) or 0
        purpose = ctx.say(f"水费 {bill.bill}", f"Water {bill.bill}")
        payment = payments.request(payments.Order(f"water-{meter}-{bill.bill}-{attempt}", bill.due, purpose))
        storage.set(attempts, attempt + 1)
        remember(meter, bill, payment.id)
    return payment


def allow(ctx: Context) -> mandates.Mandate:
    terms = mandates.Terms(ctx.say("水费代扣", "Water bills"), EACH_AT_MOST, "month", MONTH_AT_MOST, ctx.now + YEAR_MS)
    return mandates.propose(terms, f"allow-{uuid.uuid4()}")
