"""Sets of words written as running text, so that a long one stays readable."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """Return the words of *text*, which are parted by blanks and line ends."""
    return frozenset(text.split())
