"""The same kills where the bot may read no history: what it cannot know it says again, and says so."""

from __future__ import annotations

import argparse

from benchmarks.reliability.figure import Figure, Outcome
from benchmarks.reliability.kill_loop import run_on_a_file


async def run(options: argparse.Namespace) -> Outcome:
    """Run the kill loop on one process and SQLite, without the scopes that read histories."""
    return await run_on_a_file(options.kills, options.pages, options.seed, readable=False)


figure = Figure(
    "unreadable",
    "as `pages`, with {kills} kills under {pages} pages, in a Slack that lets the bot read no history",
    "0 lost, escalations in order; what stands twice is marked “(repeat)”",
    run,
    {"kills": 100, "pages": 600},
)
