"""
Takes secrets out of whatever leaves the program: log lines and messages.

It knows the values of our own settings, and the forms of common credentials; it is the net under the rule that no
secret is put into a text in the first place.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from typing import Any

REMOVED = "[removed]"
_SHORTEST = 6  # a shorter value would take ordinary words out of texts
#: Forms of credentials, by their makers' documentation.
_FORMS = (
    re.compile(r"\bxox[abeoprs]-[A-Za-z0-9-]{8,}"),
    re.compile(r"\bxapp-[A-Za-z0-9-]{8,}"),
    re.compile(r"\bgh[opsur]_[A-Za-z0-9]{16,}"),
    re.compile(r"\bgithub_pat_[A-Za-z0-9_]{16,}"),
    re.compile(r"\bglpat-[A-Za-z0-9_-]{16,}"),
    re.compile(r"\bA(?:KIA|SIA)[A-Z0-9]{16}\b"),
    re.compile(r"\bsk[-_](?:live_|proj-|ant-)?[A-Za-z0-9_-]{20,}"),
    re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}"),
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL),
)
_IN_ADDRESS = re.compile(r"\b([a-zA-Z][a-zA-Z0-9+.-]{1,20}://)[^\s/@<>|]{1,2000}@")


class Redactor:
    """Replaces secrets by `[removed]`; *values* are those of our own settings."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._values = sorted((one for one in values if len(one) >= _SHORTEST), key=len, reverse=True)

    def text(self, text: str) -> str:
        """Return *text* without any secret."""
        for value in self._values:
            text = text.replace(value, REMOVED)
        for form in _FORMS:
            text = form.sub(REMOVED, text)
        return _IN_ADDRESS.sub(rf"\1{REMOVED}@", text)

    def tree(self, value: Any) -> Any:
        """Return JSON *value* with every text in it redacted; keys are ours and stay."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {key: self.tree(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.tree(one) for one in value]
        return value


class RedactingFormatter(logging.Formatter):
    """Formats a log record and redacts the whole of it, the traceback included."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        """Return the line to be written."""
        return self._redactor.text(super().format(record))
