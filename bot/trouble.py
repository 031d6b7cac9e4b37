"""
What can go wrong when something is said, whatever the route; each means something else for the sender.

    SlackTrouble
      Later         it may pass: sent too fast, no answer, their own fault; *after* says how long to wait
      Unreachable   nobody can be reached there: archived, not invited, account gone; the text says what to do
      Gone          the message that was to be edited no longer stands
      RootGone      the thread that was to be answered no longer stands
      Unfit         what we made is refused: a fault of ours
        Forbidden   the app may not do that at all: a scope is missing
      Revoked       the token is no longer accepted
"""

from __future__ import annotations


class SlackTrouble(Exception):  # noqa: N818 - most of its kinds are no fault
    """Slack did not do what it was asked; *error* is Slack's own word for it."""

    def __init__(self, error: str, words: str = "") -> None:
        super().__init__(words or error)
        self.error = error


class Later(SlackTrouble):
    """
    It may pass; *after* is in seconds, 0 where nobody says.

    *in_doubt*: it may have been done all the same. *is_away*: there was no answer, or a fault of the whole service.
    """

    def __init__(self, error: str, after: float = 0.0, *, in_doubt: bool = False, is_away: bool = False) -> None:
        super().__init__(error)
        self.after = after
        self.in_doubt = in_doubt
        self.is_away = is_away


class Unreachable(SlackTrouble):
    """Nobody can be reached there; the text is a sentence."""


class Gone(SlackTrouble):
    """The message to edit no longer stands."""


class RootGone(SlackTrouble):
    """The thread to answer in no longer stands."""


class Unfit(SlackTrouble):
    """Slack refuses what we made."""


class Forbidden(Unfit):
    """The app may not do that, whatever it sends; the text says what to do."""


class Revoked(SlackTrouble):
    """The token is no longer accepted; the text says what to do."""
