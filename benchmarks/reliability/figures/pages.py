"""Kills under pages: an outage, a storm of 429, posts that seem to fail and calls that are never answered."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks.reliability.figure import Figure, Outcome
from benchmarks.reliability.kill_loop import Campaign, run_campaign
from benchmarks.reliability.registry import file_url, new_home


async def run(options: argparse.Namespace) -> Outcome:
    """Run the kill loop on one process and SQLite."""
    with tempfile.TemporaryDirectory(prefix="groundcrew-reliability-") as folder:
        home = new_home(Path(folder))
        campaign = Campaign(options.kills, options.pages, options.seed, [home], file_url(home))
        return await run_campaign(campaign)


figure = Figure(
    "pages",
    "{kills} kill -9 of the one process on SQLite under {pages} pages, with outages, 429 storms (Retry-After 1-30), "
    "10 % of posts made but answered 500 and 5 % never answered",
    "0 lost, 0 doubled, escalations in order",
    run,
    {"kills": 500, "pages": 3000},
)
