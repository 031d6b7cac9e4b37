"""Paths as git keeps them are bytes; here they become text that survives JSON, each its own."""

from __future__ import annotations


class Names:
    """Gives each raw path of one listing a text of its own."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def text(self, raw: bytes) -> str:
        r"""
        Return *raw* as text: UTF-8, or with `\xff` in place of each byte that is none.

        Two paths never get the same text, else one file could hide another: whatever comes second gets a `~`.
        """
        text = raw.decode("utf-8", "backslashreplace")
        while text in self._given:
            text += "~"
        self._given.add(text)
        return text
