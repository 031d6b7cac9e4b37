"""The errors of storage: the registry cannot be used at all, cannot be used just now, or somebody was first."""

from __future__ import annotations


class StorageError(Exception):
    """The registry cannot be used; the text is a sentence for whoever starts the bot: the exact cause and its mend."""


class Taken(Exception):  # noqa: N818 - it is an answer, not a fault
    """A row that may exist only once exists already."""


class Unavailable(Exception):  # noqa: N818 - it passes
    """
    The registry did not take a transaction: it is locked, its disk is full, or it is away.

    Nothing was changed; but where the connection was lost during the COMMIT nobody knows whether all of it was. So
    whoever runs an order again gives it the same `Request.once`, by which it finds what it has done.
    """


class Clashed(Unavailable):
    """The registry ended a transaction because another one stood in its way; once more, and it goes through."""


def in_words(error: BaseException) -> str:
    """
    Return why something failed, for the log: what the database itself says where its words hold no value of a row.

    Else the kind of *error*, of the driver's own where there is one: its text may hold what somebody wrote.
    """
    if isinstance(error, Unavailable | StorageError):
        return str(error) or type(error).__name__
    if isinstance(error, TimeoutError):
        return "it did not answer in time"
    return type(getattr(error, "orig", None) or error).__name__


class Locked(Unavailable):
    """Another transaction held on to what this one needed; all else may go through meanwhile."""
