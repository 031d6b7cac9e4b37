"""
Takes secrets out of whatever leaves the program: log lines and messages.

It knows the values of our own settings, and the forms of tokens (checks.masking has the one list of them); it is the
net under the rule that no secret is put into a text in the first place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from checks.masking import masked

REMOVED = "[removed]"
_SHORTEST = 6  # a shorter value would take ordinary words out of texts
_IN_ADDRESS = re.compile(r"\b([a-zA-Z][a-zA-Z0-9+.-]{1,20}://)[^\s/@<>|]{1,2000}@")


class Redactor:
    """Replaces secrets by `[removed]`; *values* are those of our own settings."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._values = sorted((one for one in values if len(one) >= _SHORTEST), key=len, reverse=True)

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
