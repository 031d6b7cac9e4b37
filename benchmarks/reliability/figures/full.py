"""A disk that is full, and has room again."""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.reliability.disks import Disk, small_disk
from benchmarks.reliability.figure import Figure, Outcome
from benchmarks.reliability.registry import file_url, promised
from benchmarks.reliability.rig import Rig, rig

_TRIES, _AT_ONCE, _MORE = 400, 10, 5


async def run(options: argparse.Namespace) -> Outcome:
    """Fill the disk under the bot while people page and somebody makes a backup, then make room."""
    with tempfile.TemporaryDirectory(prefix="groundcrew-disk-") as folder, small_disk(Path(folder) / "home") as disk:
        async with rig(options.seed, 20) as made:
            _move(made, disk)
            given = made.settings()
            bot = await made.start(given)
            await made.page()
            await made.all_arrived()
            disk.fill(bot.pid, options.kib * 1024)
            refused = tried = 0
            while refused < _AT_ONCE and tried < _TRIES and bot.is_running:
                tried += _AT_ONCE
                refused += (await asyncio.gather(*(made.page() for _ in range(_AT_ONCE)))).count("")
            survived = bot.is_running
            saved = await _backup(disk, given, is_full=True)
            disk.make_room(bot.pid)
            if not survived:
                await made.start(given)
            unmade, silent, more = await _afterwards(made)
            saved_later = await _backup(disk, given, is_full=False)
            out = await made.all_arrived(within_s=120)
            counted = await made.tally()
    told = (
        f"{disk.kind}: {refused} of {tried} pages refused while it was full, {unmade} acknowledged and then answered "
        f"with a failure, {len(silent)} without an answer; {counted.told()}; a backup onto it {saved}, and with room "
        f"{saved_later}"
    )
    figures = {"went on without a restart": survived, "silent": silent[:5], "all out": out, "taken afterwards": more}
    holds = counted.holds and out and refused > 0 and more == _MORE and not silent
    return Outcome(told, holds and saved in _FAILED_WELL and saved_later == _MADE, figures)


def _move(made: Rig, disk: Disk) -> None:
    """Have the bot live on *disk*, with the registry that was made for it and its temporary files."""
    for path in made.home.glob("registry.db*"):
        shutil.copy2(path, disk.home / path.name)
    made.folder = made.home = disk.home
    made.url = file_url(disk.home)


async def _afterwards(made: Rig) -> tuple[int, list[str], int]:
    """Page again; return how many pages were not made before, those nobody heard of, and how many are made now."""
    typed = dict(made.accepted)
    more = [mark for _ in range(_MORE) if (mark := await made.page())]
    await made.drained(60)
    pages = [one.what for one in await promised(made.url)]
    # What could not be done is said: an order that fails is answered, and its person tries again.
    unmade = [mark for mark in typed if not any(mark in what for what in pages)]
    made.accepted = {mark: app for mark, app in made.accepted.items() if mark not in unmade}
    return len(unmade), [mark for mark in unmade if not _heard(made, mark)], len(more)


_MADE, _NOT_TRIED = "was made", "was not tried"
_REFUSED = "was refused with the reason, and left nothing"
_FAILED_WELL = (_REFUSED, _NOT_TRIED)


async def _backup(disk: Disk, given: dict[str, str], *, is_full: bool) -> str:
    """Make a backup onto the disk, and say what came of it; a limit of the bot's own files is none for a backup's."""
    if is_full and not disk.is_real:
        return _NOT_TRIED
    if is_full:
        disk.use_up()
    before = {path.name for path in disk.home.iterdir()}
    file = disk.home / "kept"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-m", "bot", "backup", str(file),
        cwd="/", env=given, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    words = (await process.communicate())[0].decode(errors="replace")
    left = {path.name for path in disk.home.iterdir()} - before
    if process.returncode == 0:
        return _MADE
    if left or "Traceback" in words or "no room" not in words:
        return f"failed and left {sorted(left)}, with the words {words[-200:]!r}"
    return _REFUSED


def _heard(made: Rig, mark: str) -> bool:
    """Whether whoever typed the page *mark* was told anything."""
    return any(one.channel == f"DP{mark[-6:]}" for one in made.slack.messages)


figure = Figure(
    "full",
    "a real disk of the bot's own is filled until {kib} KiB are left, until at least ten pages are refused, and "
    "then to the last byte under a backup (where nothing may be mounted: the bot's files may grow by as much and "
    "no more)",
    "what is not stored is not acknowledged; what is has its effect or an answer; a backup that does not fit is "
    "refused with the reason and leaves nothing; all goes on when there is room",
    run,
    {"kib": 64},
)
