"""
The auditor: looks every fifteen seconds whether what was promised is kept, in every process that hears Slack.

It shares nothing with the sender and the lead's clock but the registry. What looks wrong is looked at again a moment
later, since whatever is due is due before it is done. It also leaves the mark by which a time away is seen.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot import metrics
from bot.health import Health
from commands.audit_pages import look, settle
from commands.tell_away import be_here
from commands.world import World
from storage.errors import in_words

_log = logging.getLogger(__name__)

EVERY_S = 15.0
_AGAIN_S = 3.0
_MARK_EVERY_S = 10.0
_PATIENCE_S = 60.0  # a registry that answers no sooner is a fault of its own


def boot_time() -> float:
    """Return seconds that nobody sets and that go on while the machine sleeps, where it can tell them."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


@dataclass(slots=True)
class Auditor:
    """
    Audits *world* and says in *health* how it is. *passed_at* and *wrote_at* are by `elapsed`, None for never.

    *pause* is what passes between the two looks of an audit.
    """

    world: World
    health: Health
    elapsed: Callable[[], float] = boot_time
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    passed_at: float | None = None  # the last look that found nothing
    wrote_at: float | None = None  # the last mark that the registry took

    async def run(self) -> None:
        """Audit, and leave the mark, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._leave_marks())
            tasks.create_task(self._look_again_and_again())

    async def audit(self, again_s: float = _AGAIN_S) -> bool:
        """Look once, and once more after *again_s* seconds at what was found; mend and tell it. True: all is well."""
        found = await look(self.world)
        if found:
            await self.pause(again_s)
            keys = {(fault.kind, fault.key) for fault in found}
            found = tuple(fault for fault in await look(self.world) if (fault.kind, fault.key) in keys)
        await settle(self.world, found)
        metrics.audit_faults.inc(len(found))
        if found:
            self.health.bad("audit", f"promises that are not kept: {len(found)}, the first of them {found[0].kind}")
            return False
        self.health.good("audit")
        self.passed_at = self.elapsed()
        return True

    async def leave_mark(self) -> None:
        """Leave the mark; a time away is told."""
        now = self.elapsed()
        await be_here(self.world, None if self.wrote_at is None else now - self.wrote_at)
        self.wrote_at = now

    async def _look_again_and_again(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)  # first: what is due at the start is the lead's to take
            try:
                async with asyncio.timeout(_PATIENCE_S):
                    await self.audit()
            except Exception as error:  # noqa: BLE001 - whatever keeps it from looking is itself a fault, and it goes on
                _log.exception("the audit could not be made")
                self.health.bad("audit", f"the audit could not be made: {in_words(error)}")

    async def _leave_marks(self) -> None:
        while True:
            try:
                async with asyncio.timeout(_PATIENCE_S):
                    await self.leave_mark()
                self.health.good("registry")
            except Exception as error:  # noqa: BLE001 - the registry is away: the next mark tells for how long
                _log.warning("the registry took no mark: %s", in_words(error))
                self.health.bad("registry", f"it takes no writes: {in_words(error)}")
            await asyncio.sleep(_MARK_EVERY_S)
