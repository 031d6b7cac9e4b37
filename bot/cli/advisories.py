"""
`groundcrew advisories`: what the local index of known vulnerabilities holds; `... update`: brings it up to date.

Without --from the OSV project's public archives are the source: whole at first, then what has changed since. Exit 0:
done; 1: there is no index; 2: the command was wrong or the update failed, and the index is as it was.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path

from checks.engine import engine_from
from checks.gather.advisories import HOW, holdings
from checks.gather.advisories_osv import DEFAULT, is_archive, update
from checks.gather.advisories_update import Built, build
from checks.gather.osv_source import UnusableSource
from checks.model import CheckError

SETTING = "GROUNDCREW_ADVISORIES_URL"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `groundcrew advisories` takes to *parser*."""
    parser.add_argument("action", nargs="?", choices=("update",), help="without it: say what the index holds")
    parser.add_argument(
        "--from",
        dest="sources",
        action="append",
        default=[],
        metavar="FILE|FOLDER|URL",
        help="OSV records: .json, .jsonl, .jsonl.gz or .zip; may be given several times "
        f"(default: {SETTING}, or else the OSV project's archives)",
    )
    parser.add_argument(
        "--home", type=Path, metavar="DIR", help="where Groundcrew keeps its files (default: GROUNDCREW_HOME)"
    )


def main(arguments: argparse.Namespace) -> int:
    """Show the index or build it anew, and return the exit status."""
    try:
        if arguments.action != "update" and arguments.sources:
            print(f"groundcrew advisories: --from goes with update: `{HOW} --from ...`.", file=sys.stderr)
            return 2
        home = engine_from(os.environ, arguments.home).home
        if arguments.action != "update":
            return _show(home)
        sources = arguments.sources or os.environ.get(SETTING, "").split() or [DEFAULT]
        if sources == ["off"]:
            print(
                f"groundcrew advisories: {SETTING} is off. Say where OSV records come from: --from FILE, FOLDER or "
                "https address. For a first try: --from examples/advisories",
                file=sys.stderr,
            )
            return 2
        print(_summary(asyncio.run(_updated(sources, home))))
    except (UnusableSource, CheckError) as error:
        print(f"groundcrew advisories: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"groundcrew advisories: {error.strerror or 'the home cannot be written'}", file=sys.stderr)
        return 2
    return 0


async def _updated(sources: list[str], home: Path) -> Built:
    if len(sources) == 1 and is_archive(sources[0]):
        return await update(sources[0], home)
    return await build(sources, home)


def _show(home: Path) -> int:
    held = holdings(home)
    if held is None:
        print(f"There is no advisory data yet: run `{HOW}`.")
        return 1
    date = held.data.date
    print(f"Source:  {held.data.source}")
    print(f"Newest:  {f'{date:%Y-%m-%d}' if date else 'no record says when it was changed'}")
    print("Records: " + ", ".join(f"{count:,} of {name}" for name, count in sorted(held.by_ecosystem.items())))
    return 0


def _summary(built: Built) -> str:
    """Return what the update brought, in two lines at most."""
    tally = built.tally
    left_out = [
        f"{count:,} {why}"
        for count, why in (
            (tally.withdrawn, "withdrawn"),
            (tally.elsewhere, "of other ecosystems"),
            (tally.malformed, "malformed"),
        )
        if count
    ]
    date = f", the newest of {built.data.date:%Y-%m-%d}" if built.data.date else ""
    kept = ", ".join(f"{count:,} of {name}" for name, count in sorted(tally.kept.items()))
    lines = [f"The index now holds {tally.records:,} advisories ({kept}){date}."]
    if left_out:
        lines.append(f"Left out: {', '.join(left_out)}.")
    return "\n".join(lines)
