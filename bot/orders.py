"""Runs what came in: for members of the workspace alone, and so that whatever happens there is something to say."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from bot import metrics, tracing
from bot.incoming import Incoming
from bot.trouble import SlackTrouble
from commands.command import Command, Denied, Refused, all_commands, write_down
from commands.steady_directory import steady
from commands.world import World
from storage.errors import Unavailable

_log = logging.getLogger(__name__)

#: Before an order is run again that the registry did not take.
_PAUSES_S = (0.5, 1.0, *([2.0] * 90))


@dataclass(frozen=True, slots=True)
class Orders:
    """Runs orders in *world*; *team_name* is what people call the workspace."""

    world: World
    team_name: str

    async def run(self, incoming: Incoming, waits: Callable[[], None] = lambda: None) -> Any:
        """
        Run the order and return its news, or the Refused whose words are the answer; a fault of ours becomes one.

        It was kept and acknowledged, so where the registry does not take what it writes it is run again for minutes;
        *waits* is called before each.
        """
        for pause in _PAUSES_S:
            try:
                return await self._run(incoming)
            except Unavailable as error:
                _log.warning("%s waits for the registry: %s", metrics.order_label(incoming.order), error)
                waits()
                await asyncio.sleep(pause)
        return Refused("I could not write that down: my registry is full or away. It is not done. Please try again.")

    async def _run(self, incoming: Incoming) -> Any:
        label, outcome = metrics.order_label(incoming.order), "failed"
        try:
            with tracing.span("order", order=label), metrics.timed(metrics.order_seconds.labels(label)):
                await self._admit(incoming)
                news = await _command(incoming.order).give(replace(incoming.request, once=incoming.key), self.world)
            outcome = "done"
        except Refused as refused:
            outcome = "refused"
            return refused
        except Unavailable:
            raise
        except SlackTrouble:
            _log.exception("Slack did not answer while %s ran", incoming.order)
            return Refused("Slack did not answer me just now. Please try again.")
        except Exception:  # noqa: BLE001 - logged once, and the person is told its id
            code = secrets.token_hex(4)
            _log.exception("error %s in %s", code, incoming.order)
            return Refused(f"That did not work, and it is my fault. Whoever runs me finds it in the log under {code}.")
        else:
            return news
        finally:
            metrics.orders.labels(label, outcome).inc()
            _log.info("%s: %s", label, outcome)

    async def _admit(self, incoming: Incoming) -> None:
        """Refuse guests, bots and people of other workspaces; raises Refused."""
        if incoming.kind == "push":  # a code host's, whose signature was looked at
            return
        world, directory = steady(self.world)
        person = await world.directory.acting(incoming.request.person)
        if directory.is_away:
            return  # each order asks again for what it needs, and paging goes on without an answer
        if person is None or person.is_bot or person.is_guest or person.is_gone or person.is_outsider:
            only = f"Only members of {self.team_name} may use Groundcrew; guests may not."
            denied = Denied(f"{only} It says where an app may run, and pages who answers for it.", "use Groundcrew")
            if incoming.kind != "home":  # which opens by itself
                await write_down(denied, incoming.order, incoming.request, self.world)
            raise denied


def _command(order: str) -> Command:
    command = all_commands().get(order)
    if command is None:
        raise Refused("I do not know that button any more. Ask again, and use the new one.")
    return command
