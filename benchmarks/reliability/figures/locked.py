"""Another process that holds the database file."""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from benchmarks.reliability.figure import Figure, Outcome
from benchmarks.reliability.rig import rig


async def run(options: argparse.Namespace) -> Outcome:
    """Hold the write lock while people page, let go, and see when everything that was taken is out."""
    async with rig(options.seed, 40) as made:
        await made.start(made.settings())
        await made.page()
        await made.all_arrived()
        holding = asyncio.create_task(asyncio.to_thread(_hold, made.home / "registry.db", options.seconds))
        pages = [made.page() for _ in range(20)]
        typed = [asyncio.create_task(page) for page in pages]
        await holding
        released = time.monotonic()
        taken = [mark for mark in await asyncio.gather(*typed) if mark]
        for _ in range(10):
            await made.page()
        out = await made.all_arrived(within_s=60)
        took = time.monotonic() - released
        await made.drained()
        counted = await made.tally()
    told = (
        f"{len(taken)} of 20 pages typed meanwhile were acknowledged, the others refused; {counted.told()}; all out "
        f"{took:.1f} s after the release"
    )
    return Outcome(told, counted.holds and out, {"acknowledged while locked": len(taken)})


def _hold(path: Path, seconds: float) -> None:
    with closing(sqlite3.connect(path, isolation_level=None, timeout=10)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        connection.execute("ROLLBACK")


figure = Figure(
    "locked",
    "the database file is locked for {seconds} s by another process while 20 people page",
    "nothing acknowledged is lost; Slack is never told that something is taken which is not stored",
    run,
    {"seconds": 10},
)
