"""Two bots on one database: the one that leads is killed, the other takes over."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

from benchmarks.reliability.bots import BotProcess
from benchmarks.reliability.databases import safe_postgres
from benchmarks.reliability.figure import Figure, Outcome
from benchmarks.reliability.registry import new_home
from benchmarks.reliability.rig import Rig, rig, until

_AT_MOST_S = 10.0
_LEADS = "leads"


async def run(options: argparse.Namespace) -> Outcome:
    """Kill the lead while people page, and see how long nothing is said."""
    took: list[float] = []
    with safe_postgres() as server, tempfile.TemporaryDirectory() as folder:
        homes = [new_home(Path(folder), name) for name in ("one", "other")]
        async with rig(options.seed, 40, url=server.new_database()) as made:
            given = [made.settings(GROUNDCREW_HOME=str(home), GROUNDCREW_DATABASE_URL=made.url) for home in homes]
            bots = [await made.start(one) for one in given]
            await made.page()
            await made.all_arrived()
            for _ in range(options.kills):
                await until(lambda: any(_leads(bot) for bot in bots))
                lead = next(number for number, bot in enumerate(bots) if _leads(bot))
                began = time.monotonic()
                await bots[lead].kill()
                took.append(await _silence(made, began))
                bots[lead] = await made.start(given[lead])
            await made.all_arrived()
            quiet = await made.drained()
            counted = await made.tally()
    middle = sorted(took)[len(took) // 2]
    told = f"{counted.told()}; the other spoke after {middle:.1f} s (median), {max(took):.1f} s at most"
    return Outcome(told, counted.holds and quiet and max(took) <= _AT_MOST_S, {"kills": options.kills})


def _leads(bot: BotProcess) -> bool:
    return bot.is_running and any(_LEADS in line for line in bot.log)


async def _silence(made: Rig, began: float) -> float:
    """Page twice a second until a page arrives that was made after *began*, and return how long that took."""
    while time.monotonic() - began < _AT_MOST_S * 6:
        await made.page()
        await asyncio.sleep(0.5)
        after = [one.at for one in made.slack.messages if one.at > began and one.page]
        if after:
            return after[0] - began
    return _AT_MOST_S * 6


figure = Figure(
    "takeover",
    "two bots on one PostgreSQL; the one that leads is killed {kills} times while people page",
    "no doubles; the other takes over within 10 s",
    run,
    {"kills": 20},
)
