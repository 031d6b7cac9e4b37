"""The same kills where the bot may read no history: what it cannot know it says again, and says so."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks.reliability.figure import Figure, Outcome
from benchmarks.reliability.kill_loop import Campaign, run_campaign
from benchmarks.reliability.registry import file_url, new_home


async def run(options: argparse.Namespace) -> Outcome:
    """Run the kill loop on one process and SQLite, without the scopes that read histories."""
    with tempfile.TemporaryDirectory(prefix="groundcrew-reliability-") as folder:
        home = new_home(Path(folder))
        campaign = Campaign(options.kills, options.pages, options.seed, [home], file_url(home), readable=False)
        return await run_campaign(campaign)


figure = Figure(
    "unreadable",
    "as `pages`, with {kills} kills under {pages} pages, in a Slack that lets the bot read no history",
    "0 lost, escalations in order; what stands twice is marked “(repeat)”",
    run,
    {"kills": 100, "pages": 600},
)
