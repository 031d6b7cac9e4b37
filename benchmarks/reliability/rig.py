"""What most figures stand on: a stand-in Slack, a registry of apps, people, and bots that are ended at the end."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.reliability.bots import BotProcess, environment
from benchmarks.reliability.crowd import Crowd
from benchmarks.reliability.registry import SeededApp, file_url, new_home, opened, promised, seed, waiting
from benchmarks.reliability.slack import Arrival, StandIn, stand_in
from benchmarks.reliability.tally import Tally, tally
from benchmarks.reliability.weather import Weather

_PATIENCE_S = 90.0


class NotStarted(Exception):  # noqa: N818 - it is what a figure says
    """A bot ended instead of starting; the text is what it printed last."""


@dataclass(slots=True)
class Rig:
    """
    Everything around the bots of one figure; *home* is the first one's, *url* the registry.

    *accepted* are the pages that were acknowledged to whoever typed them, by their mark.
    """

    folder: Path
    home: Path
    url: str
    slack: StandIn
    crowd: Crowd
    apps: Sequence[SeededApp]
    accepted: dict[str, SeededApp] = field(default_factory=dict)
    bots: list[BotProcess] = field(default_factory=list)
    _typed: int = 0

    def settings(self, **more: str) -> dict[str, str]:
        """Return the environment of a bot here, whose temporary files have a folder of their own."""
        temporary = self.folder / "tmp"
        temporary.mkdir(exist_ok=True)
        return environment(self.home, self.slack.address, TMPDIR=str(temporary), **more)

    async def start(self, given: dict[str, str], command: Sequence[str] = ()) -> BotProcess:
        """Start a bot and wait until it runs; raises NotStarted with its last words."""
        bot = await (BotProcess.start(given, command) if command else BotProcess.start(given))
        self.bots.append(bot)
        if not await bot.until_ready():
            await bot.kill()
            raise NotStarted("\n".join(list(bot.log)[-12:]))
        return bot

    async def page(self, *, person: str = "") -> str:
        """Have somebody page the next app's owner; return the page's mark, or an empty text where it was not taken."""
        number, self._typed = self._typed, self._typed + 1
        app, mark = self.apps[number % len(self.apps)], f"trouble-{number:06}"
        taken = await self.crowd.type(person or f"UP{number:06}", "/page-owner", f"{app.name} {mark}")
        if taken:
            self.accepted[mark] = app
        return mark if taken else ""

    def arrived(self, mark: str, step: int = 0) -> Arrival | None:
        """Return the message that told the *step* of the page *mark*, where it stands."""
        place = self.accepted[mark].chain[step]
        return next((one for one in self.slack.messages if one.channel == place and mark in one.text), None)

    async def all_arrived(self, step: int = 0, within_s: float = _PATIENCE_S) -> bool:
        """Wait until every accepted page has told its *step*; False where that took longer than *within_s*."""
        return await until(lambda: all(self.arrived(mark, step) for mark in self.accepted), within_s)

    async def drained(self, within_s: float = _PATIENCE_S) -> bool:
        """Wait until nothing waits in the inbox and the outbox any more; False where that took longer."""
        async with opened(self.url) as database:

            async def empty() -> bool:
                left = await waiting(database)
                return not (left["outbox"] or left["inbox"] or left["pages"])

            return await until_so(empty, within_s)

    async def tally(self) -> Tally:
        """Compare what arrived with what was promised."""
        return tally(self.accepted, await promised(self.url), self.slack.messages)


@asynccontextmanager
async def rig(
    seed_number: int, apps: int, *, url: str = "", repository: str = "https://github.com/acme/{name}"
) -> AsyncIterator[Rig]:
    """Give a rig with *apps* apps, its registry in the home of its bot or at *url*; bots are ended at the end."""
    with tempfile.TemporaryDirectory(prefix="groundcrew-reliability-") as folder:
        home = new_home(Path(folder))
        where = url or file_url(home)
        seeded = await seed(where, apps, repository=repository)
        async with stand_in(Weather(seed_number)) as slack:
            made = Rig(Path(folder), home, where, slack, Crowd(slack), seeded)
            try:
                yield made
            finally:
                await made.crowd.go_home()
                for bot in made.bots:
                    if bot.is_running:
                        await bot.kill()


async def until(holds: Callable[[], bool], within_s: float = _PATIENCE_S, every_s: float = 0.05) -> bool:
    """Wait until *holds*; False where that took longer than *within_s*."""
    ends = time.monotonic() + within_s
    while not holds():
        if time.monotonic() > ends:
            return False
        await asyncio.sleep(every_s)
    return True


async def until_so(holds: Callable[[], Awaitable[bool]], within_s: float = _PATIENCE_S, every_s: float = 0.2) -> bool:
    """Wait until *holds*, which has to be awaited; False where that took longer than *within_s*."""
    ends = time.monotonic() + within_s
    while not await holds():
        if time.monotonic() > ends:
            return False
        await asyncio.sleep(every_s)
    return True
