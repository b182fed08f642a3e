"""Where the customer is, as they say on the host's sheet."""

from ..stage import interface

_host = interface("services/locator")


def request(purpose: str) -> str:
    """The ticket of the host's sheet."""
    return _host.request(purpose)


def read(text: str | None) -> tuple[float, float] | str | None:
    """What the text of `SheetClosed` says: latitude and longitude, rounded to about a hundred metres, or a district's name."""
    kind, _, said = (text or "").partition(" ")
    if kind == "district" and said:
        return said
    try:
        latitude, longitude = (float(degrees) for degrees in said.split(","))
    except ValueError:
        return None
    return (latitude, longitude) if kind == "position" else None
