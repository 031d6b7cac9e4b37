"""
The lead: of all bot processes one sends and gives the clock's orders, the one that holds a lease.

No clock decides who holds it. The holder counts up the row's beats; another takes it when it has seen that count stand
still for the length of the lease on its own monotonic clock. So a machine's clock may jump by hours, and neither a dead
lead is waited for nor a living one robbed. The holder itself goes by both clocks: a monotonic clock stands while a
machine sleeps, and the wall clock does not.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from datetime import datetime

from commands.world import Clock
from storage import leases
from storage.database import Database
from storage.errors import in_words
from storage.leases import LENGTH
from storage.model import Lease

_log = logging.getLogger(__name__)

NAME = "lead"
_EXTEND_S = 2.0
_LOOK_S = 1.0  # so that a dead lead is followed within eight seconds


class Lead:
    """Whether this process, *process_id*, is the lead. *monotonic* gives seconds that never go back."""

    def __init__(
        self, database: Database, clock: Clock, process_id: str, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._database = database
        self._clock = clock
        self._process_id = process_id
        self._monotonic = monotonic
        self._fence = 0
        self._until: datetime | None = None  # by the wall clock of this machine
        self._until_s = 0.0  # by its monotonic clock
        self._seen: Lease | None = None
        self._seen_since = 0.0
        self._confirmed = asyncio.Event()

    @property
    def is_mine(self) -> bool:
        """Whether the lease is ours now: it was confirmed, and has run out on neither clock."""
        return self._until is not None and self._clock.now() < self._until and self._monotonic() < self._until_s

    async def gained(self) -> None:
        """Wait until the lease is ours."""
        while not self.is_mine:
            await self._confirmed.wait()

    async def keep(self) -> None:
        """Take the lease when it is free, hold on to it until cancelled, and give it up then."""
        try:
            while True:
                try:
                    await self.look()
                except Exception as error:  # noqa: BLE001 - the database is away: the lease runs out, or is confirmed later
                    _log.warning("the lease of the lead could not be looked at: %s", in_words(error))
                await asyncio.sleep(_EXTEND_S if self.is_mine else _LOOK_S)
        finally:
            with contextlib.suppress(Exception):  # it runs out by itself
                await self.give_up()

    async def look(self) -> None:
        """Extend the lease where it is ours, else take it where it is free."""
        now, at = self._clock.now(), self._monotonic()  # before the question, so that we never believe it for too long
        if self._fence:
            async with self._database.write() as transaction:
                held = await leases.extend(transaction, NAME, self._fence)
            if held:
                self._confirm(now, at)
                return
            _log.warning("another process leads now")
            self._lose()
        fence = await self._take()
        if fence is not None:
            _log.info("this process leads now (%s)", self._process_id)
            self._fence = fence
            self._confirm(now, at)

    async def give_up(self) -> None:
        """Let another process have the lease at once."""
        fence = self._fence
        self._lose()
        if fence:
            async with self._database.write() as transaction:
                await leases.give_up(transaction, NAME, fence)

    async def _take(self) -> int | None:
        """Take the lease and return its fence; None where it is somebody's who may live."""
        async with self._database.read() as transaction:
            found = await leases.get(transaction, NAME)
        seen_at = self._monotonic()  # after the answer: its holder may have extended it while we waited for that
        if found is not None and found.holder is not None:
            if self._seen is None or (found.fence, found.beats) != (self._seen.fence, self._seen.beats):
                self._seen, self._seen_since = found, seen_at
            if seen_at - self._seen_since < LENGTH.total_seconds():
                return None
        async with self._database.write() as transaction:
            return await leases.take(transaction, NAME, self._process_id, found)

    def _confirm(self, now: datetime, at: float) -> None:
        self._until, self._until_s = now + LENGTH, at + LENGTH.total_seconds()
        self._confirmed.set()
        self._confirmed = asyncio.Event()

    def _lose(self) -> None:
        self._fence, self._until, self._seen = 0, None, None
