"""Many checks wait, and somebody pages."""

from __future__ import annotations

import argparse
import asyncio
import time

from benchmarks.reliability.code import COMMAND, serving, settings
from benchmarks.reliability.figure import Figure, Outcome
from benchmarks.reliability.registry import opened, waiting
from benchmarks.reliability.rig import rig, until

_FILES = 150
_PAGES = 20
_AT_MOST_S = 5.0


async def run(options: argparse.Namespace) -> Outcome:
    """Ask for a check of every app, then page again and again while they wait."""
    async with (
        rig(options.seed, 0) as scratch,
        serving(scratch.folder, options.checks, _FILES) as host,
        rig(options.seed, options.checks, repository=f"https://{host.host}/{{name}}") as made,
    ):
        await made.start(made.settings(**settings(host)), COMMAND)
        asked = [made.crowd.type(f"UC{each:05}", "/check-app", app.name) for each, app in enumerate(made.apps)]
        taken = sum(await asyncio.gather(*asked))
        took, waited = [], []
        for _ in range(_PAGES):
            began = time.monotonic()
            mark = await made.page()
            await until(lambda mark=mark: bool(mark and made.arrived(mark)), 60, every_s=0.02)  # type: ignore[misc]
            took.append(time.monotonic() - began)
            async with opened(made.url) as database:
                waited.append((await waiting(database))["checks"])
            await asyncio.sleep(0.5)
        placed = sum("in line" in one.text or "ahead" in one.text for one in made.slack.messages)
    told = (
        f"{taken} checks taken, {waited[0]} to {waited[-1]} still waiting; {_PAGES} pages were out after "
        f"{sorted(took)[_PAGES // 2]:.2f} s (median), {max(took):.2f} s at most; {placed} people were told their place"
    )
    return Outcome(told, max(took) <= _AT_MOST_S and waited[0] > 0 and taken == options.checks, {})


figure = Figure(
    "queue",
    "{checks} people ask for a check each at once; then 20 pages, one after another",
    "each page is out within 5 s",
    run,
    {"checks": 200},
)
