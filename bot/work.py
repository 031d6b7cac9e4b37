"""
Works off what the inbox keeps: a bounded number of orders at once, each answered to whoever waits for it.

Whose turn it is bot/fair_line.py says, of everything. Nobody may fill the room for what waits: of what is left of it
each may take half, so that there is always some for whoever comes next, and pages have as much again.

What a process left that has ended is taken over by any other, and answered in a direct message.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import Any

from bot import log
from bot.answers import Answers
from bot.fair_line import AT_ONCE, PAGES, FairLine, Turn
from bot.incoming import Incoming, from_kept
from bot.intake import REPLAY, Intake
from bot.orders import Orders
from commands.news import Said
from commands.world import World
from storage import inbox, model
from storage.errors import in_words

_log = logging.getLogger(__name__)

_MOST = 3000  # things that wait to be worked off; more are refused in words
_MOST_WITH_PAGES = 6000  # pages among them
_ATTEMPTS = 10  # the last seven of them as a suspect, among ever fewer: after that it is not run again
_TOO_OLD = timedelta(hours=1)  # what somebody wanted before that, they no longer wait for
_LOOK_S, _SOON_S = 2.0, 0.1  # between two looks for what was left; the shorter where there was some
_LATE, _LATE_WITH_PAGES = 24, 32  # of what was left, at work or in the line
_MOST_AT_ONCE = 4 * AT_ONCE  # with those that wait for the registry
_FORGET_S = 60.0
_WAITED_S = 5.0  # after which another process may have taken us for dead
_SETTLED_S = 3.0  # a process works that long before it runs what may end it


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
    _began: float = field(default_factory=monotonic)
    _late: frozenset[str] = frozenset()  # the rows that were left and are taken over
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

    def do_soon(self, turn: Turn) -> None:
        """Have an order run in its turn, and its news shown."""
        self._line.add(turn)
        self._go_on()

    def _go_on(self) -> None:
        """Begin what waits, while there is room: a task each from the start would cost those that are let in."""
        while (turn := self._line.take()) is not None:
            self.begin(self._do(turn), turn.incoming.row_id)

    async def _do(self, turn: Turn) -> None:
        incoming = turn.incoming
        try:
            news = await self._run(turn)
            if incoming.order in PAGES:  # which wait for no answer to another
                self._line.left(turn)
                self._go_on()
            if turn.show is not None and incoming.is_of_person:
                await self.answers.surely(incoming, partial(turn.show, news))
            elif turn.show is not None:
                await turn.show(news)
            await self.intake.done(incoming.row_id)
        finally:
            self._line.left(turn)

    async def _run(self, turn: Turn) -> Any:
        """Run the order and return its news or a Refused; raises TakenOver."""
        incoming = turn.incoming
        with log.bound(request_id=incoming.request_id):
            await self.intake.calm()
            if monotonic() - turn.since > _WAITED_S:
                async with self.orders.world.database.read() as transaction:
                    if not await inbox.is_held(transaction, incoming.row_id, self.process_id):
                        raise TakenOver
            return await self.orders.run(incoming, partial(self._let_others, turn))

    def _let_others(self, turn: Turn) -> None:
        """Let another order have the place of one that waits for the registry: it may be for one app's lock alone."""
        if len(self._tasks) < _MOST_AT_ONCE:
            self._line.left(turn)
            self._go_on()

    async def keep_on(self) -> None:
        """Take over, until cancelled, what dead processes have left, and forget old signed requests."""
        forgotten = -_FORGET_S
        while True:
            try:
                begun = await self.recover()
                pause = _SOON_S if begun or len(self._late) >= _LATE else _LOOK_S
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

        A few at a time, pages first. Of what several processes ended over first one, and twice as many whenever those
        are done: so the one that is to blame is soon alone. Return how much was taken over.
        """
        self._late &= self._at.keys()
        room = _LATE_WITH_PAGES - len(self._late)
        if room <= 0:
            return 0
        async with self.world.database.read() as transaction:
            if not await inbox.any_left(transaction, self.process_id, tuple(self._at)):
                return 0
        async with self.world.database.write() as transaction:
            take_over = partial(inbox.take_over, transaction, self.process_id, first=PAGES)
            at = tuple(self._at)
            rows = await take_over(at, room, most_others=_LATE - len(self._late))
            if monotonic() - self._began > _SETTLED_S and not self._suspects & self._at.keys():
                at += tuple(row.id for row in rows)
                suspects = await take_over(at, min(self._trust, room - len(rows)), suspects=True)
                self._suspects = frozenset(row.id for row in suspects)
                self._trust = min(2 * self._trust, AT_ONCE) if suspects else self._trust
                rows += suspects
        rows = tuple(row for row in rows if row.id not in self._at)  # else it was taken in while we asked
        self._late |= {row.id for row in rows}
        for row in rows:
            self._do_late(row)
        return len(rows)

    async def stop(self) -> None:
        """End what is being worked off; it is still in the inbox."""
        self._line.clear()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.intake.close()

    def _do_late(self, row: model.Incoming) -> None:
        """Work off what another process left, or this one after a fault."""
        self.at(row.id)
        try:
            incoming = from_kept(row.id, row.body)
        except Exception:  # noqa: BLE001 - as another version kept it
            _log.error("what came in as %s cannot be read, and is left", row.kind)
            self.begin(self.intake.done(row.id), row.id)
            return
        is_too_late = row.attempts > _ATTEMPTS or self.world.clock.now() - row.received_at > _TOO_OLD
        said = f"Your “{incoming.typed}” of {row.received_at:%H:%M} UTC came in while I was restarted. "
        if not incoming.is_of_person:
            if is_too_late or incoming.kind == "home":  # which is drawn anew whenever it is opened
                self.begin(self.intake.done(row.id), row.id)
            else:
                self.do_soon(Turn(incoming, monotonic(), is_left=True))
        elif is_too_late:
            self.begin(self._refuse(incoming, Said(f"{said}I did not do it. Please try again.")), row.id)
        else:
            incoming = replace(incoming, request=replace(incoming.request, typed_at=row.received_at))
            show = partial(self.answers.late, incoming, said=said)
            self.do_soon(Turn(incoming, monotonic(), show, is_left=True))

    async def _refuse(self, incoming: Incoming, refusal: Said) -> None:
        await self.answers.surely(incoming, partial(self.answers.privately, incoming, refusal))
        await self.intake.done(incoming.row_id)
