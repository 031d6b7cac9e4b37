"""
Whether Slack can be talked to at all: not while it does not answer anybody, nor while it no longer takes the token.

Then messages wait where they are instead of being tried one by one, and one small question is asked again and again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.health import Health
from bot.slack import Slack
from bot.trouble import Forbidden, Later, SlackTrouble

_log = logging.getLogger(__name__)

PART = "slack"
_AWAY_S = (0.0, 1.0, 2.0, 3.0)  # before each question while Slack does not answer; then the last one again and again
_PATIENCE_S = 3.0
_REVOKED_S = 60.0


@dataclass(slots=True)
class Line:
    """The line to Slack: it is open until a message meets the contrary, and again once `look` is answered well."""

    slack: Slack
    health: Health
    ticks: Callable[[], float] = time.monotonic
    is_open: bool = True
    _look_at: float = 0.0
    _looked: int = 0
    _is_forbidden: bool = False

    def away(self, why: str) -> None:
        """Say that Slack did not answer a message: perhaps it answers nobody."""
        if self.is_open:
            _log.warning("Slack did not answer (%s); asking whether it is there", why)
            self.is_open, self._looked, self._look_at = False, 0, self.ticks()

    def refused(self, trouble: SlackTrouble) -> None:
        """Say that Slack does not take the token, or lets it do too little: nothing is sent until it does again."""
        if self.is_open or not self.health.faults.get(PART):
            _log.error("nothing is sent to Slack any more (%s): %s", trouble.error, trouble)
        self.is_open, self._look_at = False, self.ticks() + _REVOKED_S
        self._is_forbidden = isinstance(trouble, Forbidden)
        self.health.bad(PART, str(trouble))

    def worked(self) -> None:
        """Say that Slack took a message."""
        if self._is_forbidden:
            self._is_forbidden = False
            self.health.good(PART)

    @property
    def wants_look(self) -> bool:
        """Whether it is time to ask again."""
        return not self.is_open and self.ticks() >= self._look_at

    async def look(self) -> None:
        """Ask Slack who we are; a good answer opens the line."""
        self._look_at = self.ticks() + _REVOKED_S  # nobody asks beside us
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await self.slack.read("auth.test")
        except (Later, TimeoutError) as trouble:
            after = trouble.after if isinstance(trouble, Later) else 0.0
            self._looked = min(self._looked + 1, len(_AWAY_S) - 1)
            self._look_at = self.ticks() + max(after, _AWAY_S[self._looked])
        except SlackTrouble as trouble:
            self.refused(trouble)
        else:
            _log.info("Slack answers; sending goes on")
            self.is_open = True
            if not self._is_forbidden:  # what it may do only a message shows
                self.health.good(PART)
