"""Yes-or-no answers that the host works out, so that the fact itself stays with the bank. The customer sees each."""

from dataclasses import dataclass

from ..stage import Record, interface


@dataclass(frozen=True)
class Answer:
    holds: bool
    #: Why not, in words that can be shown to the customer.
    reasons: list[str]
    #: A document that the bank has signed: `xitai verify` checks it without the bank.
    attestation: str


_host = interface("identity/proofs", prove=Answer)


def prove(kind: str, value: str | int, purpose: str) -> Answer:
    """A question of any kind."""
    return _host.prove(Record(kind=kind, value=str(value)), purpose)


def over_age(years: int, purpose: str) -> Answer:
    return prove("over-age", years, purpose)


def resident_of(region: str, purpose: str) -> Answer:
    """`CN`, or `CN-` and an administrative division."""
    return prove("resident-of", region, purpose)


def member_of(group: str, purpose: str) -> Answer:
    """A group of the bank's."""
    return prove("member-of", group, purpose)


def has_account(kind: str, purpose: str) -> Answer:
    """Such as `current`."""
    return prove("has-account", kind, purpose)


def score_band_at_least(band: int, purpose: str) -> Answer:
    """1 to 5."""
    return prove("score-band-at-least", band, purpose)


def suitable_for(risk: str, purpose: str) -> Answer:
    """A product's risk, `R1` to `R5`."""
    return prove("suitable-for", risk, purpose)


def guardian_of(subject: str, purpose: str) -> Answer:
    """The subject of another customer of this program."""
    return prove("guardian-of", subject, purpose)
