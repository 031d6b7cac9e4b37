"""How checks a minute grow with the processes that make them."""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from pathlib import Path

from benchmarks.reliability.code import COMMAND, serving, settings
from benchmarks.reliability.databases import safe_postgres
from benchmarks.reliability.figure import Figure, Outcome
from benchmarks.reliability.registry import count_reports, new_home
from benchmarks.reliability.rig import rig, until_so

_FILES = 150


async def run(options: argparse.Namespace) -> Outcome:
    """Have the same checks made by one, two and four workers, each with a registry of its own."""
    rates = {number: await _rate(options, number) for number in (1, 2, 4)}
    cores = os.cpu_count() or 1
    told = ", ".join(f"{rate:.0f} with {number}" for number, rate in rates.items())
    grows = rates[2] > rates[1] if cores > 1 else True
    return Outcome(f"checks a minute: {told} (on {cores} cores, which a worker's check fills)", grows, {})


async def _rate(options: argparse.Namespace, workers: int) -> float:
    with safe_postgres() as server, tempfile.TemporaryDirectory() as folder:
        async with rig(options.seed, 0) as scratch, serving(scratch.folder, options.checks, _FILES) as host:
            address = f"https://{host.host}/{{name}}"
            async with rig(options.seed, options.checks, url=server.new_database(), repository=address) as made:
                common = {"GROUNDCREW_DATABASE_URL": made.url, "GROUNDCREW_CHECKS_AT_ONCE": "1", **settings(host)}
                roles = ["bot", *["worker"] * workers]
                homes = [new_home(Path(folder), f"home-{number}") for number in range(len(roles))]
                for role, home in zip(roles, homes, strict=True):
                    given = made.settings(GROUNDCREW_HOME=str(home), **common)
                    await made.start(given, (*COMMAND, "--role", role))
                began = time.monotonic()
                asked = [made.crowd.type(f"UC{each:05}", "/check-app", app.name) for each, app in enumerate(made.apps)]
                taken = sum(await asyncio.gather(*asked))

                async def done(url: str = made.url, wanted: int = taken) -> bool:
                    return await count_reports(url) >= wanted

                if not await until_so(done, 900):
                    return 0.0
                return taken / (time.monotonic() - began) * 60


figure = Figure(
    "workers",
    "{checks} checks of 150 files on PostgreSQL by 1, 2 and 4 worker processes, one check at a time each",
    "checks a minute grow with the processes, as far as there are cores",
    run,
    {"checks": 40},
)
