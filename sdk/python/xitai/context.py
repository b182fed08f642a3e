"""What a call is told about the world."""

from dataclasses import dataclass
import datetime
from typing import Any, Literal

from .shape import word

Channel = Literal["phone", "web", "kiosk", "chat", "embed", "other"]
Surface = Literal["page", "card", "background", "other"]


@dataclass(frozen=True)
class Actor:
    """Who is at the screen."""

    #: `nobody` is the host itself, such as a wake-up; `other` is newer than this SDK and has no more rights than a visitor.
    kind: Literal["customer", "staff", "nobody", "other"]
    #: Of staff; of `other`, what it calls itself.
    role: str | None = None


@dataclass(frozen=True)
class Context:
    #: Milliseconds since the Unix epoch; fixed for the whole call, and the same when the call is replayed.
    now: int
    channel: Channel
    #: BCP 47, such as `zh-CN`, `en`, `fa`.
    locale: str
    #: IANA time zone, such as `Asia/Shanghai`.
    zone: str
    #: How far `zone` is ahead of UTC at `now`.
    utc_offset_minutes: int
    #: The customer asked for large type and fewer steps.
    elder_mode: bool
    #: The branch that the customer is served by.
    branch: str
    actor: Actor
    #: Play money: nothing is booked.
    practice: bool
    #: Names that this host understands wherever there is an `other` case or a registry string.
    supports: tuple[str, ...]
    #: 32 bytes; `random` and `uuid` are seeded with them.
    seed: bytes

    def say(self, chinese: str, english: str) -> str:
        """Chinese where the customer reads Chinese, English for everyone else."""
        return chinese if self.locale.replace("_", "-").split("-")[0] == "zh" else english

    def is_customer(self) -> bool:
        return self.actor.kind == "customer"

    def is_staff(self, *roles: str) -> bool:
        """Whether staff are at the screen, in one of the roles where some are named."""
        return self.actor.kind == "staff" and (not roles or self.actor.role in roles)

    def local(self, instant: int | None = None) -> datetime.datetime:
        """The date and time on the customer's wall, by the offset that holds now."""
        zone = datetime.timezone(datetime.timedelta(minutes=self.utc_offset_minutes))
        epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
        return (epoch + datetime.timedelta(milliseconds=self.now if instant is None else instant)).astimezone(zone)


@dataclass(frozen=True)
class Launch:
    """How the customer got here."""

    #: One of the manifest's `pages`.
    page: str
    #: Of the link. Anybody can make these up.
    query: dict[str, str]
    #: Verified by the host: from a signed QR code or link.
    signed: dict[str, str]
    #: `background` is the session without a customer: no screen is shown, no sheets.
    surface: Surface


def lift_context(ctx: Any) -> Context:
    kind = type(ctx.actor).__name__.removeprefix("Actor_").lower()
    return Context(
        ctx.now, word(ctx.channel), ctx.locale, ctx.zone, ctx.utc_offset_minutes, ctx.elder_mode, ctx.branch,
        Actor(kind, getattr(ctx.actor, "value", None)), ctx.practice, tuple(ctx.supports), bytes(ctx.seed),
    )


def lift_launch(launch: Any) -> Launch:
    return Launch(launch.page, _first_of_each(launch.query), _first_of_each(launch.signed), word(launch.surface))


def _first_of_each(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Of a parameter that is said twice the first counts, as in the other SDKs."""
    said: dict[str, str] = {}
    for name, value in pairs:
        said.setdefault(name, value)
    return said
