"""Mixed load for a while: whether memory, open files and the write-ahead log stay flat."""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.reliability.code import COMMAND, serving, settings
from benchmarks.reliability.figure import Figure, Outcome
from benchmarks.reliability.rig import Rig, rig

_EVERY_S = 2.0
_WARM_S = 300  # before that, memory grows by what is loaded at first use
_MIB = 1024.0
_FILES = 60
#: What counts as flat.
_SLOPE_MIB, _MORE_FILES, _WAL_MIB = 1.0, 20, 64.0


@dataclass(frozen=True, slots=True)
class Sample:
    """The bot at one moment: *at* in minutes, *rss* and *wal* in MiB, and how many files are open or temporary."""

    at: float
    rss: float
    files: int
    wal: float
    temporary: int


async def run(options: argparse.Namespace) -> Outcome:
    """Page, answer, list and check for some minutes while the bot is sampled; the first third is for warming up."""
    async with (
        rig(options.seed, 0) as scratch,
        serving(scratch.folder, 20, _FILES) as host,
        rig(options.seed, 20, repository=f"https://{host.host}/{{name}}") as made,
    ):
        made.slack.weather.posted_500, made.slack.weather.limited = 0.02, 0.02
        made.slack.weather.retry_after = (1, 3)
        bot = await made.start(made.settings(**settings(host), GROUNDCREW_OWNER_WAIT="5s"), COMMAND)
        loading = asyncio.create_task(_load(made, options.seed))
        samples = []
        began = time.monotonic()
        while (minutes := (time.monotonic() - began) / 60) < options.seconds / 60:
            samples.append(_sample(made, bot.pid, minutes))
            await asyncio.sleep(_EVERY_S)
        loading.cancel()
        typed = made.crowd.acknowledged
    steady = [one for one in samples if one.at >= options.seconds / 180]
    slope = statistics.linear_regression([one.at for one in steady], [one.rss for one in steady]).slope
    more = steady[-1].files - steady[0].files
    wal, temporary = max(one.wal for one in steady), max(one.temporary for one in steady)
    told = (
        f"{typed:,} commands; memory {steady[0].rss:.0f} -> {steady[-1].rss:.0f} MiB ({slope:+.2f} MiB a minute), open "
        f"files {steady[0].files} -> {steady[-1].files}, write-ahead log {wal:.1f} MiB at most, {temporary} temporary "
        "files at most"
    )
    return Outcome(
        told,
        (slope < _SLOPE_MIB or options.seconds < _WARM_S) and more <= _MORE_FILES and wal < _WAL_MIB and typed > 0,
        {},
    )


async def _load(made: Rig, seed: int) -> None:
    choice = random.Random(seed)  # noqa: S311 - no secret is made
    answered: set[str] = set()
    number = 0
    while True:
        number += 1
        kind = choice.random()
        if kind < 0.4:  # noqa: PLR2004 - the mix
            await made.page()
        elif kind < 0.8:  # noqa: PLR2004 - the mix
            await made.crowd.type(f"UL{number:06}", "/apps", choice.choice(("all", made.apps[0].name, "failing")))
        elif kind < 0.85:  # noqa: PLR2004 - the mix
            await made.crowd.type(f"UL{number:06}", "/check-app", choice.choice(made.apps).name)
        fresh = [one for one in made.slack.messages[-20:] if one.page and one.page not in answered]
        for one in fresh:
            answered.add(one.page)
            person = f"UO{one.channel[2:]}" if one.channel.startswith("DO") else "UADMIN"
            made.crowd.press(person, "acknowledge-page", one.page, one)
            made.crowd.press(person, "resolve-page", one.page, one)
        await asyncio.sleep(0.25)


def _sample(made: Rig, pid: int, minutes: float) -> Sample:
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    rss = next(int(line.split()[1]) for line in status if line.startswith("VmRSS:")) / _MIB
    files = sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
    log = made.home / "registry.db-wal"
    wal = log.stat().st_size / _MIB / _MIB if log.exists() else 0.0
    return Sample(minutes, rss, files, wal, sum(1 for _ in (made.folder / "tmp").rglob("*")))


figure = Figure(
    "soak",
    "{seconds} s of pages, answers, lists and checks, with single faults of Slack",
    "memory grows by < 1 MiB a minute, open files flat, write-ahead log < 64 MiB",
    run,
    {"seconds": 1800},
)
