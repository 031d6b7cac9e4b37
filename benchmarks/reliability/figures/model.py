"""Whatever may happen, in any order, against a model: drawn by hypothesis, on both engines."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

from benchmarks.reliability.figure import Figure, Outcome

_ROOT = Path(__file__).resolve().parents[3]
_MACHINE = "tests/commands/test_state_machine.py"
_PYTEST = (sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "-o", "junit_family=xunit1")
_ENGINES = 2


async def run(options: argparse.Namespace) -> Outcome:
    """Run the state machine of the tests with many more examples, as a process of its own."""
    with tempfile.TemporaryDirectory(prefix="groundcrew-reliability-") as folder:
        report = Path(folder) / "report.xml"
        line = (*_PYTEST, _MACHINE, f"--junitxml={report}", f"--hypothesis-seed={options.seed}")
        process = await asyncio.create_subprocess_exec(
            *line, cwd=_ROOT, env=os.environ | {"GROUNDCREW_STATE_EXAMPLES": str(options.examples)},
            start_new_session=True, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        words = (await process.communicate())[0].decode(errors="replace")
        counted, good = _read(report)
    failed = _ENGINES - good
    told = (
        f"{counted['examples']:,} examples on {good} of {_ENGINES} engines held, with {counted['steps']:,} steps and "
        f"{counted['crashes']:,} crashes; {failed} failed"
    )
    holds = process.returncode == 0 and not failed and counted["examples"] >= options.examples
    return Outcome(told, holds, {} if holds else {"said": words[-2000:]})


def _read(report: Path) -> tuple[Counter[str], int]:
    """Return what pytest's report counts, and on how many engines the test passed; nothing where it was not run."""
    counted: Counter[str] = Counter()
    if not report.exists():
        return counted, 0
    cases = list(ET.parse(report).iter("testcase"))  # noqa: S314 - pytest wrote it just now
    for one in cases:
        for named in one.iter("property"):
            counted[named.attrib["name"]] += int(named.attrib["value"])
    return counted, sum(not {"failure", "error", "skipped"} & {child.tag for child in one} for one in cases)


figure = Figure(
    "model",
    "{examples} examples of up to ten steps, half on SQLite and half on PostgreSQL: apps are registered, transferred "
    "and accepted, pages made, acknowledged and resolved, commands delivered twice, the clock moved either way, the "
    "bot killed at the boundaries of transactions and between a post and its mark, and started again",
    "each page has the chain that the model has and is told in its order, none is lost or doubled, of two answers one "
    "wins, nobody is told after the end, and a transfer is made wholly or not at all",
    run,
    {"examples": 2000},
)
