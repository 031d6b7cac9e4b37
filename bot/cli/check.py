"""
`groundcrew check PATH-OR-URL`: the same engine as the bot's, with no Slack and no registry, for any CI.

Exit 0: it may go where it was asked for; 1: a blocking finding stands in the way; 2: only what could not be looked at
does, or the repository could not be read, or the command was wrong. Compared with something earlier (`--diff`,
`--since`, `--staged`) it is 1 where a blocking finding is new, else 0. With `--only` it is 1 where one of these checks
found something that blocks, 2 where one could not look, else 0.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import TextIOWrapper
from pathlib import Path

from bot.cli.argument_kinds import one_of, seconds
from bot.cli.explain import explained, no_such_check
from bot.cli.head_start import HeadStart
from bot.cli.report_text import colours_wanted, printable, report_text
from bot.setting_names import unknown
from checks.ahead import Ahead
from checks.documentation import renamed_checks
from checks.engine import Engine, engine_from
from checks.evaluate import error_id
from checks.gather.address import BadAddress
from checks.gather.live import Live, never_asked
from checks.gather.site_address import parse_site
from checks.gather.target import Target, parse_target
from checks.markdown import to_markdown
from checks.model import Audience, CheckError, Context, DataClass, Exposure, Outcome, Placement, Report
from checks.policy import PolicyError
from checks.regression import Change, compare
from checks.report_json import NoReport, from_json, to_json
from checks.runner import Progress, Stage, check_repository
from checks.sarif import to_sarif

HISTORY_WAIT_S = 600  # whoever runs it has nothing else to wait for, and a long history takes minutes
_LARGEST_REPORT = 64 * 1024 * 1024  # bytes; one of a thousand findings is below 1 MiB, and what is longer is none
_CLEAR = "\r\x1b[2K"  # to the start of the line, and the line empty


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `groundcrew check` takes to *parser*."""
    parser.epilog = (
        "Exit status: 0 where it may go where it was asked for, 1 where a finding stands in the way, 2 where only what "
        "could not be looked at does, or nothing could be checked. With --only: 1 where one of these checks found "
        "something that blocks, 2 where one could not look. With --diff, --since and --staged: 1 where a blocking "
        "finding is new."
    )
    parser.add_argument(
        "repository", metavar="PATH-OR-URL", nargs="?", help="a folder, a checkout, a bare repository, or https://..."
    )
    parser.add_argument(
        "--format", choices=("text", "json", "sarif", "markdown"), default="text", help="default: %(default)s"
    )
    parser.add_argument(
        "--place", type=one_of(Placement), choices=list(Placement), default=Placement.PRODUCTION,
        help="where it is to run (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--data",
        type=one_of(DataClass),
        choices=list(DataClass),
        help="the most sensitive data it touches (default: payment)",
    )
    parser.add_argument(
        "--audience", type=one_of(Audience), choices=list(Audience), help="who uses it (default: anyone)"
    )
    parser.add_argument("--live-url", metavar="URL", help="where it runs: what answers there is looked at, too")
    parser.add_argument(
        "--probe-routes",
        action="store_true",
        help="ask GET routes that change nothing at --live-url without a login; only of an app of your own",
    )
    parser.add_argument(
        "--exposure", type=one_of(Exposure), choices=list(Exposure), help="from where it is reached (default: internet)"
    )
    parser.add_argument(
        "--only", action="append", default=[], metavar="CHECK", help="ask this check alone; may be given several times"
    )
    parser.add_argument(
        "--history-wait", type=seconds(HISTORY_WAIT_S), default=HISTORY_WAIT_S, metavar="SECONDS",
        help="wait so long for a long history to be read for secrets; the next check reads on (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument("--explain", metavar="CHECK", help="say what a check asks, why, and how to mend what it finds")
    earlier = parser.add_mutually_exclusive_group()
    earlier.add_argument(
        "--diff", type=Path, metavar="REPORT", help="tell what is new since this report (made by --format json)"
    )
    earlier.add_argument("--since", metavar="COMMIT", help="tell what is new since this commit of the repository")
    earlier.add_argument(
        "--staged", action="store_true", help="tell what the next commit would bring: for a pre-commit hook"
    )
    parser.add_argument(
        "--home", type=Path, metavar="DIR", help="where Groundcrew keeps its files (default: GROUNDCREW_HOME)"
    )


@dataclass(frozen=True, slots=True)
class _Answer:
    """A *report*, and what *change*d in it since something earlier, where that was asked."""

    report: Report
    change: Change | None


def main(arguments: argparse.Namespace) -> int:
    """Check the repository, print the report, and return the exit status."""
    wrong = [*unknown(os.environ), *_wrong(arguments)]
    for sentence in wrong:
        print(f"groundcrew check: {printable(sentence)}", file=sys.stderr)
    if wrong:
        return 2
    if arguments.explain:
        return _print(lambda: explained(arguments.explain, colours=colours_wanted(sys.stdout, os.environ)), 0)
    try:
        head: HeadStart | None = getattr(arguments, "head_start", None)
        checking = _checked(arguments, head.ahead if head else None)
        answer = head.runner.run(checking) if head else asyncio.run(checking)
    except (CheckError, PolicyError, NoReport) as error:
        _clear()
        for sentence in error.faults if isinstance(error, PolicyError) else (str(error),):
            print(f"groundcrew check: {printable(sentence)}", file=sys.stderr)
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
    return _print(lambda: _told(answer, arguments), _status(answer, only=bool(arguments.only)))


def _wrong(arguments: argparse.Namespace) -> list[str]:
    """Return what is wrong with *arguments* that the parser cannot know, in sentences."""
    named = [*arguments.only, *([arguments.explain] if arguments.explain else [])]
    wrong = [sentence for name in named if (sentence := no_such_check(name))]
    if not arguments.explain and arguments.repository is None:
        wrong.append("Name what to check: a folder, a repository or an https:// address.")
    if arguments.probe_routes and not arguments.live_url:
        wrong.append("--probe-routes asks what runs at --live-url: give that, too.")
    if arguments.live_url and (arguments.since or arguments.staged):
        wrong.append("--live-url says nothing of a commit: leave it out with --since and --staged.")
    return wrong


async def _checked(arguments: argparse.Namespace, ahead: Ahead | None) -> _Answer:
    """Return the report on what *arguments* name, made with the worker *ahead*, compared with what they ask for."""
    engine = engine_from(os.environ, arguments.home)
    engine = replace(engine, limits=replace(engine.limits, history_wait_s=arguments.history_wait))
    target = parse_target(arguments.repository, engine.hosts, local=True)
    if arguments.live_url:
        _refuse_live_url(arguments.live_url, engine)
    before = _read(arguments.diff) if arguments.diff else None  # before the work, not after it
    if (arguments.since or arguments.staged) and target.folder is None:
        raise NoReport("--since and --staged look into a checkout on this machine; name its folder.")
    context = Context(arguments.data, arguments.audience, arguments.place, exposure=arguments.exposure)
    only = frozenset(arguments.only)
    report = await _report(
        replace(target, staged=arguments.staged), context, engine, only, live=_live(arguments), ahead=ahead
    )
    if arguments.since:
        before = await _report(replace(target, revision=arguments.since), context, engine, only)
    elif arguments.staged:
        # Where nothing is found nothing can be new: a clean commit costs one check and not two.
        found = frozenset(result.check for result in report.results if result.findings)
        before = await _report(replace(target, revision="HEAD"), context, engine, found) if found else report
    return _Answer(report, None if before is None else compare(before, report, renamed_checks()))


def _refuse_live_url(url: str, engine: Engine) -> None:
    """Raise BadAddress where *url* is no address of a live app: a slip is told at once and not after the check."""
    site = parse_site(url.partition("#")[0], engine.probe_ports)
    why = never_asked(site)
    if why:
        raise BadAddress(why)


async def _report(
    target: Target,
    context: Context,
    engine: Engine,
    only: frozenset[str],
    *,
    live: Live | None = None,
    ahead: Ahead | None = None,
) -> Report:
    with_token = target.address is not None
    return await check_repository(
        target, context, engine, _show, with_token=with_token, only=only, live=live, ahead=ahead
    )


def _live(arguments: argparse.Namespace) -> Live | None:
    """Return the live app that *arguments* name: whoever runs the command answers for asking it."""
    return Live(arguments.live_url, asks_routes=arguments.probe_routes) if arguments.live_url else None


def _read(path: Path) -> Report:
    try:
        with path.open("rb") as file:
            return from_json(file.read(_LARGEST_REPORT))
    except OSError as error:
        raise NoReport(f"{path}: {error.strerror}") from None
    except NoReport as error:
        raise NoReport(f"{path}: {error}") from None


def _told(answer: _Answer, arguments: argparse.Namespace) -> str:
    """Return *answer* in the form that *arguments* ask for."""
    match arguments.format:
        case "json":
            return json.dumps(to_json(answer.report, answer.change), indent=2)
        case "sarif":
            return json.dumps(to_sarif(answer.report, answer.change), indent=2)
        case "markdown":
            return to_markdown(answer.report, answer.change).rstrip("\n")
        case _:
            colours = colours_wanted(sys.stdout, os.environ)
            return report_text(answer.report, answer.change, colours=colours)


def _print(text: Callable[[], str], status: int) -> int:
    """Print *text* and return *status*, 2 where it cannot be written; where nobody reads on (`| head`), say nothing."""
    if sys.stdout is None:  # closed, as by `>&-`
        return status
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # PYTHONIOENCODING=ascii, or a name that is no UTF-8
    try:
        print(text())
        sys.stdout.flush()
    except OSError as error:
        # Python flushes once more at its end, which would fail again (https://docs.python.org/3/library/signal.html).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return status
        print(f"groundcrew check: the report could not be written: {error.strerror}.", file=sys.stderr)
        return 2
    return status


def _status(answer: _Answer, *, only: bool) -> int:
    if answer.change is not None:
        return 1 if any(told.finding.blocking for told in answer.change.fresh) else 0
    return _status_of_some(answer.report) if only else exit_status(answer.report)


def _status_of_some(report: Report) -> int:
    if any(finding.blocking for result in report.results for finding in result.findings):
        return 1
    return 2 if any(result.outcome is Outcome.NOT_CHECKED for result in report.results) else 0


def exit_status(report: Report) -> int:
    """Return 0 where the app may go where it was asked for, 1 where a finding stands in the way, else 2."""
    if report.verdict.placement.rank >= report.verdict.asked.rank:
        return 0
    return 1 if any(held.outcome is Outcome.FAILED for held in report.verdict.held_back) else 2


def _show(progress: Progress) -> None:
    """Show *progress* in one line that writes over itself, where a person is looking."""
    if sys.stderr is not None and sys.stderr.isatty():  # None: closed, as by `2>&-`
        words = {
            Stage.FETCHING: "fetching",
            Stage.READING: f"reading: {progress.done} of {progress.total} files",
            Stage.CHECKING: f"checking: {progress.done} of {progress.total} checks",
            Stage.HISTORY: f"reading the history: {progress.done} of {progress.total} versions of files",
            Stage.JUDGING: "judging",
        }
        print(f"{_CLEAR}{words[progress.stage]}", end="", file=sys.stderr, flush=True)


def _clear() -> None:
    if sys.stderr is not None and sys.stderr.isatty():
        print(_CLEAR, end="", file=sys.stderr, flush=True)
