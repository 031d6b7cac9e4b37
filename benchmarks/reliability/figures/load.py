"""A thousand people type at once: all are acknowledged in time, and taking them in costs little more than Bolt."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.reliability.figure import Figure, Outcome
from benchmarks.reliability.rig import rig
from benchmarks.reliability.signed_load import SECRET, Load, cpu_s, free_port, load, peak_mib
from benchmarks.reliability.slack import TEAM

_WARM = 100
_P99_S, _RATIO, _MIB = 1.0, 1.5, 400
_ENOUGH = 500  # fewer commands measure the machine's other work: then times are told and not judged


@asynccontextmanager
async def _bare_bolt() -> AsyncIterator[tuple[int, int]]:
    """Run Bolt by itself; yields its port and its process."""
    port = free_port()
    given = {**os.environ, "SLACK_SIGNING_SECRET": SECRET}
    line = (sys.executable, "-m", "benchmarks.reliability.bare_bolt", str(port))
    process = await asyncio.create_subprocess_exec(*line, env=given, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        await process.stdout.readline()
        yield port, process.pid
    finally:
        process.kill()
        await process.communicate()


async def _run(options: argparse.Namespace) -> Outcome:
    commands, rounds = options.commands, options.rounds
    ours: list[Load] = []
    bolts: list[Load] = []
    async with rig(options.seed, 1) as made, _bare_bolt() as (bolt_port, bolt):
        port = free_port()
        over_http = {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": SECRET, "GROUNDCREW_LISTEN": f"127.0.0.1:{port}"}
        bot = await made.start(made.settings(**over_http))
        for number in range(rounds + 1):
            size = commands if number else _WARM
            bolts.append(await load(bolt_port, bolt, size, TEAM))
            before = cpu_s(bot.pid)
            ours.append(await load(port, bot.pid, size, TEAM))
            is_done = await made.drained(300.0)  # what is still said would count into the next round
            whole = (cpu_s(bot.pid) - before) / size * 1000
        peak = peak_mib(bot.pid)
    del ours[0], bolts[0]
    cpu, bare = (min(one.cpu_ms for one in some) for some in (ours, bolts))
    errors, p99 = sum(one.errors for one in ours), max(one.p99_s for one in ours)
    measured = (
        f"{errors} errors; acknowledged after {p99:.2f} s (p99, slowest of {rounds} rounds); {cpu:.2f} ms of CPU a "
        f"command, {cpu / bare:.2f} times bare Bolt's {bare:.2f} ms; {peak:.0f} MiB; all answered: {is_done}"
    )
    in_time = commands < _ENOUGH or (p99 <= _P99_S and cpu <= _RATIO * bare)
    holds = errors == 0 and in_time and peak <= _MIB and is_done
    figures = {
        "ratio": round(cpu / bare, 2),
        "cpu_ms": [round(one.cpu_ms, 3) for one in ours],
        "bolt_cpu_ms": [round(one.cpu_ms, 3) for one in bolts],
        "p99_s": [round(one.p99_s, 3) for one in ours],
        "bolt_p99_s": [round(one.p99_s, 3) for one in bolts],
        "peak_mib": round(peak),
        "cpu_ms_with_the_answer": round(whole, 2),
    }
    return Outcome(measured, holds, figures)


figure = Figure(
    "load",
    "{commands} signed commands at once over HTTP, {rounds} times, and the same to bare Bolt",
    "0 errors, acknowledged within 1 s (p99), at most 1.5 times the CPU of bare Bolt, at most 400 MiB",
    _run,
    {"commands": 1000, "rounds": 3},
)
