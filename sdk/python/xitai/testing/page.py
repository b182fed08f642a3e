"""A page that somebody has open. Every action delivers all that follows from it before it returns."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..money import Money
from ..stage import Record
from .call import Err, Ok
from .checks import node_to_tap
from .drawing import draw, kind_of
from .hosts import AGREED
from .hosts.payments import balance_of
from .install import PROGRAM

if TYPE_CHECKING:
    from .bank import Bank


@dataclass
class Armed:
    """The money that a tap agreed to, and the chain in which a ticket may be made for it."""

    amount: Any
    chain: int


class Page:
    def __init__(self, bank: Bank, subject: str, ctx: Any, surface: str, roles: list[str]) -> None:
        self.bank, self.subject, self.ctx, self.surface, self.roles = bank, subject, ctx, surface, roles
        self.number = len(bank.pages)
        self.inbox: list[Any] = []
        self.position = 0
        self.armed: Armed | None = None
        #: The ticket of the sheet that is open.
        self.open: str | None = None
        #: What the app did besides drawing since somebody last acted on this page.
        self.effects: list[Any] = []
        self.step: Any = None

    @property
    def is_customer(self) -> bool:
        return type(self.ctx.actor).__name__ == "Actor_Customer"

    @property
    def screen(self) -> Any:
        return self.step.screen

    @property
    def state(self) -> Any:
        """What the program keeps, as JSON reads it."""
        return json.loads(self.step.state)

    def tap(self, id: str, value: str | None = None) -> None:
        """Taps a node. A button sends its value along and arms its amount."""
        node = node_to_tap(self.screen, id)
        if value is None and kind_of(node) == "Button":
            value = node.element.value.value
        self._send(id, PROGRAM.Event_Tapped(Record(id=id, value=value)))

    def set(self, id: str, value: object) -> None:
        """Sets a quantity, toggle or choice that stands outside of a form."""
        node = node_to_tap(self.screen, id)
        if kind_of(node) == "Quantity" and not node.element.value.minimum <= int(str(value)) <= node.element.value.maximum:
            raise AssertionError(f"`{id}` does not go to {value}")
        self._send(id, PROGRAM.Event_Tapped(Record(id=id, value=_written(value))))

    def submit(self, form: str, button: str, **values: Any) -> None:
        """Submits a form by one of its buttons. Fields that `values` leaves out keep what they show."""
        self._send(button, PROGRAM.Event_Submitted(Record(form=form, button=button, values=self._filled(form, values))))

    def resume(self) -> None:
        """The customer comes back."""
        self.deliver(PROGRAM.Event_Resumed())

    def deliver(self, event: Any) -> None:
        """Any event of the host's, in the contract's own form."""
        self.effects = []
        self.bank.perform(self, lambda: self.bank.program.update(self.ctx, self.step.state, event))
        self.bank.settle()

    def sheet(self) -> Money | None:
        """What the open sheet asks for; None where it asks for no payment."""
        bill = self._bill(self.open)
        return Money(bill.payment.payable.minor, bill.payment.payable.currency) if bill else None

    def confirm_sheet(self, answers: dict[str, str] | None = None, **named: str) -> None:
        """Confirms the open sheet, with what it asks for: the money moves if there is enough of it."""
        ticket, kept = self._take_sheet(), self.bank.kept
        ask = kept.asks.pop(ticket, None)
        if ask is not None:
            self._closed(ticket, "agreed", AGREED[ask.kind](self.bank, ask, {**(answers or {}), **named}))
            return
        bill = self._bill(ticket)
        payment, balance = bill.payment, balance_of(kept, bill.subject)
        payment.ticket, payment.updated = None, self.bank.now
        if balance < payment.payable.minor:
            payment.status, payment.decline_code = "declined", "funds.insufficient"
            self._closed(ticket, "failed")
            return
        kept.balances[bill.subject] = balance - payment.payable.minor
        payment.status = "authorised" if bill.order.capture_later else "settled"
        if not bill.order.capture_later:
            payment.captured = Record(minor=payment.payable.minor, currency=payment.payable.currency)
        self._closed(ticket, "agreed")

    def decline_sheet(self) -> None:
        ticket = self._take_sheet()
        bill = self._bill(ticket)
        if bill:
            bill.payment.ticket, bill.payment.status = None, "cancelled"
        self.bank.kept.asks.pop(ticket, None)
        self._closed(ticket, "declined")

    def fill_secure(self, id: str, value: str) -> None:
        """Fills in a secure field of the page, as the customer does in the host's own input."""
        node = next((shown for shown in self.screen.nodes if shown.id == id and kind_of(shown) == "SecureField"), None)
        if node is None:
            raise AssertionError(f"no secure field has the id `{id}`:\n{self.drawing()}")
        self.bank.kept.fields[node.element.value] = value

    def calls(self) -> list[Any]:
        """Calls to partners of this page that wait: `request`, and `sealed` with what the host put in."""
        return [it for it in self.bank.kept.calls if it.page == self.number and not it.answered]

    def reply(self, status_or_code: int | str, body: Any = "") -> None:
        """The partner answers the oldest call that waits: a status and a body, or a code of the host's."""
        waiting = self.calls()
        if not waiting:
            raise AssertionError("no call to a partner waits")
        waiting[0].answered = True
        told = (body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)).encode()
        answer = Ok(Record(status=status_or_code, body=told)) if isinstance(status_or_code, int) else Err(status_or_code)
        self.deliver(PROGRAM.Event_Replied(Record(call=waiting[0].id, answer=answer)))

    def drawing(self) -> str:
        """The screen as plain text, one element a line."""
        return draw(self.screen)

    def shows(self, *texts: str) -> None:
        """Fails the test unless the drawing has every one of `texts` in it."""
        for text in texts:
            if text not in self.drawing():
                raise AssertionError(f"`{text}` is not on the screen:\n{self.drawing()}")

    def shows_not(self, *texts: str) -> None:
        for text in texts:
            if text in self.drawing():
                raise AssertionError(f"`{text}` is on the screen:\n{self.drawing()}")

    def _send(self, id: str, event: Any) -> None:
        """A customer's event on a node: arms the amount of the button acted on, or disarms."""
        node = node_to_tap(self.screen, id)
        if self.open is not None:
            raise AssertionError("a sheet is open; nothing behind it can be acted on")
        amount = node.element.value.amount if kind_of(node) == "Button" and self.surface == "page" else None
        self.armed = Armed(amount, self.position + 1) if amount else None
        self.deliver(event)

    def _closed(self, ticket: str, outcome: str, text: str | None = None) -> None:
        self.deliver(PROGRAM.Event_SheetClosed(Record(ticket=ticket, outcome=outcome, text=text)))

    def _take_sheet(self) -> str:
        ticket, self.open = self.open, None
        if ticket is None:
            raise AssertionError(f"no sheet is open:\n{self.drawing()}")
        return ticket

    def _bill(self, ticket: str | None) -> Any:
        return next((it for it in self.bank.kept.payments if ticket is not None and it.payment.ticket == ticket), None)

    def _filled(self, form: str, values: dict[str, Any]) -> list[tuple[str, str]]:
        """What the fields of a form hold once `values` are filled in."""
        nodes = self.screen.nodes
        at = next((node for node in nodes if node.id == form and kind_of(node) == "Form"), None)
        if at is None:
            raise AssertionError(f"no form `{form}`:\n{self.drawing()}")
        found: dict[str, list[str]] = {}

        def walk(index: int) -> None:
            node = nodes[index]
            for child in node.children:
                walk(child)
            shown = _shown(node)
            if shown is not None:
                typed = values.get(node.id)
                found[node.id] = shown if typed is None else [_written(it) for it in (typed if isinstance(typed, (list, tuple)) else [typed])]

        for child in at.children:
            walk(child)
        for id in values:
            if id not in found:
                raise AssertionError(f"the form `{form}` has no field `{id}`:\n{self.drawing()}")
        return [(id, value) for id, held in found.items() for value in held]


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _shown(node: Any) -> list[str] | None:
    """What a field holds as it stands; None for what is no field."""
    value = getattr(node.element, "value", None)
    match kind_of(node):
        case "TextField":
            return [value.value]
        case "Choice":
            return list(value.selected)
        case "Toggle":
            return [_written(value.on)]
        case "DateField":
            return [value.value] if value.value else []
        case "Quantity":
            return [str(value.value)]
    return None
