"""
`groundcrew doctor`: what this machine and these settings lack, a line each, with its mend.

Exit 0: everything is well, or only could be better; 1: the bot would not start, or could not do its work.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Mapping

from bot.diagnosis import Finding, State
from bot.examinations import examine
from bot.settings_load import SLACK_NAMES, WrongSettings, load
from storage.database import shown
from storage.errors import StorageError

_MARKS = {State.OK: "ok  ", State.WARN: "warn", State.FAIL: "FAIL"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take no arguments."""
    del parser


def main(arguments: argparse.Namespace) -> int:
    """Print what was found, and return 1 where something keeps the bot from its work."""
    del arguments
    print(_whose(os.environ))
    found = asyncio.run(_found(os.environ))
    for one in found:
        print(f"{_MARKS[one.state]}  {one.what}: {one.words}")
    failed = sum(one.state is State.FAIL for one in found)
    print(f"\n{failed} to mend." if failed else "\nGroundcrew can run with these settings.", file=sys.stderr)
    return 1 if failed else 0


def _whose(environment: Mapping[str, str]) -> str:
    """Return whose settings these are: those of a service differ from those of the shell that asks."""
    slack = "in Slack" if environment.get("SLACK_BOT_TOKEN") or environment.get("SLACK_BOT_TOKEN_FILE") else "no Slack"
    try:
        settings = load(environment)
    except WrongSettings:
        home = environment.get("GROUNDCREW_HOME") or "that of this user"
        return f"Settings of this command: home {home}, {slack}; some cannot be used."
    try:
        registry = shown(settings.registry)
    except StorageError:
        registry = "none"
    return f"Settings of this command: home {settings.home}, registry {registry}, {slack}."


async def _found(environment: Mapping[str, str]) -> list[Finding]:
    """Look at everything; beside a setting that is wrong, at all that can be seen without it."""
    try:
        settings = load(environment)
    except WrongSettings as wrong:
        found = [Finding(State.FAIL, "settings", fault) for fault in wrong.faults]
        named = {fault.partition(" ")[0].removesuffix("_FILE") for fault in wrong.faults}
        if "GROUNDCREW_HOME" in named:
            return found  # another home would be made and looked at in its place
        # Slack needs all of its settings: with one left out it would be told that nothing is set.
        in_slack = not named & {*SLACK_NAMES}
        left_out = named if in_slack else named | {*SLACK_NAMES}
        rest = {name: value for name, value in environment.items() if name.removesuffix("_FILE") not in left_out}
        return [*found, *await examine(load(rest), with_slack=in_slack)]
    ok = Finding(State.OK, "settings", "every setting that is set can be used")
    return [ok, *await examine(settings)]
