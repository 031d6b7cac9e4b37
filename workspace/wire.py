"""What travels over the Web API: arguments on the way in, refusals with Slack's own names on the way out."""

import json
from typing import Any

Json = dict[str, Any]

_TRUE = ("1", "true", "True")
_JSON_ARGUMENTS = ("blocks", "view", "metadata", "attachments")


class Refusal(Exception):  # noqa: N818 -- a refusal is an ordinary answer of the Web API, not a fault of ours
    """A call that Slack would answer with ``ok: false``.

    *error* is Slack's name for it, such as ``channel_not_found``; *details* are sentences that say where
    the fault is, which Slack sends as ``response_metadata.messages``.
    """

    def __init__(self, error: str, *details: str) -> None:
        super().__init__(error)
        self.error = error
        self.details = details

    def body(self) -> Json:
        """Give the JSON that the caller receives."""
        answer: Json = {"ok": False, "error": self.error}
        if self.details:
            answer["response_metadata"] = {"messages": list(self.details)}
        return answer


def decode(given: Json) -> Json:
    """Decode the arguments that a form carries as JSON text; JSON bodies pass unchanged.

    Raises Refusal("invalid_arguments") for text that is not JSON.
    """
    decoded = dict(given)
    for name in _JSON_ARGUMENTS:
        value = decoded.get(name)
        if isinstance(value, str):
            try:
                decoded[name] = json.loads(value)
            except ValueError:
                raise Refusal("invalid_arguments", f"[ERROR] {name} is not JSON") from None
    return decoded


def text(args: Json, name: str) -> str:
    """Read the optional argument *name* as text; absent is the empty string."""
    value = args.get(name)
    return "" if value is None else str(value)


def needed(args: Json, name: str) -> str:
    """Read the argument *name*, and raise Refusal("invalid_arguments") when it is missing or empty."""
    value = text(args, name)
    if not value:
        raise Refusal("invalid_arguments", f"[ERROR] missing required field: {name}")
    return value


def flag(args: Json, name: str, *, otherwise: bool = False) -> bool:
    """Read a yes-or-no argument, which forms send as ``1`` or ``true``."""
    value = args.get(name)
    if value is None:
        return otherwise
    return value if isinstance(value, bool) else str(value) in _TRUE


def number(args: Json, name: str, otherwise: int) -> int:
    """Read a whole number; raises Refusal("invalid_arguments") when it is none."""
    value = text(args, name)
    if not value:
        return otherwise
    if not value.isdecimal():
        raise Refusal("invalid_arguments", f"[ERROR] {name} must be a whole number")
    return int(value)


def page(items: list[Json], args: Json, *, otherwise: int) -> tuple[list[Json], str]:
    """Cut one page out of *items* and give it with the cursor of the next, which is empty at the end."""
    start = number(args, "cursor", 0)
    stop = start + max(1, min(number(args, "limit", otherwise), 1000))
    return items[start:stop], str(stop) if stop < len(items) else ""
