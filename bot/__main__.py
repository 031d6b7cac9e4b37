"""
The command line `groundcrew`: a table of subcommands; only the chosen one is imported.

So `groundcrew check` starts in any CI without Slack, a registry or their settings.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from importlib import metadata

#: Subcommand -> what it does. Its module is bot.cli.<name> with `add_arguments(parser)` and `main(arguments) -> int`.
COMMANDS = {
    "run": "start the bot: in Slack where its tokens are set, else in the local workspace",
    "check": "check a repository or a folder, and say where it may run",
    "policy": "show what each place asks for and each check allows, and what is wrong with a team's own file",
    "doctor": "say what this machine and these settings lack",
    "advisories": "update the index of known vulnerabilities, or say how old it is",
    "manifest": "print manifest.yml and the link that creates the Slack app with it",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the subcommand that *arguments* (default: the command line's) name; return the exit status, 130 on Ctrl-C."""
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        return 130


def _run(arguments: Sequence[str] | None) -> int:
    words = list(sys.argv[1:] if arguments is None else arguments)
    parser = argparse.ArgumentParser(
        prog="groundcrew",
        description="Says where a vibe-coded app may run, and stays responsible for it.",
    )
    parser.add_argument("--version", action="version", version=metadata.version("groundcrew-bot"))
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, what in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=what, description=f"{what[0].upper()}{what[1:]}.")
        if words and words[0] == name:
            module = importlib.import_module(f"bot.cli.{name}")
            module.add_arguments(subparser)
            subparser.set_defaults(run=module.main)
    chosen = parser.parse_args(words)
    status: int = chosen.run(chosen)
    return status


if __name__ == "__main__":
    sys.exit(main())
