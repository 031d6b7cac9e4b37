"""
How fast a new advisory finds the apps it is about: `python -m benchmarks.matching --write` writes docs/matching.md.

A registry of many apps is made the way checks make it, on SQLite and on a PostgreSQL server of its own; few packages
are in most apps and most in few. Then the clock's question (which apps do these advisories concern, and nobody has been
told?) and that of `/apps using` are asked ROUNDS times. No repository is there to be touched.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from typing import Any

from checks.facts.packages.advisory import Advisory, Affected, Span
from checks.facts.packages.packages import NPM
from checks.model import Installed, Placement, Report, Verdict
from commands.match_advisories import match
from commands.package_uses import parse_package, uses_within
from storage import apps, reports
from storage.database import Database, Transaction
from storage.migrate import migrate
from storage.model import App
from tests.postgres_server import running_postgres

PAGE = Path(__file__).resolve().parents[1] / "docs" / "matching.md"
_NAMES = 5_000  # different packages; the one of rank r is asked for as 1/r
_MAJORS = 4  # each package has 5 versions of each; the advisories are about the first half
_A_DAY = 200  # records that change in one day, roughly, among those of severity high and above
_AT_ONCE = 500  # apps written in one transaction
_MOMENT = datetime(2026, 11, 22, tzinfo=UTC)

Question = Callable[[Transaction], Coroutine[Any, Any, Sequence[object]]]


@dataclass(frozen=True, slots=True)
class Measured:
    """How long *question* took on *engine* each time, and how many packages of apps it *found*."""

    engine: str
    question: str
    found: int
    seconds: Sequence[float]


def main() -> int:
    """Make the registries, ask, print the page, and write it where --write is given."""
    parser = argparse.ArgumentParser(description="Time how a new advisory finds the apps it is about.")
    parser.add_argument("--apps", type=int, default=10_000)
    parser.add_argument("--packages", type=int, default=300, help="that each app installs")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--initdb", default=shutil.which("initdb"), help="PostgreSQL's (Debian keeps it off the PATH)")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measured = asyncio.run(_measured("SQLite", f"sqlite+aiosqlite:///{folder}/registry.db", arguments))
    if arguments.initdb:
        with running_postgres(arguments.initdb) as server:
            measured += asyncio.run(_measured("PostgreSQL", server.new_database(), arguments))
    page = "\n".join(_page(measured, arguments))
    print(page)
    if arguments.write:
        PAGE.write_text(page + "\n", encoding="utf-8")
    return 0


async def _measured(engine: str, url: str, arguments: argparse.Namespace) -> list[Measured]:
    database = await Database.open(url)
    try:
        await migrate(database)
        begun = time.monotonic()
        await _fill(database, arguments.apps, arguments.packages)
        print(f"{engine}: made in {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
        return [await _timed(database, engine, name, question, arguments.rounds) for name, question in _questions()]
    finally:
        await database.close()


async def _timed(database: Database, engine: str, name: str, question: Question, rounds: int) -> Measured:
    seconds, found = [], 0
    for _ in range(rounds):
        begun = time.monotonic()
        async with database.read() as transaction:
            found = len(await question(transaction))
        seconds.append(time.monotonic() - begun)
    return Measured(engine, name, found, seconds)


def _questions() -> Iterator[tuple[str, Question]]:
    yield "one advisory, a package that most apps have", lambda reading: match(reading, [_advisory(1)])
    yield "one advisory, a package that some apps have", lambda reading: match(reading, [_advisory(100)])
    yield "one advisory, a package that few apps have", lambda reading: match(reading, [_advisory(4_000)])
    day = [_advisory(rank) for rank in range(_NAMES // _A_DAY, _NAMES + 1, _NAMES // _A_DAY)]
    yield f"the {len(day)} advisories of a day", lambda reading: match(reading, day)
    yield "`/apps using package-1@<2`", lambda reading: uses_within(reading, parse_package("package-1@<2"))


def _advisory(rank: int) -> Advisory:
    affected = Affected(NPM, _name(rank), (Span("0", fixed=f"{_MAJORS // 2}.0.0"),))
    return Advisory(f"GHSA-{rank}", severity="high", affected=(affected,))


def _name(rank: int) -> str:
    return f"package-{rank}"


async def _fill(database: Database, number: int, packages: int) -> None:
    """Register *number* apps and keep a report of each that installs about *packages*."""
    choice = random.Random(0)  # noqa: S311 - no secret is made
    weights = list(accumulate(1 / rank for rank in range(1, _NAMES + 1)))
    for start in range(0, number, _AT_ONCE):
        async with database.write() as transaction:
            for app in range(start, min(start + _AT_ONCE, number)):
                identifier, name = f"A{app}", f"app-{app}"
                address = f"https://code.test/{name}"
                await apps.add(transaction, App(identifier, name, name, address, "UANN", _MOMENT))
                report = _report(address, _installed(choice, weights, packages))
                await reports.save(transaction, f"R{app}", identifier, report, is_private=False)


def _installed(choice: random.Random, weights: list[float], number: int) -> tuple[Installed, ...]:
    """Choose *number* packages by *weights*; those chosen twice leave room for rarer ones."""
    ranks: dict[int, None] = {}
    while len(ranks) < number:
        ranks.update(dict.fromkeys(choice.choices(range(1, _NAMES + 1), cum_weights=weights, k=number)))
    return tuple(
        Installed(
            NPM, _name(rank), f"{choice.randrange(_MAJORS)}.{choice.randrange(5)}.1", direct=choice.randrange(10) == 0
        )
        for rank in list(ranks)[:number]
    )


def _report(repository: str, installed: tuple[Installed, ...]) -> Report:
    verdict = Verdict(Placement.SANDBOX, Placement.PRODUCTION)
    return Report(repository, "0" * 40, _MOMENT, 1.0, (), verdict, packages=installed)


def _page(measured: list[Measured], arguments: argparse.Namespace) -> Iterator[str]:
    yield "# How fast a new advisory finds the apps it is about"
    yield ""
    yield f"Made by `python -m benchmarks.matching` on {datetime.now(UTC):%d %B %Y}: {os.cpu_count()} cores,"
    yield f"{platform.system()}, Python {platform.python_version()}; {arguments.apps:,} made apps that install"
    yield f"{arguments.packages} packages each, of {_NAMES:,}; {arguments.rounds} rounds. No repository is touched."
    yield "*Found* are the packages of apps that are concerned and of which nobody has been told."
    yield ""
    yield "| registry | asked | found | median s | slowest s |"
    yield "|---|---|---|---|---|"
    for one in measured:
        figures = f"{statistics.median(one.seconds):.3f} | {max(one.seconds):.3f}"
        yield f"| {one.engine} | {one.question} | {one.found:,} | {figures} |"


if __name__ == "__main__":
    sys.exit(main())
