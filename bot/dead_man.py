"""
The dead man's switch: an address outside is asked every minute, only while everything works; it alarms when that stops.

The address is a secret: whoever knows it can keep the alarm from going off. It stands in no log and no error.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import aiohttp

from bot import metrics
from bot.auditor import EVERY_S, Auditor
from bot.clock import PAGES, WallClock
from bot.health import Health
from bot.lead import Lead
from commands.audit_pages import LATE
from commands.world import World
from storage import pages

_log = logging.getLogger(__name__)

_AUDITED_S = 4 * EVERY_S  # since an audit passed, and since the registry took a write
_KEPT_TIME_S = 30.0  # since the lead's clock looked for pages that are due
_PATIENCE_S = 10.0
_NOT_YET = "no audit has passed yet"  # of a bot that has just started, which is no fault


@dataclass(slots=True)
class DeadMan:
    """Asks *url* every *every*, from the process that leads, while nothing is known to be wrong."""

    url: str = field(repr=False)
    every: timedelta
    world: World
    clock: WallClock
    lead: Lead
    health: Health
    auditor: Auditor
    monotonic: Callable[[], float] = time.monotonic
    _began: float = -math.inf  # by `monotonic`
    _wrong: str = ""  # as it was logged last: a reason is logged once

    async def run(self) -> None:
        """Ask again and again, until cancelled."""
        self._began = self.monotonic()
        while True:
            await asyncio.sleep(self.every.total_seconds())
            if not self.lead.is_mine:
                continue
            try:
                await self.ask_once()
            except Exception as error:  # noqa: BLE001 - it must stop nothing; the switch outside notices the silence
                _log.warning("the dead man's switch could not be asked: %s", type(error).__name__)
                metrics.dead_man_pings.labels("failed").inc()

    async def ask_once(self) -> bool:
        """Ask the switch unless something is wrong, and say whether it took it; raises what keeps us from asking."""
        wrong = await self.what_is_wrong()
        if wrong != self._wrong:
            self._say(wrong)
            self._wrong = wrong
        if wrong:
            return False
        status = await ask(self.url)
        taken = is_taken(status)
        if not taken:
            _log.warning("the dead man's switch answered with the status %d", status)
        metrics.dead_man_pings.labels("sent" if taken else "failed").inc()
        return taken

    def _say(self, wrong: str) -> None:
        if wrong == _NOT_YET:
            _log.info("the dead man's switch is not asked: %s", wrong)
        elif wrong:
            _log.warning("the dead man's switch is not asked: %s", wrong)
        elif self._wrong == _NOT_YET:
            _log.info("the dead man's switch is asked from now on")
        else:
            _log.warning("the dead man's switch is asked again")

    async def what_is_wrong(self) -> str:
        """Return why the switch is not asked now; empty where everything works."""
        if self.health.faults:
            return "; ".join(f"{part}: {why}" for part, why in sorted(self.health.faults.items()))
        if self.auditor.passed_at is None and self.monotonic() - self._began <= _AUDITED_S:
            return _NOT_YET
        stale = (
            (self.auditor.passed_at, self.auditor.elapsed(), _AUDITED_S, "no audit passed in the last minute"),
            (
                self.auditor.wrote_at,
                self.auditor.elapsed(),
                _AUDITED_S,
                "the registry took no write in the last minute",
            ),
            (self.clock.given.get(PAGES), self.monotonic(), _KEPT_TIME_S, "nobody looks for pages that are due"),
        )
        for at, now, longest, words in stale:
            if at is None or now - at > longest:
                return words
        async with self.world.database.read() as transaction:
            due = await pages.next_due(transaction)
        if due is not None and self.world.clock.now() - due > LATE:
            return "a page is late"
        return ""


async def ask(url: str) -> int:
    """Ask the switch at *url* once, and return the HTTP status; raises what keeps us from it, which may hold *url*."""
    timeout = aiohttp.ClientTimeout(total=_PATIENCE_S)
    # A session of its own: what keeps Slack's from working must not keep this one.
    async with (
        aiohttp.ClientSession(timeout=timeout, trust_env=True) as session,
        session.get(url, allow_redirects=False) as answer,
    ):
        return answer.status


def is_taken(status: int) -> bool:
    """Whether the switch took it; a redirect is no answer of its own."""
    return status < 300  # noqa: PLR2004 - HTTP's own
