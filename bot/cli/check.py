"""
`groundcrew check PATH-OR-URL`: the same engine as the bot's, with no Slack and no registry, for any CI.

Exit 0: it may go where it was asked for; 1: a blocking finding stands in the way; 2: only what could not be looked at
does, or the repository could not be read, or the command was wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from enum import StrEnum
from pathlib import Path

from bot.cli.report_text import colours_wanted, printable, report_text
from bot.setting_names import unknown
from checks.engine import engine_from
from checks.evaluate import error_id
from checks.gather.target import parse_target
from checks.model import Audience, CheckError, Context, DataClass, Outcome, Placement, Report
from checks.policy import PolicyError
from checks.report_json import to_json
from checks.runner import Progress, Stage, check_repository
from checks.sarif import to_sarif

_CLEAR = "\r\x1b[2K"  # to the start of the line, and the line empty


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `groundcrew check` takes to *parser*."""
    parser.add_argument(
        "repository", metavar="PATH-OR-URL", help="a folder, a checkout, a bare repository, or https://..."
    )
    parser.add_argument("--format", choices=("text", "json", "sarif"), default="text", help="default: %(default)s")
    parser.add_argument(
        "--place", type=Placement, choices=_choices(Placement), default=Placement.PRODUCTION,
        help="where it is to run (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--data",
        type=DataClass,
        choices=_choices(DataClass),
        help="the most sensitive data it touches (default: payment)",
    )
    parser.add_argument("--audience", type=Audience, choices=_choices(Audience), help="who uses it (default: anyone)")
    parser.add_argument(
        "--home", type=Path, metavar="DIR", help="where Groundcrew keeps its files (default: GROUNDCREW_HOME)"
    )


def _choices(kind: type[StrEnum]) -> list[StrEnum]:
    return list(kind)


def main(arguments: argparse.Namespace) -> int:
    """Check the repository, print the report, and return the exit status."""
    wrong = [*unknown(os.environ)]
    for sentence in wrong:
        print(f"groundcrew check: {printable(sentence)}", file=sys.stderr)
    if wrong:
        return 2
    context = Context(arguments.data, arguments.audience, arguments.place)
    try:
        engine = engine_from(os.environ, arguments.home)
        target = parse_target(arguments.repository, engine.hosts, local=True)
        report = asyncio.run(check_repository(target, context, engine, _show, with_token=target.address is not None))
    except (CheckError, PolicyError) as error:
        _clear()
        print(f"groundcrew check: {printable(str(error))}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        _clear()
        return 130
    except Exception as error:  # noqa: BLE001 - Python's own status would be 1, which means a blocking finding
        _clear()
        where = error_id(error)
        print(f"groundcrew check: not checked, by a fault of Groundcrew's own; report it as {where}.", file=sys.stderr)
        return 2
    _clear()
    _print(report, arguments.format)
    return exit_status(report)


def _print(report: Report, form: str) -> None:
    """Print *report*; where nobody reads any more, as with `| head`, end quietly."""
    try:
        match form:
            case "json":
                print(json.dumps(to_json(report), indent=2))
            case "sarif":
                print(json.dumps(to_sarif(report), indent=2))
            case _:
                print(report_text(report, colours=colours_wanted(sys.stdout, os.environ)))
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes once more at its end, which would fail again (https://docs.python.org/3/library/signal.html).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def exit_status(report: Report) -> int:
    """Return 0 where the app may go where it was asked for, 1 where a finding stands in the way, else 2."""
    if report.verdict.placement.rank >= report.verdict.asked.rank:
        return 0
    return 1 if any(held.outcome is Outcome.FAILED for held in report.verdict.held_back) else 2


def _show(progress: Progress) -> None:
    """Show *progress* in one line that writes over itself, where a person is looking."""
    if sys.stderr.isatty():
        words = {
            Stage.FETCHING: "fetching",
            Stage.READING: f"reading: {progress.done} of {progress.total} files",
            Stage.CHECKING: f"checking: {progress.done} of {progress.total} checks",
            Stage.JUDGING: "judging",
        }
        print(f"{_CLEAR}{words[progress.stage]}", end="", file=sys.stderr, flush=True)


def _clear() -> None:
    if sys.stderr.isatty():
        print(_CLEAR, end="", file=sys.stderr, flush=True)
