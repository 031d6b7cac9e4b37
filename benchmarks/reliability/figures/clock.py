"""The clock of the machine jumps by two hours, either way."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from benchmarks.reliability.figure import Figure, Outcome
from benchmarks.reliability.rig import Rig, rig, until

LIBRARIES = tuple(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
_OUT_S = 10.0
#: Without it the library reads its file at each look at a clock, which makes a process of many threads crawl.
_CACHE = {"FAKETIME_CACHE_DURATION": "1"}
_SEEN_S = 1.5  # after which every process has seen that the clock jumped
#: The library makes time.sleep fail where the monotonic clock is left alone, which is its fault and not the bot's.
_CODE = """\
import select, sys, time
time.sleep = lambda seconds: select.select([], [], [], seconds) and None
from bot.__main__ import main
sys.exit(main())
"""
_COMMAND = (sys.executable, "-I", "-c", _CODE, "run")


async def run(options: argparse.Namespace) -> Outcome:
    """Page, jump, page, jump back, page: each goes out at once, once; and in the end every step is told."""
    if not LIBRARIES:
        return Outcome("not measured: this machine has no libfaketime", holds=False)
    async with rig(options.seed, 30) as made:
        stamp = made.folder / "time"
        faked = {"LD_PRELOAD": str(LIBRARIES[0]), "FAKETIME_TIMESTAMP_FILE": str(stamp), **_CACHE}
        waits = {"GROUNDCREW_OWNER_WAIT": "10s", "GROUNDCREW_BACKUP_WAIT": "2s", "GROUNDCREW_CHANNEL_WAIT": "2s"}
        _set(stamp, 0)
        given = made.settings(**waits, **faked, FAKETIME_DONT_FAKE_MONOTONIC="1", GROUNDCREW_REPEAT_EVERY="24h")
        await made.start(given, _COMMAND)
        late = await _page_at_once(made)
        for jump in (options.seconds, 0, -options.seconds, 0):
            _set(stamp, jump)
            await asyncio.sleep(_SEEN_S)
            late += await _page_at_once(made)
        _set(stamp, options.seconds)  # a page waits as long as the clock was set back; now that time is over
        all_told = await made.all_arrived(step=3, within_s=120)
        await made.drained()
        counted = await made.tally()
    told = f"{counted.told()}; {late} pages were not out within {_OUT_S:.0f} s"
    return Outcome(told, counted.holds and not late and all_told, {"every step told in the end": all_told})


async def _page_at_once(made: Rig) -> int:
    """Page twice, and return how many were not taken or did not reach the owner in time."""
    marks = [await made.page() for _ in range(2)]
    await until(lambda: all(mark and made.arrived(mark) for mark in marks), _OUT_S)
    return sum(not (mark and made.arrived(mark)) for mark in marks)


def _set(stamp: Path, offset_s: int) -> None:
    new = stamp.with_suffix(".new")
    new.write_text(f"{offset_s:+d}\n")
    new.replace(stamp)


figure = Figure(
    "clock",
    "the clock jumps by {seconds} s forward, back, backward, back and forward, with pages in flight (libfaketime)",
    "each new page is out within 10 s; 0 lost, 0 doubled, in order; in the end every step is told",
    run,
    {"seconds": 7200},
)
