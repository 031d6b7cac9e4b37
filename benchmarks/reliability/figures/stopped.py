"""A process that is stopped for minutes, as when its machine sleeps, and goes on."""

from __future__ import annotations

import argparse
import asyncio
import signal
import time

from benchmarks.reliability.figure import Figure, Outcome
from benchmarks.reliability.rig import rig

_WAITS = {"GROUNDCREW_OWNER_WAIT": "5s", "GROUNDCREW_BACKUP_WAIT": "5s", "GROUNDCREW_CHANNEL_WAIT": "5s"}


async def run(options: argparse.Namespace) -> Outcome:
    """Stop the bot with pages in flight, continue it, and count."""
    async with rig(options.seed, 10) as made:
        bot = await made.start(made.settings(**_WAITS, GROUNDCREW_REPEAT_EVERY="24h"))
        for _ in range(10):
            await made.page()
        await made.all_arrived()
        bot.process.send_signal(signal.SIGSTOP)
        await asyncio.sleep(options.seconds)
        bot.process.send_signal(signal.SIGCONT)
        went_on = time.monotonic()
        out = await made.all_arrived(step=3, within_s=120)
        took = time.monotonic() - went_on
        quiet = await made.drained()
        counted = await made.tally()
        noticed = any("away" in one.text for one in made.slack.messages if one.at > went_on)
    told = f"{counted.told()}; the last step was out {took:.0f} s after it went on"
    told += "; it said that it was away" if noticed else ""
    return Outcome(told, counted.holds and out and quiet, {"it said that it was away": noticed})


figure = Figure(
    "stopped",
    "SIGSTOP of {seconds} s with pages in flight, then SIGCONT",
    "late pages go out once, in order, and it is said that they are late",
    run,
    {"seconds": 300},
)
