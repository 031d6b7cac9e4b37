"""
`groundcrew doctor`: what this machine and these settings lack, a line each, with its mend.

Exit 0: everything is well, or only could be better; 1: the bot would not start, or could not do its work.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys

from bot.examinations import Finding, State, examine
from bot.settings_load import WrongSettings, load

_MARKS = {State.OK: "ok  ", State.WARN: "warn", State.FAIL: "FAIL"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take no arguments."""
    del parser


def main(arguments: argparse.Namespace) -> int:
    """Print what was found, and return 1 where something keeps the bot from its work."""
    del arguments
    try:
        settings = load(os.environ)
    except WrongSettings as wrong:
        found = [Finding(State.FAIL, "settings", fault) for fault in wrong.faults]
    else:
        found = [Finding(State.OK, "settings", "every setting that is set can be used")]
        found += asyncio.run(examine(settings))
    for one in found:
        print(f"{_MARKS[one.state]}  {one.what}: {one.words}")
    failed = sum(one.state is State.FAIL for one in found)
    print(f"\n{failed} to mend." if failed else "\nGroundcrew can run here.", file=sys.stderr)
    return 1 if failed else 0
