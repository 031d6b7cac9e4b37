"""
Takes secrets out of whatever comes in, is kept, is logged or is said.

It knows the values of our own settings, and the forms of tokens (checks.masking has the one list of them); it is the
net under the rule that no secret is put into a text in the first place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from checks.masking import masked

REMOVED = "[removed]"
_SHORTEST = 6  # a shorter value would take ordinary words out of texts
_IN_ADDRESS = re.compile(r"\b([a-zA-Z][a-zA-Z0-9+.-]{1,20}://)[^\s/@<>|]{1,2000}@")


class Redactor:
    """Replaces secrets by `[removed]`; *values* are those of our own settings."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        written = {way for one in values if len(one) >= _SHORTEST for way in _ways(one)}
        self._values = sorted(written, key=len, reverse=True)

    def text(self, text: str) -> str:
        """Return *text* without any secret."""
        for value in self._values:
            text = text.replace(value, REMOVED)
        return _IN_ADDRESS.sub(rf"\1{REMOVED}@", masked(text, REMOVED))

    def tree(self, value: Any) -> Any:
        """Return JSON *value* with every text in it redacted; keys are ours and stay."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {key: self.tree(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.tree(one) for one in value]
        return value

    def typed(self, value: Any) -> Any:
        """
        Return what somebody typed as `tree` does.

        An address stays one that has a user in it, so that whoever typed it is told what is wrong with it.
        """
        if isinstance(value, dict):
            return {key: self.typed(one) for key, one in value.items()}
        return self.text(value).replace(f"://{REMOVED}@", "://removed@") if isinstance(value, str) else self.tree(value)


def _ways(value: str) -> set[str]:
    """Return how *value* may be written: as it is, in an address, in JSON, as Python quotes it, and as Slack does."""
    in_slack = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {value, quote(value, safe=""), quote(value), json.dumps(value)[1:-1], repr(value)[1:-1], in_slack}
