"""
`groundcrew backup FILE`: write the whole registry to one file, also while the bot runs.

The file is read back before it gets its name. Exit 0: it is good; 1: why not is said.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path

from bot.settings_load import WrongSettings, load
from storage.backup import Backup, back_up
from storage.errors import StorageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `groundcrew backup` takes to *parser*."""
    parser.add_argument("file", type=Path, metavar="FILE", help="where the backup is written, for its owner alone")
    parser.add_argument("--force", action="store_true", help="replace FILE where it exists, once the new one is good")


def main(arguments: argparse.Namespace) -> int:
    """Write the backup, and return the exit status."""
    try:
        made = asyncio.run(_back_up(arguments))
    except (WrongSettings, StorageError) as trouble:
        print(f"groundcrew backup: {trouble}", file=sys.stderr)
        return 1
    rows = f"{made.audit.rows:,} rows of the audit log"
    print(
        f"{made.path}: {made.size / 1e6:.1f} MB, read back and found whole (tables of version {made.version}, {rows})."
    )
    if made.audit.faults:
        print("groundcrew backup: the audit log was tampered with: see `groundcrew audit verify`.", file=sys.stderr)
        return 1
    return 0


async def _back_up(arguments: argparse.Namespace) -> Backup:
    return await back_up(load(os.environ).registry, arguments.file.absolute(), force=arguments.force)
