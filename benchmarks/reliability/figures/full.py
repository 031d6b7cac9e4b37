"""A disk that is full, and has room again."""

from __future__ import annotations

import argparse
import asyncio
import resource

from benchmarks.reliability.figure import Figure, Outcome
from benchmarks.reliability.rig import rig

_TRIES, _AT_ONCE = 400, 10


async def run(options: argparse.Namespace) -> Outcome:
    """Let the database's files grow no further (RLIMIT_FSIZE) while people page, then let them grow again."""
    async with rig(options.seed, 20) as made:
        bot = await made.start(made.settings())
        await made.page()
        await made.all_arrived()
        biggest = max(path.stat().st_size for path in made.home.glob("registry.db*"))
        _, hard = resource.prlimit(bot.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (biggest + options.kib * 1024, hard))
        refused = tried = 0
        while refused < _AT_ONCE and tried < _TRIES and bot.is_running:
            tried += _AT_ONCE
            refused += (await asyncio.gather(*(made.page() for _ in range(_AT_ONCE)))).count("")
        survived = bot.is_running
        if survived:
            resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (hard, hard))
        else:
            bot = await made.start(made.settings())
        more = [await made.page() for _ in range(5)]
        out = await made.all_arrived(within_s=120)
        await made.drained(120)
        counted = await made.tally()
    told = f"{refused} of {tried} pages refused while it was full, none of them acknowledged; then {counted.told()}"
    figures = {"went on without a restart": survived, "refused": refused}
    return Outcome(told, counted.holds and out and refused > 0 and all(more), figures)


figure = Figure(
    "full",
    "the registry's files may grow by {kib} KiB and no more (RLIMIT_FSIZE), until at least ten pages are refused",
    "nothing acknowledged is lost; what is not stored is not acknowledged; it goes on when there is room",
    run,
    {"kib": 64},
)
