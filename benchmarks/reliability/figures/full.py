"""A disk that is full, and has room again."""

from __future__ import annotations

import argparse
import asyncio
import resource

from benchmarks.reliability.figure import Figure, Outcome
from benchmarks.reliability.registry import promised
from benchmarks.reliability.rig import Rig, rig

_TRIES, _AT_ONCE, _MORE = 400, 10, 5


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
        typed = dict(made.accepted)
        more = [mark for _ in range(_MORE) if (mark := await made.page())]
        await made.drained(60)
        pages = [one.what for one in await promised(made.url)]
        # What could not be done is said: an order that fails is answered, and its person tries again.
        unmade = [mark for mark in typed if not any(mark in what for what in pages)]
        silent = [mark for mark in unmade if not _heard(made, mark)]
        made.accepted = {mark: app for mark, app in made.accepted.items() if mark not in unmade}
        out = await made.all_arrived(within_s=60)
        counted = await made.tally()
    told = (
        f"{refused} of {tried} pages refused while it was full, {len(unmade)} acknowledged and then answered with a "
        f"failure, {len(silent)} without an answer; {counted.told()}"
    )
    figures = {"went on without a restart": survived, "silent": silent[:5]}
    holds = counted.holds and out and refused > 0 and len(more) == _MORE and not silent
    return Outcome(told, holds, figures)


def _heard(made: Rig, mark: str) -> bool:
    """Whether whoever typed the page *mark* was told anything."""
    return any(one.channel == f"DP{mark[-6:]}" for one in made.slack.messages)


figure = Figure(
    "full",
    "the registry's files may grow by {kib} KiB and no more (RLIMIT_FSIZE), until at least ten pages are refused",
    "what is not stored is not acknowledged; what is has its effect or an answer; it goes on when there is room",
    run,
    {"kib": 64},
)
