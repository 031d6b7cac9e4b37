"""Writes docs/reliability.md from the results that runs have kept; no figure in it is typed by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
PAGE = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"

_HEAD = """\
# What was done to the bot, and what held

Every row is a command, `python -m benchmarks.reliability NAME`, which starts the bot as its users do and does to it
what the row says, in a stand-in Slack that writes down each arrival and answers as badly as it is told to. Lost,
doubled and out of order are counted from that record against what the registry promised, never from what the bot says
of itself. `python -m benchmarks.reliability list` names the figures; each takes its own sizes, such as `--kills 50`;
`--write` keeps the result and makes this page anew. Faults are drawn from a seed (`--seed`), so a run can be had again;
when a process dies is decided by the clock, so no two runs are alike. Short forms of all figures are among the tests
(tests/benchmarks/test_reliability.py).
"""


def line(kept: Mapping[str, Any]) -> str:
    """Return the row of one result."""
    holds = "yes" if kept["holds"] else "**no**"
    return f"| {kept['name']} | {kept['done']} | {kept['promise']} | {kept['measured']} | {holds} |"


def keep(kept: Mapping[str, Any]) -> None:
    """Keep one result in place of an older one of the same figure."""
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(kept, indent=2, ensure_ascii=False)
    (RESULTS / f"{kept['name']}.json").write_text(f"{text}\n", encoding="utf-8")


def write() -> None:
    """Make the page of every result that is kept."""
    PAGE.write_text("\n".join(lines()), encoding="utf-8")


def lines() -> Iterator[str]:
    """Yield the lines of the page."""
    kept = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(RESULTS.glob("*.json"))]
    yield _HEAD
    yield "| figure | what is done | to hold | measured | holds |"
    yield "|---|---|---|---|---|"
    yield from map(line, kept)
    yield from (
        "",
        "## The runs",
        "",
        "| figure | on | machine | took | options and figures |",
        "|---|---|---|---|---|",
    )
    for one in kept:
        told = ", ".join(f"{name} {value}" for name, value in (one["options"] | one["figures"]).items())
        yield f"| {one['name']} | {one['at']} | {one['machine']} | {one['took_s']:,} s | {told} |"
    yield ""
