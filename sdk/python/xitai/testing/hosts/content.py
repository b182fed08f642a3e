"""Content as the stage has it, but for the reviewers: a test decides with `Bank.decide_draft`."""

from typing import Any

from ...stage import Record
from ..call import asking, numbered, refuse

_WEEK = 7 * 86_400_000


def _draft(id: str) -> Any:
    _staff_only()
    return next((it for it in asking().kept.drafts if it.id == id), None) or refuse("not-found", "content.not-found", id)


def _staff_only() -> None:
    if not asking().for_merchant:
        refuse("not-granted", "content.not-staff", "customers put nothing forward")


def _customers_only() -> None:
    if asking().for_merchant or not asking().subject:
        refuse("not-granted", "feedback.not-customer", "staff have no word here")


class Library:
    @staticmethod
    def find(query: Any, after: str | None) -> Any:
        def fits(entry: Any) -> bool:
            return (
                query.kind in (None, entry.kind)
                and (query.tag is None or query.tag in entry.tags)
                and (query.text is None or query.text in entry.title + entry.summary)
            )

        return [entry for entry in asking().bank.library if fits(entry)], None

    @staticmethod
    def get(id: str) -> Any:
        return next((it for it in asking().bank.library if it.id == id), None) or refuse("not-found", "content.not-found", id)


class Authoring:
    @staticmethod
    def submit(draft: Any, key: str) -> str:
        _staff_only()
        kept = asking().kept
        before = next((it for it in kept.drafts if it.key == key), None)
        if before:
            return before.id if before.draft == draft else refuse("conflict", "feedback.key-reused", key)
        if not draft.title.strip():
            refuse("invalid", "content.draft", "title: it is missing")
        kept.drafts.append(Record(id=numbered("draft"), key=key, draft=draft, review=Record(stage="checking", findings=[])))
        return kept.drafts[-1].id

    @staticmethod
    def status(id: str) -> Any:
        return _draft(id).review

    @staticmethod
    def withdraw(id: str) -> None:
        _draft(id).review.stage = "withdrawn"
        bank = asking().bank
        bank.library = [entry for entry in bank.library if entry.id != id]


class Feedback:
    @staticmethod
    def rate(about: str, payment: str | None, stars: int, text: str, key: str) -> None:
        _customers_only()
        call = asking()
        if not 1 <= stars <= 5:
            refuse("invalid", "rating.stars", "one to five")
        paid = (it.payment for it in call.kept.payments if it.payment.id == payment and it.subject == call.subject)
        if not any(it.status in ("settled", "partly-captured") for it in paid):
            refuse("not-granted", "rating.not-paid", "only who has paid can rate")
        before = next((it for it in call.kept.ratings if it.payment == payment), None)
        if before is None:
            rating = Record(id=numbered("rating"), stars=stars, text=text, at=call.bank.now, answer=None)
            call.kept.ratings.append(Record(payment=payment, about=about, key=key, first=call.bank.now, rating=rating))
            return
        unchanged = (before.rating.stars, before.rating.text, before.about) == (stars, text, about)
        if before.key == key:
            return None if unchanged else refuse("conflict", "feedback.key-reused", key)
        if before.about != about:
            refuse("conflict", "rating.exists", payment)
        if call.bank.now >= before.first + _WEEK:
            refuse("conflict", "rating.edit-over", payment)
        before.key = key
        before.rating.stars, before.rating.text, before.rating.at = stars, text, call.bank.now

    @staticmethod
    def complain(about: str, text: str, key: str) -> str:
        _customers_only()
        call = asking()
        if not text.strip():
            refuse("invalid", "feedback.text", "it is empty")
        own = (it for it in call.kept.complaints if it.subject == call.subject and (it.key == key or it.text == text))
        before = next(own, None)
        if before:
            return before.id
        call.kept.complaints.append(Record(id=numbered("complaint"), subject=call.subject, about=about, text=text, key=key))
        return call.kept.complaints[-1].id

    @staticmethod
    def ratings(about: str, after: str | None) -> Any:
        return [it.rating for it in reversed(asking().kept.ratings) if it.about == about], None

    @staticmethod
    def answer(id: str, text: str, key: str) -> None:
        found = next((it for it in asking().kept.ratings if it.rating.id == id and asking().for_merchant), None)
        (found or refuse("not-found", "rating.not-found", id)).rating.answer = text

    @staticmethod
    def tally(about: str) -> tuple[int, int]:
        stars = [it.rating.stars for it in asking().kept.ratings if it.about == about]
        return sum(stars), len(stars)
