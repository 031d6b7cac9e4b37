"""
Works off what the inbox keeps: a bounded number of orders at once, each answered to whoever waits for it.

Whose turn it is bot/fair_line.py says. Nobody may fill the room for what waits: of what is left of it each may take
half, so that there is always some for whoever comes next, and pages have as much again.

What a process left that has ended is taken over by any other, and answered in a direct message.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field, replace
from datetime import timedelta
from time import monotonic
from typing import Any

from bot import log
from bot.answers import Answers
from bot.fair_line import PAGES, FairLine
from bot.incoming import Incoming, from_kept
from bot.intake import REPLAY, Intake
from bot.orders import Orders
from commands.news import Said
from commands.world import World
from storage import inbox, model
from storage.errors import in_words

_log = logging.getLogger(__name__)

#: Orders that run together, commands, buttons, forms and what was left of before; the others wait for their turn.
AT_ONCE = 32
_MOST = 3000  # things that wait to be worked off; more are refused in words
_MOST_WITH_PAGES = 6000  # pages among them
_ATTEMPTS = 10  # the last seven of them as a suspect, among ever fewer: after that it is not run again
_TOO_OLD = timedelta(hours=1)  # what somebody wanted before that, they no longer wait for
_LOOK_S, _SOON_S = 2.0, 0.1  # between two looks for what was left; the shorter where there was some
_LATE = 4  # of what was left, begun however much has come in
_FORGET_S = 60.0
_WAITED_S = 5.0  # after which another process may have taken us for dead
_SETTLED_S = 3.0  # a process works that long before it runs what may end it

Show = Callable[[Any], Awaitable[None]]


class TakenOver(Exception):  # noqa: N818 - it is what happened
    """Another process has taken over what this one had in its inbox, because it took it for dead."""


@dataclass(slots=True)
class Work:
    """What process *process_id* is at."""

    world: World
    answers: Answers
    intake: Intake
    orders: Orders
    process_id: str
    _at: Counter[str] = field(default_factory=Counter)
    _line: FairLine = field(default_factory=FairLine)
    _whose: dict[str, str] = field(default_factory=dict)  # of what this process took in: the person
    _of: Counter[str] = field(default_factory=Counter)  # how much that is, by person
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _began: float = field(default_factory=monotonic)
    _suspects: frozenset[str] = frozenset()  # the rows taken last that may end this process
    _trust: int = 1  # how many of those it takes together

    def is_full_for(self, incoming: Incoming) -> bool:
        """Whether so much waits, or so much of this person, that *incoming* should not be taken in."""
        room = (_MOST_WITH_PAGES if incoming.order in PAGES else _MOST) - len(self._at)
        return self._of[incoming.request.person] >= room

    def at(self, row_id: str, person: str = "") -> None:
        """Count a row, of *person*, among those that this process is at, before it stands where `recover` finds it."""
        self._at[row_id] += 1
        if person and row_id not in self._whose:
            self._whose[row_id] = person
            self._of[person] += 1

    def leave(self, row_id: str) -> None:
        """Take back one `at`."""
        self._at[row_id] -= 1
        if self._at[row_id] > 0:
            return
        del self._at[row_id]
        person = self._whose.pop(row_id, "")
        self._of[person] -= 1
        if self._of[person] <= 0:
            del self._of[person]

    def begin(self, work: Coroutine[Any, Any, None], row_id: str = "") -> None:
        """Do *work* beside, which may end by TakenOver; once it ends, the row *row_id* is left."""
        task = asyncio.create_task(work)
        self._tasks.add(task)

        def finished(task: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            if row_id:
                self.leave(row_id)
            error = None if task.cancelled() else task.exception()
            if isinstance(error, TakenOver):
                _log.info("what came in is worked off by another process")
            elif error is not None:
                _log.error("something that came in could not be worked off", exc_info=error)
            self._go_on()

        task.add_done_callback(finished)

    def do_soon(self, incoming: Incoming, since: float) -> None:
        """Have the order of a command or a button that came in at *since* run in its turn, and answered."""
        self._line.add(incoming, since)
        self._go_on()

    def _go_on(self) -> None:
        """Begin what waits, while there is room: a task each from the start would cost those that are let in."""
        while len(self._tasks) < AT_ONCE and (one := self._line.take()) is not None:
            incoming, since = one
            self.begin(self.do(incoming, since), incoming.row_id)

    async def do(self, incoming: Incoming, since: float) -> None:
        """Run the order of a command or a button that came in at *since*, and answer it."""
        try:
            news = await self.run_order(incoming, since)
            await self.answered(incoming, lambda: self.answers.give(incoming, news))
        finally:
            self._line.left(incoming)

    async def do_silently(self, incoming: Incoming, show: Show | None) -> None:
        """Run the order of what nobody waits for; *show* takes its news."""
        news = await self.run_order(incoming, monotonic())
        if show is not None:
            await show(news)
        await self.intake.done(incoming.row_id)

    async def run_order(self, incoming: Incoming, since: float) -> Any:
        """Run the order when its turn comes, and return its news or a Refused; raises TakenOver."""
        with log.bound(request_id=incoming.request_id):
            async with self._turn:
                await self.intake.calm()
                if monotonic() - since > _WAITED_S:
                    async with self.world.database.read() as transaction:
                        if not await inbox.is_held(transaction, incoming.row_id, self.process_id):
                            raise TakenOver
                return await self.orders.run(incoming)

    async def answered(self, incoming: Incoming, say: Callable[[], Awaitable[None]]) -> None:
        """Have *say* give the answer, and count it among what is worked off."""
        await self.answers.surely(incoming, say)
        await self.intake.done(incoming.row_id)

    async def keep_on(self) -> None:
        """Take over, until cancelled, what dead processes have left, and forget old signed requests."""
        forgotten = -_FORGET_S
        while True:
            try:
                pause = _SOON_S if await self.recover() else _LOOK_S
                if monotonic() - forgotten > _FORGET_S:
                    async with self.world.database.write() as transaction:
                        await inbox.forget_digests(transaction, self.world.clock.now() - REPLAY)
                    forgotten = monotonic()
            except Exception as error:  # noqa: BLE001 - the registry is away; what is left there waits
                _log.warning("what was left could not be looked at: %s", in_words(error))
                pause = _LOOK_S
            await asyncio.sleep(pause)

    async def recover(self) -> int:
        """
        Begin to work off what came in and nobody is at, because the process that took it in has ended.

        As much as there is room for, beside what has come in since. Of what several processes ended over first one,
        and twice as many whenever those are done: so the one that is to blame is soon alone. Return how much was begun.
        """
        async with self.world.database.read() as transaction:
            if not await inbox.any_left(transaction, self.process_id, tuple(self._at)):
                return 0
        room = max(_LATE, AT_ONCE - len(self._tasks))
        async with self.world.database.write() as transaction:
            rows = await inbox.take_over(transaction, self.process_id, tuple(self._at), room)
            if monotonic() - self._began > _SETTLED_S and not self._suspects & self._at.keys():
                most = min(self._trust, room)
                suspects = await inbox.take_over(transaction, self.process_id, tuple(self._at), most, suspects=True)
                self._suspects = frozenset(row.id for row in suspects)
                self._trust = min(2 * self._trust, AT_ONCE) if suspects else self._trust
                rows += suspects
        for row in rows:
            if row.id not in self._at:  # else it was taken in while we asked
                self.at(row.id)
                self.begin(self._do_late(row), row.id)
        return len(rows)

    async def stop(self) -> None:
        """End what is being worked off; it is still in the inbox."""
        self._line.clear()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.intake.close()

    async def _do_late(self, row: model.Incoming) -> None:
        """Work off what another process left, or this one after a fault."""
        try:
            incoming = from_kept(row.id, row.body)
        except Exception:  # noqa: BLE001 - as another version kept it
            _log.error("what came in as %s cannot be read, and is left", row.kind)
            await self.intake.done(row.id)
            return
        is_too_late = row.attempts > _ATTEMPTS or self.world.clock.now() - row.received_at > _TOO_OLD
        if not incoming.is_of_person:
            is_stale = is_too_late or incoming.kind == "home"  # which is drawn anew whenever it is opened
            await (self.intake.done(row.id) if is_stale else self.do_silently(incoming, None))
            return
        said = f"Your “{incoming.typed}” of {row.received_at:%H:%M} UTC came in while I was restarted. "
        if is_too_late:
            refusal = Said(f"{said}I did not do it. Please try again.")
            await self.answered(incoming, lambda: self.answers.privately(incoming, refusal))
            return
        incoming = replace(incoming, request=replace(incoming.request, typed_at=row.received_at))
        news = await self.run_order(incoming, monotonic())
        await self.answered(incoming, lambda: self.answers.late(incoming, news, said))
