"""What comes in from Slack, in one form whatever it was: a slash command, a button, a form or an event."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import msgspec

from commands.command import Request

_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Incoming:
    """
    One thing that somebody did.

    *key* is Slack's own id for it, so that what comes twice is done once. *order* is what it asks for; *kind* is slash,
    button, form or home. *team* is the workspace it came from, *trigger* opens a modal for three seconds, *answer_to*
    is Slack's response_url, *inputs* the fields of a form that can show what is wrong with them.
    """

    key: str
    kind: str
    order: str
    request: Request
    team: str
    trigger: str = ""
    answer_to: str = ""
    inputs: tuple[str, ...] = field(default=())

    @property
    def typed(self) -> str:
        """How a person would name what they did."""
        return f"/{self.order}" if self.kind == "slash" else self.order.replace("-", " ")

    def kept(self) -> dict[str, Any]:
        """Return what the inbox keeps; neither the trigger nor the response_url, which are keys and soon run out."""
        return {"kind": self.kind, "order": self.order, "team": self.team, "request": asdict(self.request)}


def storable(body: Any) -> Any:
    """
    Return a payload of Slack's with U+FFFD for half a character (a lone surrogate): no database or socket takes those.

    JSON may hold them. `commands.words.readable` then refuses the text in words.
    """
    if isinstance(body, str):
        return _HALF.sub("\ufffd", body)
    if isinstance(body, Mapping):
        return {storable(key): storable(value) for key, value in body.items()}
    return [storable(one) for one in body] if isinstance(body, list) else body


def from_kept(key: str, body: dict[str, Any]) -> Incoming:
    """Make it again from what the inbox kept."""
    request = msgspec.convert(body["request"], Request)
    return Incoming(key, body["kind"], body["order"], request, body["team"])
