"""
`groundcrew backup FILE`: write the whole registry to one file, also while the bot runs.

The file is read back before it gets its name. Exit 0: it is good; 1: there is none, and why is said.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from bot.app import database_url
from bot.settings_load import WrongSettings, load
from storage.backup import back_up
from storage.errors import StorageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `groundcrew backup` takes to *parser*."""
    parser.add_argument("file", type=Path, metavar="FILE", help="where the backup is written, for its owner alone")
    parser.add_argument("--force", action="store_true", help="replace FILE where it exists, once the new one is good")


def main(arguments: argparse.Namespace) -> int:
    """Write the backup, and return the exit status."""
    try:
        made = back_up(database_url(load(os.environ)), arguments.file.absolute(), force=arguments.force)
    except (WrongSettings, StorageError) as trouble:
        print(f"groundcrew backup: {trouble}", file=sys.stderr)
        return 1
    print(f"{made.path}: {made.size / 1e6:.1f} MB, read back and found whole (tables of version {made.version}).")
    return 0
