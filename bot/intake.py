"""
Writes down what came in, before it is acknowledged. What arrives together is committed together.

Each transaction costs a sync of the disk, so a thousand commands at once must not make a thousand of them: while one is
committed the next arrivals gather, and go into the next. What a registry does not take within two and a half seconds is
not kept, and whoever sent it is told so in time; nor does a transaction wait longer for others. Where a connection ends
during the COMMIT nobody knows what was kept: the next transaction sees it, and where that is too late the sender is
told just that.

On PostgreSQL one row may wait for a transaction that stands still, such as that of a process which was stopped while it
kept the same: it waits behind all others, which do not wait for it.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice

from bot.health import Health
from commands.world import Clock
from storage import inbox
from storage.database import Database, Transaction
from storage.errors import Locked, Unavailable, in_words
from storage.model import Incoming

_log = logging.getLogger(__name__)

_WAIT_S = 2.5  # Slack gives up after three
_STATEMENTS = 3  # of a transaction, each of which may find its table locked
_LEAST_S, _LOCK_S = 0.1, 0.2  # for which each may wait: for another transaction that is short it is worth it
_MOST = 500  # rows of a transaction
_MOST_WAITING = 5000  # arrivals, while the registry does not take any
_AGAIN_S = 0.5
_CALM_S = 3.0
_RUSH, _RUSH_S = 20, 0.1  # as many arrivals in as many seconds are a rush
_GATHER_S = 0.02  # for which arrivals of a rush gather before they are written
#: The front door refuses what is older than five minutes; a digest is kept a little longer than it could be of use.
REPLAY = timedelta(minutes=6)
_FAULT = "The registry does not take what comes in: it is locked, its disk is full, or it is away."


class NotKept(Exception):  # noqa: N818 - it is what the sender is told
    """
    The registry did not take what came in: it must not be acknowledged.

    *in_doubt*: it may have taken it all the same, and then it is done.
    """

    def __init__(self, *, in_doubt: bool = False) -> None:
        super().__init__()
        self.in_doubt = in_doubt


@dataclass(slots=True, eq=False)
class _Waiting:
    """
    An arrival, with whoever waits to acknowledge it until the loop's time *until*.

    Once *is_taken* into a transaction, that decides. *in_doubt*: a transaction that was to keep it was cut off. What
    *goes_alone* was in a transaction that one of its rows may have spoiled.
    """

    row: Incoming
    digest: str
    kept: asyncio.Future[bool]
    until: float
    is_taken: bool = False
    in_doubt: bool = False
    goes_alone: bool = False


@dataclass(slots=True)
class Intake:
    """Keeps what came in. A registry that does not take it is a fault of the part "registry"."""

    database: Database
    clock: Clock
    health: Health
    _arrivals: deque[_Waiting] = field(default_factory=deque)
    _finished: set[str] = field(default_factory=set)
    _written: asyncio.Event = field(default_factory=asyncio.Event)
    _counted: int = 0
    _counted_since: float = 0.0
    _rushed_at: float = -_RUSH_S
    _writing: asyncio.Task[None] | None = None

    async def keep(self, row: Incoming, digest: str = "") -> bool:
        """
        Keep *row*; False where it came before and nothing is to be done. Raises NotKept.

        *digest* is that of the signed request by which it came.
        """
        if len(self._arrivals) >= _MOST_WAITING:
            raise NotKept
        loop = asyncio.get_running_loop()
        self._note_rush(loop.time())
        waiting = _Waiting(row, digest, loop.create_future(), loop.time() + _WAIT_S)
        timer = loop.call_later(_WAIT_S, self._give_up, waiting)
        self._arrivals.append(waiting)
        self._write_soon()
        try:
            return await waiting.kept
        finally:
            timer.cancel()

    async def done(self, incoming_id: str) -> None:
        """Mark a row as worked off. Where the registry does not take that now it is tried until it does."""
        self._finished.add(incoming_id)
        self._write_soon()
        while incoming_id in self._finished:
            await self._written.wait()

    async def calm(self) -> None:
        """Wait until nothing waits to be kept and no rush is on, for three seconds: acknowledging comes before work."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + _CALM_S
        while self._is_busy(loop.time()) and loop.time() < ends:  # noqa: ASYNC110 - that nothing comes is no event
            await asyncio.sleep(_RUSH_S)

    async def close(self) -> None:
        """Write what is still to be written, where the registry takes it; what it does not take is done again later."""
        if self._writing is not None:
            await asyncio.wait({self._writing}, timeout=_WAIT_S)
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)

    def _is_busy(self, now: float) -> bool:
        return bool(self._arrivals) or now - self._rushed_at < _RUSH_S

    def _note_rush(self, now: float) -> None:
        if now - self._counted_since > _RUSH_S:
            self._counted, self._counted_since = 0, now
        self._counted += 1
        if self._counted >= _RUSH:
            self._rushed_at = now

    def _write_soon(self) -> None:
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())

    def _give_up(self, waiting: _Waiting) -> None:
        if not waiting.is_taken and not waiting.kept.done():
            self.health.bad("registry", _FAULT)
            waiting.kept.set_exception(NotKept(in_doubt=waiting.in_doubt))

    async def _write(self) -> None:
        """Write until nothing is left to be written."""
        while self._arrivals or self._finished:
            batch: list[_Waiting] = []
            finished: list[str] = []
            if asyncio.get_running_loop().time() - self._rushed_at < _RUSH_S:
                await asyncio.sleep(_GATHER_S)
            try:
                new = await self._commit(batch, finished)
            except Exception as error:  # noqa: BLE001 - whatever it is, the senders are told
                _log.error("what came in could not be kept: %s", in_words(error))
                pause = self._put_back(batch, error)
                self._wake()
                await asyncio.sleep(pause)
                continue
            self.health.good("registry")
            self._finished.difference_update(finished)
            for one in batch:
                if not one.kept.done():
                    # Of two in one transaction that are the same, the first is the new one.
                    one.kept.set_result(one.row.id in new)
                    new.discard(one.row.id)
            self._wake()
            if not batch and not finished:  # others hold on to all that is worked off
                await asyncio.sleep(_AGAIN_S)

    def _put_back(self, batch: list[_Waiting], error: Exception) -> float:
        """
        Have the arrivals be taken again as long as their senders wait; what waits no longer was not kept.

        Return the seconds after which the next transaction is worth a try.
        """
        is_locked = isinstance(error, Locked) and bool(batch)
        is_spoiled = len(batch) > 1 and not isinstance(error, Unavailable)
        now = asyncio.get_running_loop().time()
        again = []
        for one in batch:
            one.is_taken, one.goes_alone = False, is_locked or is_spoiled
            if (is_spoiled or isinstance(error, Unavailable)) and one.until > now:
                again.append(one)
            else:
                self._give_up(one)
        if is_locked:
            self._arrivals.extend(again)
        else:
            self._arrivals.extendleft(reversed(again))
        return 0 if is_locked or is_spoiled else _AGAIN_S

    async def _commit(self, batch: list[_Waiting], finished: list[str]) -> set[str]:
        """Keep a batch of arrivals, and mark what is worked off; return the ids that are new."""
        async with self.database.write() as transaction:
            self._take(batch)  # only now: waiting for the registry may have taken longer than some of them wait
            finished += islice(self._finished, _MOST)
            await inbox.wait_at_most(transaction, _patience_s(batch))
            now = self.clock.now()
            digests = {one.row.id: one.digest for one in batch if one.digest}
            new = set(await inbox.keep(transaction, [one.row for one in batch], digests, now))
            new |= {one.row.id for one in batch if one.in_doubt and await _is_ours(transaction, one.row)}
            if finished:
                held = await inbox.done(transaction, finished, now)
                finished[:] = [one for one in finished if one not in held]
            may_hide = transaction.connection.dialect.name != "sqlite"  # a file that fails a COMMIT says so
            for one in batch:
                one.in_doubt = one.row.id in new and may_hide
        return new

    def _take(self, batch: list[_Waiting]) -> None:
        """Take arrivals from the front into *batch*, as many as go together."""
        while self._arrivals and len(batch) < _MOST:
            if batch and (batch[0].goes_alone or self._arrivals[0].goes_alone):
                return
            one = self._arrivals.popleft()
            if not one.kept.done():
                one.is_taken = True
                batch.append(one)

    def _wake(self) -> None:
        self._written.set()
        self._written = asyncio.Event()


def _patience_s(batch: list[_Waiting]) -> float:
    """Return for how long each statement may wait for another transaction: shortly, and so that *batch* is in time."""
    now = asyncio.get_running_loop().time()
    left = min((one.until - now for one in batch), default=_WAIT_S)
    return max(_LEAST_S, min(_LOCK_S, left / _STATEMENTS))


async def _is_ours(transaction: Transaction, row: Incoming) -> bool:
    """Whether *row* stands in the inbox as its process was to keep it."""
    return row.held_by is not None and await inbox.is_held(transaction, row.id, row.held_by)
