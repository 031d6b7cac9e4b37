"""The kill loop on three processes and PostgreSQL, whose server is restarted as after a crash."""

from __future__ import annotations

import argparse
import random
import tempfile
from pathlib import Path

from benchmarks.reliability.databases import proxied, safe_postgres
from benchmarks.reliability.figure import Figure, Outcome
from benchmarks.reliability.kill_loop import Campaign, run_campaign
from benchmarks.reliability.registry import new_home


async def run(options: argparse.Namespace) -> Outcome:
    """Kill random ones of three, restart the server, and cut its connections, in turn."""
    choice = random.Random(options.seed)  # noqa: S311 - no secret is made
    with safe_postgres() as server, tempfile.TemporaryDirectory(prefix="groundcrew-reliability-") as folder:
        url = server.new_database()
        async with proxied(server, url) as (proxy, through):
            homes = [new_home(Path(folder), f"home-{number}") for number in range(3)]
            restarts = max(1, options.kills // 25)

            def between(kill: int) -> None:
                if kill % max(1, options.kills // restarts) == 0:
                    server.restart()
                elif choice.random() < 0.1:  # noqa: PLR2004 - a tenth
                    proxy.cut()

            settings = {"GROUNDCREW_DATABASE_URL": through}
            # Three that live three times as long are killed as often as one.
            campaign = Campaign(
                options.kills, options.pages, options.seed, homes, url, settings, between, lives_s=(1.0, 9.0)
            )
            return await run_campaign(campaign)


figure = Figure(
    "fleet",
    "{kills} kill -9 of random ones of three processes on PostgreSQL under {pages} pages, pg_ctl restart -m immediate "
    "every 25 kills, its connections cut, and Slack as bad as above",
    "0 lost, 0 doubled, escalations in order",
    run,
    {"kills": 500, "pages": 3000},
)
