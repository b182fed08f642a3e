"""Partners, notices and the customer manager. A test's bank has every template and every purpose, and a manager."""

from typing import Any

from ...stage import Record
from ..call import ask, asking, numbered, refuse

_DAY = 86_400_000
_CALLS_OPEN_MAX = 4
_NOTICES_A_DAY_MAX = 5
_NOTES_A_DAY_MAX = 5
_NOTE_CHARS_MAX = 1_000
_LASTING = 2**32 - 1


class Partner:
    @staticmethod
    def call(request: Any) -> str:
        call = asking()
        kept, number = call.kept, call.page.number
        if not request.path.startswith("/"):
            refuse("invalid", "partner.path", "a path begins with /")
        before = next((it for it in kept.calls if it.request.key == request.key and it.subject == call.subject), None)
        if before:
            return before.id if before.request == request else refuse("conflict", "partner.key-conflict", request.key)
        if sum(it.page == number and not it.answered for it in kept.calls) >= _CALLS_OPEN_MAX:
            refuse("limited", "limit.partner-calls", "4 calls are open")
        for name, ticket in request.sealed:
            if ticket not in kept.fields:
                refuse("not-found", "secure-field.not-found", name)
            if kept.fields[ticket] is None:
                refuse("conflict", "secure-field.empty", name)
        sealed = [(name, kept.fields.pop(ticket)) for name, ticket in request.sealed]
        asked = Record(id=numbered("call"), page=number, subject=call.subject, request=request, sealed=sealed, answered=False)
        kept.calls.append(asked)
        return asked.id


def _recipient(to: str | None) -> str:
    call = asking()
    own = None if call.for_merchant else call.subject
    if to is None:
        return own or refuse("not-granted", "notice.not-customer", "name the recipient")
    return to if call.for_merchant or to == own else refuse("not-found", "notice.recipient-unknown", to)


def _of_today(to: str) -> int:
    today = asking().bank.now // _DAY
    return sum(it.to == to and it.at // _DAY == today for it in asking().kept.notices)


class Notices:
    @staticmethod
    def subscribe(templates: list[str]) -> str:
        if not 1 <= len(templates) <= 3 or len({*templates}) < len(templates):
            refuse("invalid", "notice.asked", "one to three different templates")
        return ask("notices", numbered("notices"), templates=templates)

    @staticmethod
    def send(notice: Any) -> str:
        kept, to = asking().kept, _recipient(notice.to)
        before = next((it for it in kept.notices if it.to == to and it.notice.key == notice.key), None)
        if before:
            return before.id if before.notice == notice else refuse("conflict", "notice.key-reused", notice.key)
        if _of_today(to) >= _NOTICES_A_DAY_MAX:
            refuse("limited", "notice.capped", "five a day")
        left = kept.notices_allowed.get((to, notice.template), 0)
        if left == 0:
            refuse("not-consented", "notice.not-consented", notice.template)
        if left != _LASTING:
            kept.notices_allowed[to, notice.template] = left - 1
        kept.notices.append(Record(id=numbered("notice"), to=to, at=asking().bank.now, notice=notice))
        return kept.notices[-1].id

    @staticmethod
    def balance(to: str | None, template: str) -> int:
        whom = _recipient(to)
        return min(asking().kept.notices_allowed.get((whom, template), 0), _NOTICES_A_DAY_MAX - _of_today(whom))


class Relationship:
    @staticmethod
    def manager_name() -> str:
        return "客户经理"

    @staticmethod
    def note(purpose: str, text: str, key: str) -> None:
        call = asking()
        if call.for_merchant or not call.subject:
            refuse("not-granted", "thread.not-customer", "staff have no customer manager")
        if not text.strip() or len(text) > _NOTE_CHARS_MAX or "://" in text:
            refuse("invalid", "thread.text", "one to a thousand characters, no links")
        thread = call.kept.threads.setdefault((call.subject, purpose), [])
        before = next((it for it in thread if it.key == key), None)
        if before:
            return None if before.message.text == text.strip() else refuse("conflict", "thread.key-reused", key)
        if sum(it.message.author == "program" and call.bank.now - it.message.at < _DAY for it in thread) >= _NOTES_A_DAY_MAX:
            refuse("limited", "thread.rate", "five notes a day")
        thread.append(Record(key=key, message=Record(author="program", text=text.strip(), at=call.bank.now)))

    @staticmethod
    def thread(purpose: str, after: str | None) -> Any:
        return [it.message for it in reversed(asking().kept.threads.get((asking().subject, purpose), []))], None


def _allowed(bank: Any, ask: Any, answers: dict[str, str]) -> str:
    """The answer of `template-0` is `once` or `lasting`; one without an answer is not allowed."""
    given = []
    for at, template in enumerate(ask.templates):
        answer, whose = answers.get(f"template-{at}"), (ask.subject, template)
        if answer:
            allowed = bank.kept.notices_allowed
            allowed[whose] = _LASTING if answer == "lasting" else allowed.get(whose, 0) + 1
            given.append(f"{template}:{answer}")
    return " ".join(given)


AGREED = {"notices": _allowed}
