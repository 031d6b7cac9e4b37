"""
`groundcrew migrate --from URL --to URL`: move the registry between SQLite and PostgreSQL, with every bot stopped.

Counts and checksums of every table are compared before anything is kept. Exit 0: done; 1: nothing was kept, the source
is as it was, and why is said.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

from storage.database import parse
from storage.errors import StorageError
from storage.moving import Moved, move


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `groundcrew migrate` takes to *parser*."""
    what = "sqlite+aiosqlite:////folder/registry.db or postgresql+psycopg://..."
    parser.add_argument("--from", dest="source", required=True, metavar="URL", help=f"the registry as it is: {what}")
    parser.add_argument("--to", dest="target", required=True, metavar="URL", help="an empty database, the same way")


def main(arguments: argparse.Namespace) -> int:
    """Move it, and return the exit status."""
    try:
        parse(arguments.source, "--from")
        parse(arguments.target, "--to")
        moved = asyncio.run(move(arguments.source, arguments.target, _tell))
    except StorageError as trouble:
        print(f"groundcrew migrate: {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("groundcrew migrate: ended. Nothing was kept; the source is as it was.", file=sys.stderr)
        return 130
    print(f"{sum(one.rows for one in moved):,} rows in {len(moved)} tables moved, counted and compared.")
    print("Set GROUNDCREW_DATABASE_URL to the new address, and start the bot with `groundcrew run`.")
    return 0


def _tell(moved: Moved) -> None:
    print(f"{moved.table:<20} {moved.rows:>9,} rows  {moved.checksum[:16]}", flush=True)
