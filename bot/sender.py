"""
The only thing that says something unasked: it delivers the rows of the outbox while this process leads.

What could go now is chosen by its order (storage/outbox_queue.py) and its time (bot/pacing.py), claimed, and delivered
(bot/delivery.py), one message a lane and many lanes at once. Slack's trouble (bot/line.py) holds up no second route.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import InitVar, dataclass, field
from datetime import timedelta
from typing import Any

from bot.clock import WallClock
from bot.delivery import GRACE, Delivery, Leading
from bot.health import Health
from bot.line import Line
from bot.message_words import what
from bot.pacing import Pacing
from bot.routes.route import Route
from bot.slack import Slack
from bot.undelivered import RELIABILITY, SLACK, Undelivered
from commands.world import World
from storage import outbox, outbox_queue, pauses
from storage.errors import Unavailable, in_words
from storage.model import Message
from storage.outbox_queue import Turn

_log = logging.getLogger(__name__)

_PART = "sender"
_IDLE_S = 1.0
_FAREWELL_S = 5.0
_SHARE, _LONGEST_REST_S = 5.0, 0.25  # looking what could go takes a sixth of the time at most
_PATIENCE_S = 55.0  # for one message, which is held for a minute
_PAUSES_S = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)  # before a message is let go of that the registry did not take


@dataclass(slots=True)
class Sender:
    """Delivers the outbox of *world* as the process *process_id*; *clock* wakes it."""

    world: World
    clock: WallClock
    slack: Slack
    lead: Leading
    health: Health
    process_id: str
    routes: Mapping[str, Route] = field(default_factory=dict)
    ticks: InitVar[Callable[[], float]] = time.monotonic
    pacing: Pacing = field(init=False)
    line: Line = field(init=False)
    delivery: Delivery = field(init=False)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _moved: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self, ticks: Callable[[], float]) -> None:
        self.pacing = Pacing(ticks)
        self.line = Line(self.slack, self.health, ticks)
        undelivered = Undelivered(self.world, self.pacing, self.line, self.health)
        self.delivery = Delivery(self.slack, self.lead, self.routes, undelivered)

    async def run(self) -> None:
        """Deliver whenever this process leads, until cancelled; what is under way then gets a few seconds."""
        try:
            while True:
                if not self.lead.is_mine:
                    self._rest()
                await self.lead.gained()
                try:
                    await self.begin()
                    await self._go_on()
                except Exception as error:  # noqa: BLE001 - the only voice there is must not fall silent
                    _log.exception("the sender failed; it goes on")
                    self.health.bad(_PART, f"Messages cannot be sent ({in_words(error)}); the log says more.")
                    await asyncio.sleep(_IDLE_S)
        finally:
            await self.finish(_FAREWELL_S)

    async def begin(self) -> None:
        """Take over from whoever led before: what it held, and the pauses that Slack asked it for."""
        async with self.world.database.write() as transaction:
            await outbox_queue.let_go(transaction, but=self.process_id)
            left = await pauses.left(transaction, self.world.clock.now())
        self.pacing.begin(left)

    async def finish(self, seconds: float) -> None:
        """Wait for what is under way, at most for *seconds*, and end it then: it is looked for at the next start."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _rest(self) -> None:
        """Say that nothing is wrong with what another process does now: only sending shows whether it is over."""
        for part in (_PART, SLACK, RELIABILITY):
            self.health.good(part)

    async def _go_on(self) -> None:
        """Deliver while this process leads."""
        while self.lead.is_mine:
            seen = self.clock.nudges
            self._moved.clear()
            if self.line.wants_look:
                self._spawn(self._look())
            begun = time.monotonic()
            await self._take_up()
            self.health.good(_PART)
            # With thousands of rows waiting, looking again at every nudge would be all that is done.
            await asyncio.sleep(min(_LONGEST_REST_S, _SHARE * (time.monotonic() - begun)))
            await self._wait(seen)

    async def _wait(self, seen: int) -> None:
        """Wait until something may go: a nudge, a delivery that is over, a pace or a pause that is."""
        longest = min(_IDLE_S, self.pacing.next_s())
        ends = {
            asyncio.create_task(self._moved.wait()),
            asyncio.create_task(self.clock.wait(seen, timedelta(seconds=longest))),
        }
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()

    async def _take_up(self) -> int:
        """Claim what may go now and begin to deliver it; return how many messages that are."""
        now, pacing = self.world.clock.now(), self.pacing
        async with self.world.database.read() as transaction:
            turns = await outbox_queue.waiting(
                transaction,
                now,
                closed=pacing.closed,
                paced=pacing.paced,
                posts=self.line.is_open and pacing.may_post,
                edits=self.line.is_open and pacing.may_edit,
            )
        chosen = {turn.id: turn for turn in pacing.choose(turns)}
        if not chosen:
            return 0
        messages: tuple[Message, ...] = ()
        try:
            async with self.world.database.write() as transaction:
                ids = list(chosen)
                messages = await outbox_queue.claim(transaction, now, by=self.process_id, only=ids, limit=len(ids))
        finally:
            taken = {message.id for message in messages}
            for turn in chosen.values():
                if turn.id not in taken:
                    pacing.let_go(turn)
        for message in messages:
            self._spawn(self._deliver(message, chosen[message.id]))
        return len(messages)

    async def _deliver(self, message: Message, turn: Turn) -> None:
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await self.delivery.deliver(message)
        except Unavailable as error:
            _log.warning("%s waits for the registry: %s", what(message), error)
            await self._let_go(message, error)
        except Exception:  # noqa: BLE001 - one message must not end the others
            # Its hold runs out, and it is looked for then.
            _log.exception("%s could not be delivered", what(message))
        finally:
            self.pacing.done(turn)
            self._moved.set()

    async def _let_go(self, message: Message, error: Unavailable) -> None:
        """Let go of *message* once the registry takes that: Slack may have it, so it is looked for if handed over."""
        for pause in _PAUSES_S:
            await asyncio.sleep(pause)
            with contextlib.suppress(Unavailable):
                async with self.world.database.write() as transaction:
                    due_at = self.world.clock.now() + GRACE
                    await outbox.retry(transaction, message, due_at, str(error), in_doubt=True)
                return

    async def _look(self) -> None:
        await self.line.look()
        self._moved.set()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
