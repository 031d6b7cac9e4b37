"""The kill loop on three processes and PostgreSQL, whose server is restarted as after a crash."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks.reliability.databases import proxied, safe_postgres
from benchmarks.reliability.disturb import Line
from benchmarks.reliability.figure import Figure, Outcome
from benchmarks.reliability.kill_loop import Campaign, run_campaign
from benchmarks.reliability.registry import new_home

#: Each of them can send every page while the two others are dead.
_ROLES = ("all", "bot", "bot")


async def run(options: argparse.Namespace) -> Outcome:
    """Kill random ones of three, restart the server, and disturb the lines to it and to Slack, all at once."""
    with safe_postgres() as server, tempfile.TemporaryDirectory(prefix="groundcrew-reliability-") as folder:
        url = server.new_database()
        async with proxied(server, url) as (proxy, through):
            homes = [new_home(Path(folder), f"home-{number}") for number in range(3)]
            every = max(1, options.kills // max(1, options.kills // 25))

            def between(kill: int) -> None:
                if kill % every == 0:
                    server.restart()

            settings = {"GROUNDCREW_DATABASE_URL": through}
            campaign = Campaign(
                options.kills,
                options.pages,
                options.seed,
                homes,
                url,
                roles=_ROLES,
                lines=[Line(proxy, options.seed + 1, delay_s=(0.001, 0.03))],
                settings=settings,
                between=between,
                lives_s=(1.0, 9.0),  # three that live three times as long are killed as often as one
            )
            return await run_campaign(campaign)


figure = Figure(
    "fleet",
    "{kills} kill -9 of random ones of three processes (one `all`, two `bot`) on PostgreSQL under {pages} pages; "
    "pg_ctl restart -m immediate every 25 kills, connections to it cut, half-closed, stalled, delayed and "
    "refused every few seconds, and Slack and the line to it as bad as in `pages`",
    "0 lost, 0 doubled, escalations in order",
    run,
    {"kills": 500, "pages": 3000},
)
