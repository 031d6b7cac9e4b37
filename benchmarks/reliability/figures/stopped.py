"""A process that is stopped for minutes, as when its machine sleeps, and goes on."""

from __future__ import annotations

import argparse
import asyncio
import re
import signal
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aiohttp import web
from aiohttp.test_utils import TestServer

from benchmarks.reliability.bots import BotProcess
from benchmarks.reliability.figure import Figure, Outcome
from benchmarks.reliability.rig import Rig, rig, until
from benchmarks.reliability.slack import RELIABILITY
from benchmarks.reliability.tally import MARK
from commands.tell_away import WORTH_TELLING

_WAITS = {"GROUNDCREW_OWNER_WAIT": "5s", "GROUNDCREW_BACKUP_WAIT": "5s", "GROUNDCREW_CHANNEL_WAIT": "5s"}
_PAGES = 10
_SLACK = timedelta(seconds=20)  # the bot leaves a mark every ten
_AWAY = re.compile(r"I was away from (\d\d:\d\d)\b.*? to (\d\d:\d\d) UTC[^;]*; (\d+) pages? ")


@dataclass(slots=True)
class _Switch:
    """The dead man's switch: when it was asked, in seconds of the monotonic clock."""

    asked: list[float] = field(default_factory=list)

    async def handle(self, _request: web.Request) -> web.Response:
        """Take a sign of life."""
        self.asked.append(time.monotonic())
        return web.Response()


async def run(options: argparse.Namespace) -> Outcome:
    """Stop the bot with pages in flight, continue it, and count."""
    switch = _Switch()
    app = web.Application()
    app.router.add_get("/alive", switch.handle)
    async with TestServer(app) as server, rig(options.seed, _PAGES) as made:
        alive = {"GROUNDCREW_DEAD_MAN_URL": str(server.make_url("/alive")), "GROUNDCREW_DEAD_MAN_EVERY": "10s"}
        bot = await made.start(made.settings(**_WAITS, **alive, GROUNDCREW_REPEAT_EVERY="24h"))
        asked_before = options.seconds <= WORTH_TELLING.total_seconds() or await until(lambda: bool(switch.asked), 60)
        for _ in range(_PAGES):
            await made.page()
        await made.all_arrived()
        stopped, went_on, at = await _stop(bot, options.seconds)
        out = await made.all_arrived(step=3, within_s=120)
        took = time.monotonic() - at
        quiet = await made.drained()
        counted = await made.tally()
        told = f"{counted.told()}; the last step was out {took:.0f} s after it went on"
        holds = counted.holds and out and quiet
        if options.seconds <= WORTH_TELLING.total_seconds():
            told += "; no more is asked of a stop of less than a minute"
            return Outcome(told, holds, {})
        notice = await _notice(made, stopped, went_on)
        marked = len({mark for one in made.slack.messages if " late" in one.text for mark in MARK.findall(one.text)})
        again = await until(lambda: any(asked > at for asked in switch.asked), 90)
    silent = not any(at - options.seconds < asked <= at for asked in switch.asked)
    told += f"; it said “{notice}”; {marked} of {_PAGES} pages were marked late in their own messages"
    told += "; the dead man's switch was not asked meanwhile, and again afterwards" if silent and again else ""
    holds = holds and bool(notice) and marked == _PAGES and asked_before and silent and again
    return Outcome(told, holds, {"switch asked": len(switch.asked)})


async def _stop(bot: BotProcess, seconds: int) -> tuple[datetime, datetime, float]:
    """Stop it for so long; return from when to when that was, and the monotonic time at which it went on."""
    stopped = datetime.now(UTC)
    bot.process.send_signal(signal.SIGSTOP)
    await asyncio.sleep(seconds)
    at = time.monotonic()
    bot.process.send_signal(signal.SIGCONT)
    return stopped, datetime.now(UTC), at


async def _notice(made: Rig, stopped: datetime, went_on: datetime) -> str:
    """Return what was said of the time away, where it names the right minutes and every page that was late."""
    await until(lambda: any(_AWAY.search(one.text) for one in made.slack.messages), 30)
    found = [one for one in made.slack.messages if one.channel == RELIABILITY and _AWAY.search(one.text)]
    if len(found) != 1:
        return ""
    said = _AWAY.search(found[0].text)
    assert said is not None
    begin, end, pages = said.groups()
    right = begin in _minutes(stopped - _SLACK, stopped) and end in _minutes(went_on, went_on + _SLACK)
    whole = int(pages) == _PAGES and all(f"{app.name}: due at" in found[0].text for app in made.apps)
    return found[0].text.partition("\n")[0].partition(" •")[0] if right and whole else ""


def _minutes(first: datetime, last: datetime) -> set[str]:
    return {f"{at:%H:%M}" for at in (first, last)}


figure = Figure(
    "stopped",
    "SIGSTOP of {seconds} s with ten pages in flight, then SIGCONT",
    "late pages go out once, in order, and are marked late; it is said from when to when the bot was away, and which "
    "pages that made late; a dead man's switch is not asked meanwhile",
    run,
    {"seconds": 300},
)
