"""Slack is away for minutes: what is due goes out at its return, and by a second route before."""

from __future__ import annotations

import argparse
import asyncio
import secrets
import time
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestServer

from benchmarks.reliability.figure import Figure, Outcome
from benchmarks.reliability.rig import Rig, rig, until
from benchmarks.reliability.tally import MARK

_PAGES = 20
_BACK_S = 60.0


@dataclass(slots=True)
class Receiver:
    """A webhook's other side: when each page arrived first, by mark, in seconds of the monotonic clock."""

    first: dict[str, float] = field(default_factory=dict)

    async def handle(self, request: web.Request) -> web.Response:
        """Take one delivery."""
        for mark in set(MARK.findall(await request.text())):
            self.first.setdefault(mark, time.monotonic())
        return web.Response()


async def run(options: argparse.Namespace) -> Outcome:
    """Take Slack away just before people page, see when the second route is used, and bring Slack back."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.handle)
    async with TestServer(app) as server, rig(options.seed, _PAGES) as made:
        route = {
            "GROUNDCREW_PAGE_WEBHOOK_URL": str(server.make_url("/hook")),
            "GROUNDCREW_PAGE_WEBHOOK_SECRET": secrets.token_hex(16),
            "GROUNDCREW_SECOND_ROUTE_AFTER": f"{options.second_route_s}s",
        }
        waits = {"GROUNDCREW_OWNER_WAIT": "2m", "GROUNDCREW_BACKUP_WAIT": "2m", "GROUNDCREW_CHANNEL_WAIT": "3m"}
        given = made.settings(**route, **waits, GROUNDCREW_REPEAT_EVERY="24h")
        bot = await made.start(given)
        for number in range(_PAGES):  # so that whoever pages is known when Slack cannot be asked
            await made.crowd.type(f"UP{number:06}", "/apps", "all")
        await made.drained()
        for _ in range(_PAGES // 2):
            await made.page()
        began = time.monotonic()
        made.slack.weather.away = True
        late = [mark for _ in range(_PAGES // 2) if (mark := await made.page())]
        if options.crashes:
            await bot.kill()
            bot = await made.start(given)
        await asyncio.sleep(options.seconds / 2)
        made.slack.weather.away, made.slack.weather.stalled = False, True
        await asyncio.sleep(max(0.0, began + options.seconds - time.monotonic()))
        made.slack.weather.stalled = False
        made.slack.end_silence()
        return await _count(made, receiver, late, began)


async def _count(made: Rig, receiver: Receiver, late: list[str], began: float) -> Outcome:
    back = time.monotonic()
    await until(lambda: all(made.arrived(mark) for mark in made.accepted), _BACK_S * 2)
    took = max((one.at for mark in made.accepted if (one := made.arrived(mark))), default=back) - back
    missing = [mark for mark in made.accepted if not made.arrived(mark)]
    await made.drained(120)
    counted = await made.tally()
    seconds = [receiver.first[mark] - began for mark in late if mark in receiver.first]
    first, last = (min(seconds), max(seconds)) if seconds else (0.0, 0.0)
    told = (
        f"{counted.told()}; all due pages out {max(took, 0):.0f} s after the return; of {len(late)} pages made "
        f"meanwhile {len(seconds)} went by webhook, {first:.0f} to {last:.0f} s after Slack went"
    )
    holds = counted.holds and not missing and took <= _BACK_S and len(seconds) == len(late)
    return Outcome(told, holds, {"missing": missing[:5], "disordered": counted.disordered[:5]})


figure = Figure(
    "away",
    "Slack answers 503 for half of {seconds} s and nothing for the other half, under 20 pages; the second route is set "
    "to {second_route_s} s",
    "0 lost, 0 doubled; every due page out <= 60 s after the return; the second route used for each page",
    run,
    {"seconds": 600, "second_route_s": 120, "crashes": 0},
)
