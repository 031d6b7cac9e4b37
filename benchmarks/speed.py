"""
How fast the whole check is: `python -m benchmarks.speed CLONES` writes docs/speed.md.

For each clone, ours (history included, with an empty shelf) and each peer run in turn, ROUNDS times in the same order,
so that what else the machine does falls on all alike. The page tells medians, ratios and what falls short. A second
part makes repositories of 100, 1,000 and 20,000 commits and times a first check and one after one more commit.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import ours, peers
from benchmarks.clones import clones, commits, laid_out
from benchmarks.measure import Run, run

PAGE = Path(__file__).resolve().parents[1] / "docs" / "speed.md"
_TOGETHER = ("detect-secrets", "kingfisher, history", "bandit", "pip-audit", "zizmor")
_COMMITS = (100, 1_000, 20_000)
_FILES = 200  # in the made repositories; each commit changes one
_SLOWEST_S = 900.0


@dataclass(frozen=True, slots=True)
class Took:
    """Median *seconds*; *or_more* where a run was stopped before its end."""

    seconds: float
    or_more: bool = False

    def __str__(self) -> str:
        return f"{'> ' if self.or_more else ''}{self.seconds:.2f}"

    def ratio(self, own_s: float) -> str:
        """Return how *own_s* compares: below the ratio that is told, where this took longer than is known."""
        return f"{'< ' if self.or_more else ''}{own_s / self.seconds:.2f}"


@dataclass(frozen=True, slots=True)
class Timed:
    """The runs of one repository: ours and each peer's, in order."""

    name: str
    commits: int
    ours: Sequence[Run]
    theirs: dict[str, list[Run]]

    def peer(self, name: str) -> Took:
        """How long the peer *name* took; at least so long where one of its runs was stopped."""
        runs = self.theirs[name]
        return Took(statistics.median(one.wall_s for one in runs), any(one.status is None for one in runs))


def main() -> int:
    """Time all clones, print the page, and write it where --write is given."""
    parser = argparse.ArgumentParser(description="Time the whole check beside the peers.")
    parser.add_argument("clones", type=Path, help="a folder of clones; an empty one for the second part alone")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--limit", type=float, default=_SLOWEST_S, help="seconds after which a run is stopped")
    parser.add_argument("--peers", type=Path, help="the peers' environment (made where it is not there)")
    parser.add_argument("--advisories", action="append", default=[], help="OSV records, as of `advisories update`")
    parser.add_argument("--commits", type=int, nargs="*", default=list(_COMMITS), help="of the made repositories")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    arguments = parser.parse_args()
    binaries = peers.make(arguments.peers) if arguments.peers else None
    timed = [_time(clone, arguments, binaries) for clone in clones(arguments.clones)]
    grown = [_grow(number) for number in arguments.commits]
    versions = peers.versions(binaries) if binaries else {}
    page = "\n".join([*_head(versions, arguments.rounds), *_table(timed), *_growth(grown)])
    print(page)
    if arguments.write:
        PAGE.write_text(page + "\n", encoding="utf-8")
    return 0


def _time(clone: Path, arguments: argparse.Namespace, binaries: Path | None) -> Timed:
    own: list[Run] = []
    theirs: dict[str, list[Run]] = {peer.name: [] for peer in peers.PEERS} if binaries else {}
    with tempfile.TemporaryDirectory() as folder:
        laid_out(clone, Path(folder))
        for _ in range(arguments.rounds):
            with tempfile.TemporaryDirectory() as home:
                ours.bring_advisories(arguments.advisories, Path(home))
                own.append(run(ours.command(clone, Path(home)), limit_s=arguments.limit))
            for peer in peers.PEERS if binaries else ():
                assert binaries is not None
                command = peer.command(binaries, Path(folder), clone.resolve())  # kingfisher follows no link
                theirs[peer.name].append(run(command, cwd=Path(folder), limit_s=arguments.limit))
    print(f"{clone.name}: {statistics.median(one.wall_s for one in own):.1f} s", file=sys.stderr, flush=True)
    return Timed(clone.name, commits(clone), own, theirs)


@dataclass(frozen=True, slots=True)
class Grown:
    """A made repository: seconds of the first check, and of one after one more commit."""

    commits: int
    first_s: float
    again_s: float


def _grow(number: int) -> Grown:
    """Time a repository of *number* commits, then again after one more."""
    with tempfile.TemporaryDirectory() as folder:
        repository, home = Path(folder, "repository"), Path(folder, "home")
        git = ["git", "-C", str(repository)]
        made = ["git", "init", "--quiet", "--bare", "--initial-branch=main", str(repository)]
        subprocess.run(made, check=True)
        _import(git, "".join(_commits(number)))
        first = run(ours.command(repository, home), limit_s=_SLOWEST_S)
        _import(git, _commit(number + 1, "refs/heads/main^0"))
        again = run(ours.command(repository, home), limit_s=_SLOWEST_S)
        print(f"{number} commits: {first.wall_s:.2f} s, {again.wall_s:.2f} s", file=sys.stderr, flush=True)
        return Grown(number, first.wall_s, again.wall_s)


def _import(git: list[str], script: str) -> None:
    subprocess.run([*git, "fast-import", "--quiet"], input=script.encode(), check=True)


def _commits(number: int) -> Iterator[str]:
    for each in range(1, number + 1):
        yield _commit(each, None)


def _commit(number: int, parent: str | None) -> str:
    """Return one commit for `git fast-import`: it changes one file of many, a function with its own constant."""
    text = "".join(f"def step_{line}(value):\n    return value + {number * line}\n\n\n" for line in range(1, 30))
    begun = f"from {parent}\n" if parent else ""
    who = f"Ann <ann@example.test> {1_700_000_000 + number} +0000"
    return (
        f"commit refs/heads/main\nauthor {who}\ncommitter {who}\ndata 6\nChange\n{begun}"
        f"M 100644 inline part_{number % _FILES}.py\ndata {len(text)}\n{text}\n"
    )


def _head(versions: Mapping[str, str], rounds: int) -> Iterator[str]:
    yield "# How fast the whole check is"
    yield ""
    yield f"Made by `python -m benchmarks.speed` on {datetime.now(UTC):%d %B %Y}: {os.cpu_count()} cores,"
    yield f"{platform.system()}, Python {platform.python_version()}; medians of {rounds} rounds, ours and the peers in"
    yield "turn. Ours reads the whole history and starts with an empty shelf; memory is the peak of all its processes"
    yield "together, what they share counted once."
    if versions:
        yield ""
        yield f"Peers: {', '.join(f'{name} {version}' for name, version in versions.items())}. *Together* is"
        yield f"{', '.join(_TOGETHER)}, one after another. A figure behind > is of a peer that was stopped there,"
        yield "and what follows from it is a bound."
    yield ""


def _table(timed: list[Timed]) -> Iterator[str]:
    if timed:
        names = list(timed[0].theirs)
        columns = ["repository", "commits", "Groundcrew s", "MB", *names, "together", "ratio", "to kingfisher"]
        yield f"| {' | '.join(columns)} |"
        yield "|---" * len(columns) + "|"
        for one in timed:
            yield f"| {' | '.join(_row(one, names))} |"


def _row(one: Timed, names: list[str]) -> Iterator[str]:
    """Yield the cells of *one* repository; a peer that was stopped counts with the time that it was given."""
    own = statistics.median(each.wall_s for each in one.ours)
    yield from (one.name.replace("+", "/", 1), f"{one.commits:,}", f"{own:.2f}")
    yield f"{max(each.peak_mb for each in one.ours):.0f}"
    if not names:
        yield from ("-", "-", "-")
        return
    took = {name: one.peer(name) for name in names}
    yield from (str(took[name]) for name in names)
    parts = [took[name] for name in _TOGETHER]
    together = Took(sum(part.seconds for part in parts), any(part.or_more for part in parts))
    yield from (str(together), together.ratio(own), took["kingfisher, history"].ratio(own))


def _growth(grown: list[Grown]) -> Iterator[str]:
    if grown:
        yield from ("", "## A re-check after one more commit", "")
        yield f"Made repositories of {_FILES} files; each commit changes one of them."
        yield from ("", "| commits | first check s | after one more s | share |", "|---|---|---|---|")
        for one in grown:
            yield f"| {one.commits:,} | {one.first_s:.2f} | {one.again_s:.2f} | {one.again_s / one.first_s:.2f} |"


if __name__ == "__main__":
    sys.exit(main())
