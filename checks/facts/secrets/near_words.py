"""The part of a text in which a secret may be given to something: the lines near a telling word."""

from __future__ import annotations

from bisect import bisect_right

import re2

from checks.facts.secrets.names import HINT

#: Near such a word something may be given; a superset of what the shapes look for, but for `pair`.
_NEAR = re2.compile(
    rf"(?i){HINT}|\b(?:login|sign_?in\w{{0,20}}|authenticate)\(|\bcurl\b"
    r"|\b(?:admin\w{0,12}|root|demo\d{0,4})[`*]{0,3}[ \t]{1,3}/[ \t]"
)
_FAR = 1000  # characters of a long line that are looked at on either side of such a word


class Near:
    """
    What of a text is worth looking at: the lines near a word that a secret is called by, or that gives one.

    Most lines hold none, and the shapes are costly: one simple pass over the text saves a dozen of theirs.
    """

    def __init__(self, text: str) -> None:
        pieces: list[str] = []
        self._here: list[int] = []  # where each piece begins here
        self._there: list[int] = []  # and in the text
        size, end = 0, 0
        for match in _NEAR.finditer(text):
            found, after = match.span()
            if after <= end:
                continue
            start = max(end, _line_start(text, _line_start(text, found) - 1))
            end = _line_end(text, _line_end(text, after) + 1)
            self._here.append(size)
            self._there.append(start)
            pieces.append(text[start:end])
            size += end - start + 1
        self.text = "\n".join(pieces)

    def offset(self, here: int) -> int:
        """Return where in the whole text the character at *here* of `text` stands."""
        piece = bisect_right(self._here, here) - 1
        return self._there[piece] + here - self._here[piece]


def _line_start(text: str, position: int) -> int:
    """Return where the line of *position* starts, or in a long line a point well before it."""
    lowest = max(0, position - _FAR)
    return max(lowest, text.rfind("\n", lowest, max(0, position)) + 1)


def _line_end(text: str, position: int) -> int:
    highest = min(len(text), position + _FAR)
    end = text.find("\n", position, highest)
    return highest if end < 0 else end
