"""
The command line `groundcrew`: a table of subcommands; only the chosen one is imported.

So `groundcrew check` starts in any CI without Slack, a registry or their settings.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

#: Subcommand -> what it does. Its module is bot.cli.<name>, with _ for -, which has `add_arguments(parser)` and
#: `main(arguments) -> int`.
COMMANDS = {
    "run": "start the bot: in Slack where its tokens are set, else in the local workspace",
    "check": "check a repository or a folder, and say where it may run",
    "policy": "show what each place asks for and each check allows, and what is wrong with a team's own file",
    "doctor": "say what this machine and these settings lack",
    "try-route": "send a test by a second route, and say what came back",
    "advisories": "update the index of known vulnerabilities, or say how old it is",
    "manifest": "print manifest.yml and the link that creates the Slack app with it",
    "backup": "write the whole registry to one file, also while the bot runs",
    "restore": "put the registry back from a backup",
    "migrate": "move the registry from SQLite to PostgreSQL, or back, with nothing lost",
    "audit": "say whether anybody tampered with the log of who did what, or print it",
}


_HEAD_START = "check"  # the subcommand that has one: bot/cli/head_start.py
_WORDS_ONLY = frozenset({"-h", "--help", "--explain"})  # with these it prints a text and checks nothing


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the subcommand that *arguments* (default: the command line's) name; return the exit status, 130 on Ctrl-C."""
    try:
        status = _run(arguments)
        if sys.stdout is not None:  # it is where somebody closed it
            sys.stdout.flush()  # here, where a reader who is gone can be told from a fault
    except KeyboardInterrupt:
        status = 130
    except BrokenPipeError:  # `groundcrew audit list | head` has seen enough
        # https://docs.python.org/3/library/signal.html#note-on-sigpipe: else the end of the program would write again
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 141
    return status


def _run(arguments: Sequence[str] | None) -> int:
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] != [_HEAD_START] or _WORDS_ONLY.intersection(words):
        return _chosen(words, None)
    with importlib.import_module("bot.cli.head_start").head_start() as head:
        return _chosen(words, head)


class _Version(argparse.Action):
    """Prints the version, which is looked up only where it is asked for: that takes longer than the parsing."""

    def __call__(self, parser: argparse.ArgumentParser, *_given: object) -> NoReturn:
        """Print it and end."""
        version = importlib.import_module("importlib.metadata").version("groundcrew-bot")
        parser.exit(message=f"{version}\n")


def _chosen(words: list[str], head: object) -> int:
    """Run the subcommand that *words* name; *head* is its head start, where it has one."""
    parser = argparse.ArgumentParser(
        prog="groundcrew",
        description="Says where a vibe-coded app may run, and stays responsible for it.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show program's version number and exit")
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, what in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=what, description=f"{what[0].upper()}{what[1:]}.")
        if words and words[0] == name:
            gc.disable()  # what is loaded is no garbage, and is looked through over and over
            module = importlib.import_module(f"bot.cli.{name.replace('-', '_')}")
            gc.freeze()
            gc.enable()
            module.add_arguments(subparser)
            subparser.set_defaults(run=module.main, head_start=head)
    chosen = parser.parse_args(words)
    status: int = chosen.run(chosen)
    return status


if __name__ == "__main__":
    sys.exit(main())
