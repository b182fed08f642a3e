"""What the host's own sheets ask for: codes, places, files, prints, shares, other programs. A test answers by
`page.confirm_sheet(answer="…")`."""

from typing import Any

from ...stage import Record
from ..call import ask, asking, numbered, refuse

_PIECE = 128 << 10


class Scanner:
    @staticmethod
    def request() -> str:
        return ask("scan", numbered("scan"))


class Locator:
    @staticmethod
    def request(purpose: str) -> str:
        return ask("locate", numbered("locate"))


class Printer:
    @staticmethod
    def request(document: Any) -> str:
        return ask("print", numbered("print"))


class Sharing:
    @staticmethod
    def request(page: str, query: Any, text: str) -> str:
        return ask("share", numbered("share"))


class Programs:
    """No other program is there; each can be started."""

    @staticmethod
    def open_here() -> Any:
        return []

    @staticmethod
    def start(program: str, page: str, query: Any) -> str:
        return ask("start", numbered("start"))


def _own(handle: str) -> Any:
    found = asking().kept.files.get(handle)
    return found if found and found.subject == asking().subject else refuse("not-found", "attachment.not-found", handle)


class Attachments:
    @staticmethod
    def request(purpose: str, accept: list[str]) -> str:
        return ask("attach", numbered("attach"), handle=numbered("file"))

    @staticmethod
    def describe(handle: str) -> Any:
        file = _own(handle)
        return Record(name=file.name, media_type=file.media_type, size=len(file.bytes))

    @staticmethod
    def read(handle: str, offset: int) -> bytes:
        return _own(handle).bytes[offset : offset + _PIECE]

    @staticmethod
    def remove(handle: str) -> None:
        _own(handle)
        del asking().kept.files[handle]


def _attached(bank: Any, ask: Any, answers: dict[str, str]) -> str:
    """`name` is the file's, `text` what is in it."""
    name = answers.get("name", "")
    media_type = "application/pdf" if name.endswith(".pdf") else "image/jpeg"
    bank.kept.files[ask.handle] = Record(subject=ask.subject, name=name, media_type=media_type, bytes=answers.get("text", "").encode())
    return ask.handle


def _located(bank: Any, ask: Any, answers: dict[str, str]) -> str | None:
    """`position` is such as `31.298,120.583`; or a `district`."""
    return next((f"{name} {answers[name]}" for name in ("position", "district") if name in answers), None)


AGREED = {
    "scan": lambda bank, ask, answers: answers.get("answer"),
    "locate": _located,
    "print": lambda bank, ask, answers: None,
    "share": lambda bank, ask, answers: None,
    "start": lambda bank, ask, answers: None,
    "attach": _attached,
}
