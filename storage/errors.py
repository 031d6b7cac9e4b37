"""The errors of storage: StorageError (the registry cannot be used) and Taken (somebody was first)."""

from __future__ import annotations


class StorageError(Exception):
    """The registry cannot be used; the text is a sentence for whoever starts the bot: the exact cause and its mend."""


class Taken(Exception):  # noqa: N818 - it is an answer, not a fault
    """A row that may exist only once exists already."""
