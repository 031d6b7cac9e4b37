"""
Sees which processes of this registry are dead, and has their work taken up again. Every process looks; the lead acts.

A process is dead when its count of beats stood still for ten seconds of this machine's monotonic clock while it was
being looked at: no clock that jumps kills anybody, and after the database was away nobody is taken for dead before
everybody could beat again. Rows that a dead process held are free by that alone; its jobs are handed on.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from bot.jobs import DurableJobs
from bot.lead import Lead
from commands.world import Clock
from storage import processes
from storage.database import Database
from storage.errors import in_words
from storage.model import Process

_log = logging.getLogger(__name__)
_LOOK_S = 1.0
_DEAD_S = 10.0
_BLIND_S = 3.0  # between two looks; who did not look for longer knows nothing of the time between
_JOBS_S = 10.0  # jobs of processes that ended while nobody led
_FORGET_S = 3600.0
_KEPT = timedelta(days=2)  # jobs that are over


@dataclass(slots=True)
class Reaper:
    """Looks, as *process_id*, after the others on *database*; *monotonic* gives seconds that never go back."""

    process_id: str
    database: Database
    clock: Clock
    lead: Lead
    jobs: DurableJobs
    monotonic: Callable[[], float] = time.monotonic
    _beats: dict[str, tuple[int, float]] = field(default_factory=dict)  # by process: how many, and seen since when
    _looked: float = 0.0
    _jobs_at: float = 0.0
    _forget_at: float = 0.0

    async def run(self) -> None:
        """Look every second until cancelled."""
        while True:
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001 - the database is away
                _log.warning("processes could not be looked at: %s", in_words(error))
            await asyncio.sleep(_LOOK_S)

    async def look(self) -> None:
        """See who is dead; where this process leads, have what they began taken up by others."""
        async with self.database.read() as transaction:
            running = await processes.running(transaction)
        at = self.monotonic()
        dead = self._dead(running, at)
        if not self.lead.is_mine:
            return
        for one in dead:
            _log.error("process %s (%s on %s) gives no sign of life: its work is taken up", one.pid, one.role, one.host)
            async with self.database.write() as transaction:
                await processes.stop(transaction, one.id, self.clock.now())
        if dead or at >= self._jobs_at:
            self._jobs_at = at + _JOBS_S
            await self._hand_on()
        if at >= self._forget_at:
            self._forget_at = at + _FORGET_S
            await self._forget()

    def _dead(self, running: tuple[Process, ...], at: float) -> list[Process]:
        """Return the processes whose beats stood still for too long while we looked."""
        was_blind = at - self._looked > _BLIND_S
        self._looked = at
        before, self._beats = self._beats, {}
        for one in running:
            beats, since = before.get(one.id, (-1, at))
            self._beats[one.id] = (one.beats, at if was_blind or beats != one.beats else since)
        return [one for one in running if one.id != self.process_id and at - self._beats[one.id][1] >= _DEAD_S]

    async def _hand_on(self) -> None:
        at_work = await self.jobs.at_work()
        async with self.database.read() as transaction:  # afterwards, or one that has just begun would look dead
            living = {one.id for one in await processes.running(transaction)}
        await self.jobs.take_up(at_work - living)

    async def _forget(self) -> None:
        before = self.clock.now() - _KEPT
        await self.jobs.forget(before)
        async with self.database.write() as transaction:
            await processes.forget(transaction, before)
