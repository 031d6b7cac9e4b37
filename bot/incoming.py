"""What comes in, in one form whatever it was: a slash command, a button, a form, an event or a push to a repository."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import msgspec

from bot import log
from commands.command import CLOCK, Request

_LONGEST_KEY = 190  # the registry takes ten more
_HALF = re.compile("[\ud800-\udfff]")
_PERSON = re.compile("[A-Za-z0-9]{1,64}")
_REQUEST = tuple(one.name for one in fields(Request))  # dataclasses.asdict copies deeply, and is slow


@dataclass(frozen=True, slots=True)
class Incoming:
    """
    One thing that somebody did.

    *key* is its sender's own id for it, so that what comes twice is done once. *order* is what it asks for; *kind* is
    slash, button, form, home or push. *team* is the workspace it came from, *trigger* opens a modal for three seconds,
    *answer_to* is Slack's response_url, *inputs* the fields of a form that can show what is wrong with them.
    *request_id* follows it through the log and what it causes.
    """

    key: str
    kind: str
    order: str
    request: Request
    team: str
    trigger: str = ""
    answer_to: str = ""
    inputs: tuple[str, ...] = field(default=())
    request_id: str = field(default_factory=log.new_request_id)

    @property
    def row_id(self) -> str:
        """The id that the inbox keeps it under."""
        return row_id(self.key)

    @property
    def is_of_person(self) -> bool:
        """Whether a person waits for an answer to it."""
        return self.request.person != CLOCK and self.kind != "home"

    @property
    def typed(self) -> str:
        """How a person would name what they did."""
        return f"/{self.order}" if self.kind == "slash" else self.order.replace("-", " ")

    def kept(self) -> dict[str, Any]:
        """Return what the inbox keeps; neither the trigger nor the response_url, which are keys and soon run out."""
        request = {name: getattr(self.request, name) for name in _REQUEST}
        about = {"kind": self.kind, "order": self.order, "team": self.team, "request_id": self.request_id}
        return {**about, "request": request}


def row_id(key: str) -> str:
    """Return *key* as an id of the inbox: its hash where it is none that a database takes."""
    if len(key) <= _LONGEST_KEY and key.isprintable():
        return key
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()


def person_id(value: Any) -> str:
    """Return an id of a person; raises ValueError for what is none, since ids stand in the log and on rows."""
    if not isinstance(value, str) or not _PERSON.fullmatch(value):
        raise ValueError("an id of a person has letters and digits alone")
    return value


def storable(body: Any) -> Any:
    """
    Return a payload of Slack's with U+FFFD for half a character (a lone surrogate): no database or socket takes those.

    JSON may hold them. `commands.words.readable` then refuses the text in words.
    """
    if isinstance(body, str):
        return body if body.isascii() else _HALF.sub("\ufffd", body)
    if isinstance(body, Mapping):
        return {storable(key): storable(value) for key, value in body.items()}
    return [storable(one) for one in body] if isinstance(body, list) else body


def from_kept(key: str, body: dict[str, Any]) -> Incoming:
    """Make it again from what the inbox kept."""
    request = msgspec.convert(body["request"], Request)
    more = {"request_id": body["request_id"]} if body.get("request_id") else {}
    return Incoming(key, body["kind"], body["order"], request, body["team"], **more)
