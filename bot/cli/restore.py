"""
`groundcrew restore FILE`: put the registry back from a backup, with every bot stopped.

A SQLite registry that stands there is moved aside; PostgreSQL needs an empty database. Exit 0: done; 1: nothing was
changed, and why is said.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from bot.settings_load import WrongSettings, load
from storage.backup import restore
from storage.database import shown
from storage.errors import StorageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `groundcrew restore` takes to *parser*."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a file that `groundcrew backup` wrote")


def main(arguments: argparse.Namespace) -> int:
    """Put it back, and return the exit status."""
    try:
        registry = load(os.environ).registry
        done = restore(registry, arguments.file.absolute())
    except (WrongSettings, StorageError) as trouble:
        print(f"groundcrew restore: {trouble}", file=sys.stderr)
        return 1
    print(f"The registry {shown(registry)} is as it was in {arguments.file} (tables of version {done.version}).")
    if done.aside is not None:
        print(f"The one before it is {done.aside}: remove it when you no longer need it.")
    print("Start the bot again with `groundcrew run`. Pages that were open when the backup was made go on from there.")
    return 0
