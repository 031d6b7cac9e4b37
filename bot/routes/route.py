"""What a second route is: a way to reach somebody that does not need Slack. Each takes rows of the one outbox."""

from __future__ import annotations

from typing import Protocol

from storage.model import Message, Standing


class Route(Protocol):
    """
    Takes messages to where Slack does not reach.

    A message with `stands` is about something that was told before; whether its readers hear of it again is decided
    before it becomes a row (`commands/page_copies.py`). What a route returns is kept and given back as `stands`:
    `channel` is `<route>:<state>`, and `ts` names what was told.
    """

    async def deliver(self, message: Message) -> Standing:
        """
        Deliver *message*; return what stands there now.

        Raises bot.trouble.Later where it may pass, Unreachable where nobody can be reached there (a sentence), and
        Unfit where what we sent is refused. No error holds a secret, an address or a body.
        """
