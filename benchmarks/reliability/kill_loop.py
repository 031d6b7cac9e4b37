"""The loop that kills bots at random moments while people page, and counts afterwards."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.reliability.bots import COMMAND, BotProcess, environment
from benchmarks.reliability.crowd import Crowd
from benchmarks.reliability.disturb import Line, disturbed, words
from benchmarks.reliability.figure import Outcome
from benchmarks.reliability.proxy import Connect, fault_proxy
from benchmarks.reliability.registry import SeededApp, file_url, new_home, opened, promised, seed, waiting
from benchmarks.reliability.slack import Arrival, StandIn, stand_in
from benchmarks.reliability.tally import Tally, tally
from benchmarks.reliability.weather import Weather
from storage.database import Database

_APPS = 60
#: Short, so that a campaign sees whole chains; the reliability channel is told once.
_WAITS = {
    "GROUNDCREW_OWNER_WAIT": "8s",
    "GROUNDCREW_BACKUP_WAIT": "8s",
    "GROUNDCREW_CHANNEL_WAIT": "12s",
    "GROUNDCREW_REPEAT_EVERY": "24h",
}
#: Where a page is acknowledged: at the owner, the backup, the channel, or never; in hundredths.
_ANSWERED = (60, 20, 10, 10)
_CYCLE_S = 60.0  # an outage of a tenth of it, and a storm of a tenth
_DRAIN_S = 3600.0  # a channel takes one message a second, and all that nobody answers ends in one
_STANDS_STILL_S = 300.0
_AGAIN_S = 0.2  # after which somebody types again what nobody acknowledged


@dataclass(slots=True)
class Campaign:
    """
    What is to be done. *homes* are of the processes, one each, and *roles* theirs; *url* is their registry.

    *settings* are more for each process, *between* is called before each kill, as to restart a database. *lines* are
    disturbed besides the one to Slack.
    """

    kills: int
    pages: int
    seed: int
    homes: Sequence[Path]
    url: str
    roles: Sequence[str] = ("all",)
    lines: Sequence[Line] = ()
    settings: dict[str, str] = field(default_factory=dict)
    between: Callable[[int], None] | None = None
    faulty: bool = True
    readable: bool = True
    lives_s: tuple[float, float] = (0.3, 3.0)  # how long a bot lives after its start


async def run_on_a_file(kills: int, pages: int, seed: int, *, readable: bool = True) -> Outcome:
    """Run a campaign on one process and SQLite, in a Slack whose histories the bot may read or not."""
    with tempfile.TemporaryDirectory(prefix="groundcrew-reliability-") as folder:
        home = new_home(Path(folder))
        return await run_campaign(Campaign(kills, pages, seed, [home], file_url(home), readable=readable))


async def run_campaign(campaign: Campaign) -> Outcome:
    """Do it, wait until everything that waits is worked off, and count."""
    weather = Weather(campaign.seed)
    async with stand_in(weather) as slack, fault_proxy(_straight_to(slack.address)) as proxy:
        slack.address = f"http://127.0.0.1:{proxy.port}"
        slack.readable = campaign.readable
        lines = [Line(proxy, campaign.seed), *campaign.lines]
        loop = _Loop(campaign, slack, await seed(campaign.url, _APPS), lines)
        slack.posted = loop.read
        try:
            counted = await loop.run()
        finally:
            await loop.end()
        wrong = counted.doubled + counted.disordered + counted.lost
        figures = {
            "kills": loop.kills,
            "starts that failed": loop.failed_starts,
            "pages typed": loop.crowd.typed,
            "messages": len(slack.messages),
            "the line to Slack": words(lines[0].done),
            "the line to the database": words(sum((line.done for line in campaign.lines), Counter())),
            "edits": slack.edits,
            "said again and marked so": counted.repeats,
            "before the end of a pause": slack.too_early,
            "within a second in one channel": counted.fast,
            "worked off after s": round(loop.drained_s, 1),
            "lost": counted.lost[:5] + counted.unmade[:5],
            "doubled": [*counted.doubled[:5], counted.doubled_others],
            "how": [line for mark in wrong[:3] for line in _story(mark, slack)],
            "made twice": counted.made_twice[:5],
            "disordered": counted.disordered[:5],
        }
        return Outcome(counted.told(), counted.holds and loop.is_drained, figures)


def _straight_to(address: str) -> Connect:
    """Return how to connect to the server at an address of this machine."""
    host, _, port = address.removeprefix("http://").partition(":")
    return lambda: asyncio.open_connection(host, int(port))


class _Loop:
    """One campaign as it runs."""

    def __init__(self, campaign: Campaign, slack: StandIn, apps: Sequence[SeededApp], lines: Sequence[Line]) -> None:
        self.campaign = campaign
        self.slack = slack
        self.apps = apps
        self.lines = lines
        self.crowd = Crowd(slack, twice_every=20)
        self.accepted: dict[str, SeededApp] = {}
        self.kills = 0
        self.failed_starts = 0
        self.drained_s = 0.0
        self.is_drained = False
        self._choice = random.Random(campaign.seed)  # noqa: S311 - no secret is made
        self._answered: dict[str, int] = {}  # by mark: the step at which somebody answers
        self._bots: list[BotProcess | None] = [None] * len(campaign.homes)

    async def run(self) -> Tally:
        """Page and kill until both are done as often as asked, then let everything arrive."""
        turning = asyncio.create_task(self._turn())
        keeping = [asyncio.create_task(self._keep_alive(each)) for each in range(len(self._bots))]
        async with disturbed(*self.lines):
            await self._page()
            while self.kills < self.campaign.kills:  # noqa: ASYNC110 - the killers count them
                await asyncio.sleep(0.1)
        turning.cancel()
        self.slack.weather.away = False
        self.slack.weather.limited = self.slack.weather.posted_500 = self.slack.weather.silent = 0.0
        await self._drain()
        for task in keeping:
            task.cancel()
        await asyncio.gather(turning, *keeping, return_exceptions=True)
        await self.end()
        said = self.slack.messages
        return tally(self.accepted, await promised(self.campaign.url), said, readable=self.campaign.readable)

    async def end(self) -> None:
        """Send everybody home, and end every bot."""
        await self.crowd.go_home()
        for bot in self._bots:
            if bot is not None and bot.is_running:
                await bot.end()

    def read(self, message: Arrival) -> None:
        """Have whoever reads *message* acknowledge its page, where that is to happen at this step."""
        for mark, step in self._answered.items() if message.page else ():
            if mark in message.text and step < len(_ANSWERED) - 1:
                app = self._app(mark)
                if message.channel == app.chain[step]:
                    person = (app.owner, app.backup, app.owner)[step]
                    self.crowd.press(person, "acknowledge-page", message.page, message)

    def _app(self, mark: str) -> SeededApp:
        return self.apps[int(mark[-6:]) % len(self.apps)]

    async def _page(self) -> None:
        """Type pages evenly over the kills, each by somebody else, and remember those that were acknowledged."""
        for number in range(self.campaign.pages):
            while self.kills * self.campaign.pages < (number - 30) * self.campaign.kills:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            mark = f"trouble-{number:06}"
            self._answered[mark] = self._choice.choices(range(len(_ANSWERED)), _ANSWERED)[0]
            typed = f"{self._app(mark).name} {mark}"
            while not await self.crowd.type(f"UP{number:06}", "/page-owner", typed):
                await asyncio.sleep(_AGAIN_S)
                if self._is_answered(number, mark):
                    break
            self.accepted[mark] = self._app(mark)

    def _is_answered(self, number: int, mark: str) -> bool:
        """Whether whoever typed the page *mark* has its copy before them: then nobody types it once more."""
        return any(one.channel == f"DP{number:06}" and mark in one.text for one in self.slack.messages)

    async def _turn(self) -> None:
        """Turn the weather: fair with single faults, then an outage, fair again, then a storm of 429."""
        weather = self.slack.weather
        while self.campaign.faulty:
            weather.posted_500, weather.silent = 0.10, 0.05
            await asyncio.sleep(_CYCLE_S * 0.4)
            weather.away = True
            await asyncio.sleep(_CYCLE_S * 0.1)
            weather.away = False
            await asyncio.sleep(_CYCLE_S * 0.4)
            weather.limited = 0.3
            await asyncio.sleep(_CYCLE_S * 0.1)
            weather.limited = 0.0

    async def _keep_alive(self, place: int) -> None:
        """Start the bot at *place*, kill it after a random while, and start it again, as whoever runs it does."""
        home = self.campaign.homes[place]
        given = environment(home, self.slack.address, **_WAITS, **self.campaign.settings)
        command = (*COMMAND, "--role", self.campaign.roles[place])
        while True:
            bot = self._bots[place] = await BotProcess.start(given, command)
            early = self.kills < self.campaign.kills and self._choice.random() < 0.1  # noqa: PLR2004 - a tenth
            if early:
                await asyncio.sleep(self._choice.random())
            elif not await bot.until_ready():
                self.failed_starts += 1
                await bot.kill()
                await asyncio.sleep(0.5)
                continue
            await asyncio.sleep(self._choice.uniform(*self.campaign.lives_s))
            while self.kills >= self.campaign.kills and bot.is_running:  # noqa: ASYNC110 - the last one works on
                await asyncio.sleep(0.2)
            if self.campaign.between is not None:
                self.campaign.between(self.kills)
            self.kills += 1
            await bot.kill()

    async def _drain(self) -> None:
        """Wait for three seconds of silence, as long as what waits grows less."""
        began = moved = time.monotonic()
        quiet, least = 0, None
        async with opened(self.campaign.url) as database:
            while quiet < 6 and (now := time.monotonic()) - began < _DRAIN_S and now - moved < _STANDS_STILL_S:  # noqa: PLR2004 - 3 s
                left = await _left(database)
                if least is None or left < least:
                    least, moved = left, now
                quiet = 0 if left else quiet + 1
                await asyncio.sleep(0.5)
        self.drained_s = time.monotonic() - began
        self.is_drained = quiet > 0


async def _left(database: Database) -> int:
    left = await waiting(database)
    return left["outbox"] + left["inbox"] + left["pages"]


def _story(mark: str, slack: StandIn) -> list[str]:
    """Tell what came in about one page, for whoever looks for the cause."""
    about = [one for one in slack.arrivals if mark in one.text]
    return [f"{one.at:.2f} {one.channel} {one.token} {one.fault} {one.ts or '-'}" for one in about]
