"""Kills in the middle of a check: what is reported, and what is left behind."""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import random
from pathlib import Path

from benchmarks.reliability.bots import BotProcess
from benchmarks.reliability.code import COMMAND, serving, settings
from benchmarks.reliability.figure import Figure, Outcome
from benchmarks.reliability.registry import count_reports, opened, waiting
from benchmarks.reliability.rig import Rig, rig, until, until_so
from tests.processes import children

_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of prctl(2): orphans below this process become its own
_FILES = 300


async def run(options: argparse.Namespace) -> Outcome:
    """Ask for a check, kill the bot in it, start it again, and count reports, processes and files when all is done."""
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    choice = random.Random(options.seed)  # noqa: S311 - no secret is made
    left: set[str] = set()
    killed_in = 0
    async with rig(options.seed, 0) as scratch, serving(scratch.folder, options.kills + 1, _FILES) as host:
        address = f"https://{host.host}/{{name}}"
        async with rig(options.seed, options.kills + 1, repository=address) as made:
            given = made.settings(**settings(host))
            bot = await made.start(given, COMMAND)
            await _check(made, 0)
            await _all_done(made, 1)
            kept = _files(made)
            for number in range(1, options.kills + 1):
                await _check(made, number)
                killed_in += await _killed_in_it(bot, choice)
                bot = await made.start(given, COMMAND)
                await _all_done(made, number + 1)
                await until(lambda pid=bot.pid: not _orphans(pid), 10)  # type: ignore[misc]
                left |= _orphans(bot.pid)
            reports = await count_reports(made.url)
            files = sorted(_files(made) - kept)
    told = (
        f"{killed_in} kills in a running check: {reports} reports of {options.kills + 1} checks, {len(left)} processes "
        f"and {len(files)} temporary files left"
    )
    holds = reports == options.kills + 1 and not left and not files and killed_in > 0
    return Outcome(told, holds, {"left": [*sorted(left)[:3], *files[:3]]})


async def _check(made: Rig, number: int) -> None:
    await until_so(lambda: made.crowd.type(f"UC{number:05}", "/check-app", made.apps[number].name))


async def _killed_in_it(bot: BotProcess, choice: random.Random) -> bool:
    """Wait until the check has a process, kill the bot at some moment after, and say whether it was still in it."""
    await until(lambda: _working(bot.pid), 20, every_s=0.01)
    await asyncio.sleep(choice.random() * 0.6)
    within = _working(bot.pid)
    await bot.kill()
    return within


def _working(pid: int) -> bool:
    return any(child.pid != pid for child in children())


def _orphans(pid: int) -> set[str]:
    """Return the processes of bots before the one at *pid* that still run; it has none of its own while it is idle."""
    return {" ".join(child.arguments)[:120] for child in children() if child.pid != pid}


async def _all_done(made: Rig, reports: int) -> bool:
    """Wait until so many reports are kept and no check is left to be made."""
    async with opened(made.url) as database:

        async def done() -> bool:
            return await count_reports(made.url) >= reports and not (await waiting(database))["checks"]

        return await until_so(done, 120)


def _files(made: Rig) -> set[str]:
    """Return what lies in the folder for temporary files, and what is called temporary in the home."""
    found = {str(path.relative_to(made.folder)) for path in (made.folder / "tmp").rglob("*")}
    return found | {str(path.relative_to(made.folder)) for path in Path(made.home).rglob("*tmp*")}


figure = Figure(
    "checks",
    "{kills} kill -9 at a random moment of a check of 300 files",
    "one report each; no process and no temporary file left",
    run,
    {"kills": 100},
)
