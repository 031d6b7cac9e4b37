"""
The one way in: keep what came, acknowledge it, run its order, show what the order says.

A row in the inbox stands before the acknowledgement, so what its sender was told we have, we have: after a crash some
process works it off, and answers in a direct message. What comes twice is done once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from functools import partial
from time import monotonic
from typing import Any

from bot import log, metrics, tracing
from bot.answers import Answers
from bot.fair_line import Show, Turn
from bot.health import Health
from bot.incoming import Incoming, row_id
from bot.intake import Intake, NotKept
from bot.orders import Orders
from bot.redact import Redactor
from bot.views import limits
from bot.views.block_kit import Form
from bot.views.said import as_form
from bot.work import Work
from commands.command import InvalidForm, Refused
from commands.world import World
from storage import audit, model

Acknowledge = Callable[..., Awaitable[Any]]

_FORM_S = 2.3  # Slack shows an error over a form that is not answered within three seconds
_BUSY = "I have too much to do just now, so I did not take that. Please try again in a minute."
_NOT_KEPT = "I could not keep that, so I will not do it. Please try again in a minute."
_IN_DOUBT = (
    "My registry was cut off while I kept that. If it is there, I do it in a minute and tell you; else try again."
)


@dataclass(slots=True)
class Dispatch:
    """Takes in what comes from the workspace *team*, called *team_name*, in process *process_id*."""

    world: World
    answers: Answers
    redactor: Redactor
    team: str
    team_name: str
    process_id: str = "alone"
    health: Health = field(default_factory=Health)
    intake: Intake = field(init=False)
    work: Work = field(init=False)

    def __post_init__(self) -> None:
        self.intake = Intake(self.world.database, self.world.clock, self.health)
        orders = Orders(replace(self.world, database=self.world.database.apart("orders")), self.team_name)
        self.work = Work(self.world, self.answers, self.intake, orders, self.process_id)

    async def take(self, incoming: Incoming, ack: Acknowledge, digest: str = "") -> None:
        """
        Keep and acknowledge a command or a button, and work it off afterwards; raises NotKept.

        *digest* is that of the signed request by which it came.
        """
        start, incoming = monotonic(), self._clean(incoming)
        if not await self._is_ours(incoming):
            await ack()
        elif self.work.is_full_for(incoming):
            await self._say_busy(incoming, ack)
        else:
            if await self._keep(incoming, digest):
                self.work.do_soon(Turn(incoming, start, partial(self.answers.give, incoming)))
            await ack()
            metrics.acknowledgement_seconds.labels(incoming.kind).observe(monotonic() - start)

    async def take_form(self, incoming: Incoming, ack: Acknowledge, digest: str = "") -> None:
        """Keep a form and run its order before it is acknowledged, to show faults in place; raises NotKept."""
        start, incoming = monotonic(), self._clean(incoming)
        if not incoming.order or not await self._is_ours(incoming):
            await ack()
        elif self.work.is_full_for(incoming):
            await ack(**self._form_answer(incoming, Refused(_BUSY)))
        elif not await self._keep(incoming, digest):
            await ack()
        else:
            await ack(**await self._news_of_form(incoming, start))

    async def _news_of_form(self, incoming: Incoming, since: float) -> dict[str, Any]:
        """Have the order of a form run in its turn; return how the form goes on, which is empty where it takes long."""
        in_time: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        async def show(news: Any) -> None:
            if in_time.done():
                await self.answers.privately(incoming, news)
            else:
                in_time.set_result(news)

        self.work.do_soon(Turn(incoming, since, show))
        try:
            await asyncio.wait({in_time}, timeout=_FORM_S)
        finally:
            in_time.cancel()
        return {} if in_time.cancelled() else self._form_answer(incoming, in_time.result())

    async def take_silently(self, incoming: Incoming, show: Show | None = None, digest: str = "") -> bool:
        """
        Keep what nobody waits for, such as an opened Home tab or a push, and run its order afterwards.

        *show* takes the order's news. False where it came before, or is another workspace's. Raises NotKept.
        """
        incoming = self._clean(incoming)
        if not await self._is_ours(incoming):
            return False
        if self.work.is_full_for(incoming):
            raise NotKept
        if not await self._keep(incoming, digest):
            return False
        self.work.do_soon(Turn(incoming, monotonic(), show))
        return True

    async def note(self, key: str, kind: str, digest: str = "") -> bool:
        """Keep that something came that needs no work; False where it came before. Raises NotKept."""
        now = self.world.clock.now()
        return self._count(kind, await self.intake.keep(model.Incoming(row_id(key), kind, {}, now, 0, now), digest))

    async def stop(self) -> None:
        """End what is being worked off; it is still in the inbox."""
        await self.work.stop()

    def _clean(self, incoming: Incoming) -> Incoming:
        """Take secrets out of what somebody typed, before any order keeps or repeats it."""
        request = incoming.request
        text, fields = self.redactor.typed(request.text), self.redactor.typed(dict(request.fields))
        if text == request.text and fields == request.fields:
            return incoming
        return replace(incoming, request=replace(request, text=text, fields=fields))

    async def _is_ours(self, incoming: Incoming) -> bool:
        """Refuse other workspaces: one installation serves one."""
        if incoming.team == self.team:
            return True
        now, who, order = self.world.clock.now(), incoming.request.person[:64], incoming.order[:64]
        detail = {"team": incoming.team[:64], "order": order}
        async with self.work.orders.world.database.write() as transaction:
            await audit.write(transaction, now, who=who, what="refused another workspace", subject=order, detail=detail)
        return False

    async def _keep(self, incoming: Incoming, digest: str = "") -> bool:
        """Keep *incoming*; False where it came before. Raises NotKept, and then its person is told so."""
        key = incoming.row_id
        row = model.Incoming(key, incoming.kind, incoming.kept(), self.world.clock.now(), held_by=self.process_id)
        self.work.at(key, incoming.request.person)
        is_new = False
        try:
            if tracing.is_on():
                with log.bound(request_id=incoming.request_id), tracing.span("take in", kind=incoming.kind):
                    is_new = await self.intake.keep(row, digest)
            else:
                is_new = await self.intake.keep(row, digest)
        except NotKept as error:
            self.work.begin(self.answers.at_once(incoming, _IN_DOUBT if error.in_doubt else _NOT_KEPT))
            raise
        finally:
            if not is_new:
                self.work.leave(key)
        return self._count(incoming.kind, is_new)

    def _count(self, kind: str, is_new: bool) -> bool:
        (metrics.inbox_received if is_new else metrics.inbox_repeated).labels(kind).inc()
        return is_new

    async def _say_busy(self, incoming: Incoming, ack: Acknowledge) -> None:
        if incoming.kind == "slash":
            await ack(_BUSY)
        else:
            await ack()
            self.work.begin(self.answers.at_once(incoming, _BUSY))

    def _form_answer(self, incoming: Incoming, news: Any) -> dict[str, Any]:
        """Return how a form goes on: with its faults in place, or with what the order said instead of it."""
        answer: dict[str, Any] = self.redactor.tree(self._answer_to_form(incoming, news))
        return answer

    def _answer_to_form(self, incoming: Incoming, news: Any) -> dict[str, Any]:
        if isinstance(news, InvalidForm):
            faults = {
                name: words[: limits.ERROR_TEXT] for name, words in news.faults.items() if name in incoming.inputs
            }
            if faults:
                return {"response_action": "errors", "errors": faults}
        shown = self.answers.shown(news)
        if shown is None:
            return {}
        # What is refused is said on top of the form, so that what was typed is not lost.
        how = "push" if isinstance(news, Refused) else "update"
        return {"response_action": how, "view": (shown if isinstance(shown, Form) else as_form(shown)).view}
