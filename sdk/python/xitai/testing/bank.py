"""A bank with one branch in which one program is tried."""

import copy
import json
from dataclasses import dataclass, field
from typing import Any, Callable, Mapping

from ..money import Money
from ..stage import Record
from .call import Call, during
from .checks import check_sheet, check_step
from .hosts.gifts import give_back
from .hosts.payments import balance_of
from .install import PROGRAM
from .noon import NOON
from .page import Page

__all__ = ["NOON", "Bank", "Kept"]


@dataclass
class Kept:
    """Everything that a failed call leaves as it was."""

    storage: dict[str, dict[str, bytes]] = field(default_factory=dict)
    shared: dict[str, Any] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)
    payments: list[Any] = field(default_factory=list)
    mandates: list[Any] = field(default_factory=list)
    coupons: list[Any] = field(default_factory=list)
    payouts: list[Any] = field(default_factory=list)
    budget: int = 0
    gifts: list[Any] = field(default_factory=list)
    drafts: list[Any] = field(default_factory=list)
    ratings: list[Any] = field(default_factory=list)
    complaints: list[Any] = field(default_factory=list)
    wakeups: dict[tuple[int, str], int] = field(default_factory=dict)
    balances: dict[str, int] = field(default_factory=dict)
    asks: dict[str, Any] = field(default_factory=dict)
    calls: list[Any] = field(default_factory=list)
    notices: list[Any] = field(default_factory=list)
    notices_allowed: dict[tuple[str, str], int] = field(default_factory=dict)
    files: dict[str, Any] = field(default_factory=dict)
    threads: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    agreements: list[Any] = field(default_factory=list)
    consents: list[Any] = field(default_factory=list)
    proved: dict[int, int] = field(default_factory=dict)
    fields: dict[str, str | None] = field(default_factory=dict)


class Bank:
    def __init__(self, program: type) -> None:
        """`program` is the class that `make_program` gave."""
        self.program = program()
        self.now = NOON
        self.kept = Kept()
        self.pages: list[Page] = []
        self.given = 0
        self.series: dict[str, int] = {}
        #: What the branch sets.
        self.config: dict[str, str] = {}
        #: Lines of the publisher's log so far.
        self.log: list[str] = []
        self.library: list[Any] = []
        self.campaigns: list[Any] = []
        self.facts: dict[tuple[str, str], str] = {}
        self.proofs: set[tuple[str, str, str]] = set()

    def open(
        self,
        subject: str,
        *,
        locale: str = "zh-CN",
        role: str | None = None,
        surface: str = "page",
        channel: str = "phone",
        elder: bool = False,
        page: str = "pages/index",
        query: Mapping[str, str] | None = None,
        signed: Mapping[str, str] | None = None,
    ) -> Page:
        """Opens the program for a customer, or for staff with a role."""
        nobody = PROGRAM.Actor_Nobody() if surface == "background" else PROGRAM.Actor_Customer()
        ctx = Record(
            now=self.now, channel=channel, locale=locale, zone="Asia/Shanghai", utc_offset_minutes=480, elder_mode=elder, branch="suzhou",
            actor=PROGRAM.Actor_Staff(role) if role else nobody, practice=False, supports=[], seed=bytes(32),
        )
        opened = Page(self, subject, ctx, surface, [role] if role else [])
        launch = Record(page=page, query=list((query or {}).items()), signed=list((signed or {}).items()), surface=surface)
        self.perform(opened, lambda: self.program.open(opened.ctx, launch))
        self.pages.append(opened)
        self.settle()
        return opened

    def background(self) -> Page:
        """The session without a customer that every enabled program has in a branch."""
        return self.open("", surface="background")

    def balance(self, subject: str) -> Money:
        """What a customer has, 1,000.00 CNY at first."""
        return Money(balance_of(self.kept, subject))

    def set_balance(self, subject: str, money: Money) -> None:
        self.kept.balances[subject] = money.minor

    def set_budget(self, money: Money) -> None:
        """How much the program may pay out."""
        self.kept.budget = money.minor

    def knows(self, subject: str, claim: str, value: str) -> None:
        """What the bank knows about a customer, such as their `legal-name`."""
        self.facts[subject, claim] = value

    def proves(self, subject: str, kind: str, value: str) -> None:
        """A question about a customer that is answered with yes, such as `over-age` of `18`; all others with no."""
        self.proofs.add((subject, kind, value))

    def withdraw_consents(self, subject: str) -> None:
        for given in self.kept.consents:
            given.withdrawn = given.withdrawn or given.subject == subject

    def open_campaign(
        self,
        campaign: str,
        title: str,
        worth: Money,
        until: int,
        *,
        minimum_spend: Money = Money(0),
        basis_points: int | None = None,
        price: Money | None = None,
        codes: tuple[str, ...] = (),
    ) -> None:
        """Opens a campaign to every customer of the branch; with `codes` its coupons are for those."""
        offer = Record(
            campaign=campaign, title=title, worth=worth, until=until, minimum_spend=minimum_spend, basis_points=basis_points, price=price,
            by_code=bool(codes),
        )
        self.campaigns.append(Record(offer=offer, codes=codes))

    def add_entry(self, id: str, kind: str, title: str, **rest: Any) -> None:
        """Adds a reviewed entry to the library."""
        entry = {"summary": "", "body": "", "image": None, "price": None, "published": self.now, "tags": [], "opens": None, "details": [], "documents": []}
        self.library.append(Record(id=id, kind=kind, title=title, **{**entry, **rest}))

    def decide_draft(self, id: str, approve: bool, note: str = "") -> None:
        """Reviewers decide on what the program put forward: approved, it is in the library."""
        proposal = next(it for it in self.kept.drafts if it.id == id)
        proposal.review.stage = "approved" if approve else "returned"
        if approve:
            self.add_entry(id, **vars(proposal.draft))
        else:
            proposal.review.findings.append(note)

    def counter(self, name: str) -> int:
        return self.kept.counters.get(name, 0)

    def shared(self, key: str) -> Any:
        """A value of the branch, as the program keeps it; None where there is none."""
        held = self.kept.shared.get(key)
        return json.loads(held.value) if held and held.value is not None else None

    def advance(self, ms: int) -> None:
        """Lets time pass: payments and sheets expire, wake-ups come due, and all that follows is delivered."""
        self.now += ms
        give_back(self)
        for bill in self.kept.payments:
            if bill.payment.status in ("draft", "awaiting-confirmation") and bill.expires <= self.now:
                self._expire(bill)
        due = [key for key, at in self.kept.wakeups.items() if at <= self.now]
        for number, key in due:
            del self.kept.wakeups[number, key]
            self.pages[number].inbox.append(PROGRAM.Event_Woken(key))
        self.settle()

    def _expire(self, bill: Any) -> None:
        page, ticket = self.pages[bill.page], bill.payment.ticket
        bill.payment.status, bill.payment.updated, bill.payment.ticket = "expired", self.now, None
        if ticket is not None and page.open == ticket:
            page.open = None
            page.inbox.append(PROGRAM.Event_SheetClosed(Record(ticket=ticket, outcome="expired", text=None)))
        else:
            page.inbox.append(PROGRAM.Event_Changed(bill.payment.id))

    def perform(self, page: Page, run: Callable[[], Any]) -> None:
        """Runs one call; what fails leaves everything as it was."""
        before = copy.deepcopy(self.kept)
        chain = page.armed.chain if page.armed else None
        page.ctx.now, page.ctx.seed = self.now, _seed_of(page.number, page.position + 1)
        try:
            step = during(Call(self, page, chain), run)
            check_step(step)
            if step.sheet is not None:
                check_sheet(self.kept, page, chain, step.sheet)
        except BaseException:
            self.kept = before
            raise
        page.step = step
        page.position += 1
        page.effects.extend(step.effects)
        if step.sheet is not None:
            page.open, page.armed = step.sheet, None
        self._tell_watchers(page, before)

    def _tell_watchers(self, by: Page, before: Kept) -> None:
        """Tells each session that watches what has changed, but not the one that changed it."""
        changed = [name for name, held in self.kept.shared.items() if before.shared.get(name) != held]
        changed += [name for name, held in self.kept.counters.items() if before.counters.get(name) != held]
        for page in self.pages:
            for name in changed:
                event = PROGRAM.Event_Noticed(name)
                if page is not by and name in page.step.watch and event not in page.inbox:
                    page.inbox.append(event)
        # A refund or capture by staff is told to the session that made the payment.
        was = {old.payment.id: old.payment for old in before.payments}
        for bill in self.kept.payments:
            if bill.page != by.number and was.get(bill.payment.id, bill.payment) != bill.payment:
                self.pages[bill.page].inbox.append(PROGRAM.Event_Changed(bill.payment.id))

    def settle(self) -> None:
        """Delivers what waits in inboxes until the bank is still."""
        for _ in range(10_000):
            page = next((waiting for waiting in self.pages if waiting.inbox), None)
            if page is None:
                return
            event = page.inbox.pop(0)
            self.perform(page, lambda page=page, event=event: self.program.update(page.ctx, page.step.state, event))
        raise AssertionError("the sessions keep waking each other: 10,000 events and no end")


def _seed_of(page: int, position: int) -> bytes:
    return bytes((position * 31 + page * 7 + byte) % 256 for byte in range(32))
