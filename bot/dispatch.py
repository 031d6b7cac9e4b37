"""
The one way in: keep what came, acknowledge it, run its order, show what the order says.

A row in the inbox stands before the acknowledgement, so what Slack was told we have, we have: after a crash it is
worked off and answered in a direct message. What comes twice is done once.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.answers import Answers
from bot.incoming import Incoming, from_kept
from bot.redact import Redactor
from bot.trouble import SlackTrouble
from bot.views import limits
from bot.views.block_kit import Form
from bot.views.said import as_form
from commands.command import Command, InvalidForm, Refused, all_commands
from commands.news import Said
from commands.world import World
from storage import audit, inbox

_log = logging.getLogger(__name__)

Acknowledge = Callable[..., Awaitable[Any]]

#: Orders that run together, commands, buttons, forms and what was left of before; the others wait for their turn.
_AT_ONCE = 32
_FORM_S = 2.3  # Slack shows an error over a form that is not answered within three seconds
_ATTEMPTS = 3  # an order that brought the bot down three times is not run again
_TOO_OLD = timedelta(hours=1)  # what somebody wanted before that, they no longer wait for


@dataclass(slots=True)
class Dispatch:
    """Takes in what comes from the workspace *team*, called *team_name*."""

    world: World
    answers: Answers
    redactor: Redactor
    team: str
    team_name: str
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))

    async def take(self, incoming: Incoming, ack: Acknowledge) -> None:
        """Keep and acknowledge a command or a button, and work it off afterwards."""
        if await self._is_ours(incoming) and await self._keep(incoming):
            self._spawn(self._work(incoming))
        await ack()

    async def take_form(self, incoming: Incoming, ack: Acknowledge) -> None:
        """Keep a form and run its order before it is acknowledged, so that faults are shown in place."""
        if not incoming.order or not await self._is_ours(incoming) or not await self._keep(incoming):
            await ack()
            return
        order = asyncio.create_task(self._run(incoming))
        done, _ = await asyncio.wait({order}, timeout=_FORM_S)
        if not done:
            self._spawn(self._answer_late(incoming, order))
            await ack()
            return
        await ack(**self._form_answer(incoming, order.result()))
        await self._done(incoming)

    async def recover(self) -> None:
        """Work off what came in before the last stop and was not answered."""
        now = self.world.clock.now()
        async with self.world.database.read() as transaction:
            rows = await inbox.undone(transaction, now)
        for row in rows:
            incoming = from_kept(row.id, row.body)
            async with self.world.database.write() as transaction:
                attempts = await inbox.started(transaction, row.id)
            said = f"Your “{incoming.typed}” of {row.received_at:%H:%M} UTC came in while I was restarted. "
            if attempts > _ATTEMPTS or now - row.received_at > _TOO_OLD:
                await self.answers.privately(incoming, Said(f"{said}I did not do it. Please try again."))
            else:
                news = await self._run(incoming)
                await self.answers.late(incoming, news, said)
            await self._done(incoming)

    async def run_for(self, incoming: Incoming) -> Any:
        """Run an order that only reads, such as for the Home tab, without keeping it; None for another team."""
        return await self._run(incoming) if await self._is_ours(incoming) else None

    async def stop(self) -> None:
        """End what is being worked off; it is still in the inbox."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _is_ours(self, incoming: Incoming) -> bool:
        """Refuse other workspaces: one installation serves one."""
        if incoming.team == self.team:
            return True
        now, who = self.world.clock.now(), incoming.request.person
        async with self.world.database.write() as transaction:
            detail = {"team": incoming.team, "order": incoming.order}
            await audit.write(
                transaction, now, who=who, what="refused another workspace", subject=incoming.order, detail=detail
            )
        return False

    async def _keep(self, incoming: Incoming) -> bool:
        body = self.redactor.tree(incoming.kept())
        async with self.world.database.write() as transaction:
            return await inbox.keep(transaction, incoming.key, incoming.kind, body, self.world.clock.now())

    async def _done(self, incoming: Incoming) -> None:
        async with self.world.database.write() as transaction:
            await inbox.done(transaction, incoming.key, self.world.clock.now())

    async def _work(self, incoming: Incoming) -> None:
        await self.answers.give(incoming, await self._run(incoming))
        await self._done(incoming)

    async def _answer_late(self, incoming: Incoming, order: asyncio.Task[Any]) -> None:
        await self.answers.privately(incoming, await order)
        await self._done(incoming)

    async def _run(self, incoming: Incoming) -> Any:
        """Run the order and return its news, or the Refused whose words are the answer; a fault of ours becomes one."""
        try:
            async with self._turn:
                await self._admit(incoming)
                return await _command(incoming.order).give(incoming.request, self.world)
        except Refused as refused:
            return refused
        except SlackTrouble:
            _log.exception("Slack did not answer while %s ran", incoming.order)
            return Refused("Slack did not answer me just now. Please try again.")
        except Exception:  # noqa: BLE001 - logged once, and the person is told its id
            code = secrets.token_hex(4)
            _log.exception("error %s in %s", code, incoming.order)
            return Refused(f"That did not work, and it is my fault. Whoever runs me finds it in the log under {code}.")

    async def _admit(self, incoming: Incoming) -> None:
        """Refuse guests, bots and people of other workspaces; raises Refused."""
        person = await self.world.directory.person(incoming.request.person)
        if person is None or person.is_bot or person.is_guest or person.is_gone or person.is_outsider:
            raise Refused(f"Only members of {self.team_name} may use Groundcrew; guests may not.")

    def _form_answer(self, incoming: Incoming, news: Any) -> dict[str, Any]:
        """Return how a form goes on: with its faults in place, or with what the order said instead of it."""
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

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            _log.error("an answer could not be given", exc_info=task.exception())


def _command(order: str) -> Command:
    command = all_commands().get(order)
    if command is None:
        raise Refused("I do not know that button any more. Ask again, and use the new one.")
    return command
