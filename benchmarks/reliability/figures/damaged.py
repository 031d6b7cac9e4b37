"""A database file with a damaged page."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from benchmarks.reliability.figure import Figure, Outcome
from benchmarks.reliability.rig import NotStarted, rig

_PAGE = 4096


async def run(options: argparse.Namespace) -> Outcome:
    """Write over pages in the middle of the file: starts are refused; the copy from before starts."""
    async with rig(options.seed, 20) as made:
        bot = await made.start(made.settings())
        for _ in range(5):
            await made.page()
        await made.all_arrived()
        await made.drained()
        await bot.end()
        file = made.home / "registry.db"
        shutil.copyfile(file, made.folder / "kept.db")
        reason = ""
        refused = 0
        for number in range(options.pages):
            _damage(file, made.folder / "kept.db", number)
            try:
                bot = await made.start(made.settings())
                await bot.kill()
            except NotStarted as words:
                refused += "damaged" in str(words) and "Traceback" not in str(words)
                reason = str(words).splitlines()[-1]
        _put_back(file, made.folder / "kept.db")
        await made.start(made.settings())
        await made.page()
        out = await made.all_arrived()
        counted = await made.tally()
    told = f"{refused} of {options.pages} starts refused with the reason; after the copy was put back {counted.told()}"
    return Outcome(told, refused == options.pages and out and counted.holds, {"reason": reason})


def _put_back(file: Path, kept: Path) -> None:
    for path in file.parent.glob("registry.db-*"):
        path.unlink()
    shutil.copyfile(kept, file)


def _damage(file: Path, kept: Path, number: int) -> None:
    """Write zeroes and noise over the header of one page of the file, another for each *number*."""
    _put_back(file, kept)
    pages = file.stat().st_size // _PAGE
    with file.open("r+b") as opened:
        opened.seek((2 + (number * 7) % (pages - 3)) * _PAGE)
        opened.write(b"\xa5" * _PAGE)


figure = Figure(
    "damaged",
    "one page of the database file written over, at {pages} places in turn",
    "the start is refused with the reason; a copy from before starts and goes on",
    run,
    {"pages": 5},
)
