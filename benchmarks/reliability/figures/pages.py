"""Kills under pages: an outage, a storm of 429, posts that seem to fail and calls that are never answered."""

from __future__ import annotations

import argparse

from benchmarks.reliability.figure import Figure, Outcome
from benchmarks.reliability.kill_loop import run_on_a_file


async def run(options: argparse.Namespace) -> Outcome:
    """Run the kill loop on one process and SQLite."""
    return await run_on_a_file(options.kills, options.pages, options.seed)


figure = Figure(
    "pages",
    "{kills} kill -9 of the one process on SQLite under {pages} pages, with outages, 429 storms (Retry-After "
    "1-30), 10 % of posts made but answered 500 and 5 % never answered; connections to Slack cut, half-closed, "
    "stalled, delayed and refused every few seconds",
    "0 lost, 0 doubled, escalations in order",
    run,
    {"kills": 500, "pages": 3000},
)
