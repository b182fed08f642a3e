"""Who is there, and what the bank knows: a test says it by `Bank.knows` and `Bank.proves`."""

import json
from typing import Any

from ...stage import Record
from ..call import ask, asking, numbered, refuse
from ..noon import NOON

_DAY = 86_400_000
_CLAIMS = ("display-name", "legal-name", "phone", "email", "address", "birth-date", "identity-number", "branch-manager")
_KINDS = ("over-age", "resident-of", "member-of", "has-account", "score-band-at-least", "suitable-for", "guardian-of")
_FIELDS = ("card-number", "identity-number", "one-time-code")


class Customer:
    @staticmethod
    def whoami() -> Any:
        call = asking()
        proved = call.kept.proved.get(call.page.number, NOON)
        return Record(subject=call.subject, level="account-holder", proved_at=proved, roles=call.page.roles)


def _fact(claim: str) -> str | None:
    return asking().bank.facts.get((asking().subject, claim))


class Claims:
    @staticmethod
    def request(asked: Any) -> str:
        every = [*asked.claims, *asked.optional]
        if not every:
            refuse("invalid", "claims.none")
        for claim in every:
            if claim not in _CLAIMS:
                refuse("invalid", "claims.unknown", claim)
        if not asked.purpose.strip():
            refuse("invalid", "claims.purpose", "it is empty")
        if not 1 <= asked.keep_days <= 365:
            refuse("invalid", "claims.keep-days", "1 to 365")
        for claim in asked.claims:
            if _fact(claim) is None:
                refuse("not-found", "claims.missing", claim)
        held = [claim for claim in every if _fact(claim) is not None]
        if not held:
            refuse("not-found", "claims.missing", ", ".join(asked.optional))
        expires = asking().bank.now + asked.keep_days * _DAY
        return ask("consent", numbered("ask"), id=numbered("consent"), needed=asked.claims, asked=held, expires=expires)

    @staticmethod
    def granted() -> Any:
        call = asking()
        return [it.consent for it in call.kept.consents if it.subject == call.subject and not it.withdrawn and call.bank.now < it.consent.expires]

    @staticmethod
    def read(id: str) -> Any:
        call = asking()
        given = next((it for it in call.kept.consents if it.consent.id == id and it.subject == call.subject), None)
        given = given or refuse("not-found", "consent.not-found", id)
        if given.withdrawn or call.bank.now >= given.consent.expires:
            refuse("not-consented", "consent.over", id)
        return [(claim, _fact(claim)) for claim in given.consent.granted if _fact(claim) is not None]


class Proofs:
    @staticmethod
    def prove(asked: Any, purpose: str) -> Any:
        if asked.kind not in _KINDS:
            refuse("invalid", "proof.kind", asked.kind)
        if not asked.value:
            refuse("invalid", "proof.value", asked.kind)
        if not purpose.strip():
            refuse("invalid", "claims.purpose", "it is empty")
        holds = (asking().subject, asked.kind, asked.value) in asking().bank.proofs
        reasons = [] if holds else [f"not {asked.kind} {asked.value}"]
        return Record(holds=holds, reasons=reasons, attestation=json.dumps({"kind": asked.kind, "holds": holds}))


class Presence:
    @staticmethod
    def request(purpose: str) -> str:
        if not purpose.strip():
            refuse("invalid", "presence.purpose", "it is empty")
        return ask("presence", numbered("presence"))


class SecureFields:
    @staticmethod
    def prepare(kind: str, purpose: str) -> str:
        if kind not in _FIELDS:
            refuse("invalid", "secure-field.kind-unknown", kind)
        if not purpose.strip():
            refuse("invalid", "secure-field.purpose", "it is empty")
        ticket = numbered("field")
        asking().kept.fields[ticket] = None
        return ticket


def _consented(bank: Any, ask: Any, answers: dict[str, str]) -> str:
    """The answers say `yes` to each claim that is ticked."""
    granted = [claim for claim in ask.asked if answers.get(claim) == "yes"]
    if not granted or any(claim not in granted for claim in ask.needed):
        raise AssertionError(f"the sheet can't be confirmed without {', '.join(ask.needed) or 'anything ticked'}")
    consent = Record(id=ask.id, granted=granted, expires=ask.expires)
    bank.kept.consents.append(Record(subject=ask.subject, consent=consent, withdrawn=False))
    return ask.id


def _proved(bank: Any, ask: Any, answers: dict[str, str]) -> None:
    bank.kept.proved[ask.page] = bank.now


AGREED = {"consent": _consented, "presence": _proved}
