"""How a process hears: Slack by Socket Mode or over HTTP, and others through the listener."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from aiohttp import web
from slack_bolt.app.async_app import AsyncApp

from bot.dispatch import Dispatch
from bot.ears import Ears
from bot.front_door import FrontDoor
from bot.listener import Taken, listening, routes
from bot.metrics_scrape import Scrape
from bot.pushes import Pushes
from bot.settings import Settings
from bot.settings_load import WrongSettings
from bot.status import Status

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Hearing:
    """
    *ears* are there in Socket Mode, *address* where there is a listener, with its *table* of routes.

    *is_asked_for* where somebody set the listener, or needs it.
    """

    ears: Ears | None
    address: tuple[str, int] | None
    table: list[web.RouteDef]
    is_asked_for: bool

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        """Listen until the context is left; yields the port, 0 where there is no listener. Raises WrongSettings."""
        if self.address is None:
            yield 0
            return
        host, port = self.address
        async with AsyncExitStack() as stack:
            try:
                taken = await stack.enter_async_context(listening(host, port, self.table))
            except Taken as why:
                words = f"GROUNDCREW_LISTEN: {host}:{port} cannot be listened at ({why}). Set another address, or off."
                if self.is_asked_for:
                    raise WrongSettings([words]) from None
                _log.warning(words)
                taken = 0
            yield taken


def make_hearing(settings: Settings, dispatch: Dispatch, app: AsyncApp, app_token: str, *, speaks: bool) -> Hearing:
    """Make what a process hears by; one that does not speak, a worker, only says how it is."""
    world, health, secrets = dispatch.world, dispatch.health, settings.signing_secrets
    ears = Ears(app, app_token, health) if speaks and not secrets else None
    door = FrontDoor(secrets, world.clock, app) if speaks and secrets else None
    github = settings.github_webhook_secret
    pushes = Pushes(github.get_secret_value(), dispatch) if speaks and github else None

    def hears() -> bool:
        return ears is None or ears.hears

    status = Status(health, world.database, Scrape(world, health), hears)
    needed = bool(settings.listen or door or pushes)
    return Hearing(ears, settings.listens_at, routes(status, door, pushes), needed)
