"""Calls to the publisher's own systems, by the name of an endpoint of the manifest's `egress`. A call is sent once the step
is committed; its answer comes as `Replied`, whose `call` is the id that these functions give."""

import json
from typing import Any, Mapping

from ..shape import plain
from ..stage import Record, interface

_host = interface("services/partner")


def get(endpoint: str, path: str, key: str) -> str:
    """Asks for something. `key` is the program's own number: the same one again is the same call."""
    return _host.call(Record(endpoint=endpoint, method="GET", path=path, body=b"", sealed=[], key=key))


def post(endpoint: str, path: str, key: str, body: Any, *, method: str = "POST", sealed: Mapping[str, str] | None = None) -> str:
    """Has something done. `sealed` names places in the body, and the tickets of secure fields whose values go there."""
    told = json.dumps(plain(body), ensure_ascii=False).encode()
    return _host.call(Record(endpoint=endpoint, method=method, path=path, body=told, sealed=list((sealed or {}).items()), key=key))
