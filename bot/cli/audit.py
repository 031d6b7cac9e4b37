"""
`groundcrew audit verify`: whether anybody tampered with the log of who did what; `groundcrew audit list`: that log.

It can be used while the bot runs. Exit 0: all is well; 1: the log was tampered with, and how is said, a line each;
2: it could not be looked at, and why is said.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.setting_kinds import duration
from bot.settings_load import WrongSettings, load
from storage import apps, audit, audit_chain, permissions
from storage.database import Database, Transaction, parse
from storage.errors import StorageError
from storage.migrate import newest_version, version_in
from storage.model import AuditEntry
from storage.names import name_key

_NOT_LOOKED_AT = 2  # another status than that of a log that was tampered with


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `groundcrew audit` takes to *parser*."""
    parser.epilog = "Exit status: 0 all is well, 1 the log was tampered with, 2 it could not be looked at."
    ways = parser.add_subparsers(dest="way", metavar="verify|list", required=True)
    verify = ways.add_parser("verify", help="look at every row, and say what was changed, removed or put in")
    verify.add_argument(
        "--head",
        type=_digest,
        metavar="DIGEST",
        help="a digest noted earlier (the bot's log has the newest of each day): then a cut-off end is seen, too",
    )
    listing = ways.add_parser("list", help="print who did what, when, oldest first")
    listing.add_argument("--app", metavar="NAME", help="only what was done to this app")
    listing.add_argument(
        "--since", type=_since, default="7d", metavar="WHEN", help="a duration such as 7d, or a day: 2026-11-30"
    )


def main(arguments: argparse.Namespace) -> int:
    """Do what *arguments* say, and return the exit status."""
    try:
        return asyncio.run(_verify(arguments.head or "") if arguments.way == "verify" else _list(arguments))
    except (WrongSettings, StorageError) as trouble:
        print(f"groundcrew audit: {trouble}", file=sys.stderr)
        return _NOT_LOOKED_AT


async def _verify(pinned: str) -> int:
    async with _reading() as transaction:
        verdict = await audit_chain.verify(transaction, pinned)
    for fault in verdict.faults:
        print(fault)
    rows = f"{verdict.rows:,} {'row' if verdict.rows == 1 else 'rows'}"
    if verdict.faults:
        print(f"\nThe audit log was tampered with: {rows}, {len(verdict.faults)} to explain.", file=sys.stderr)
        return 1
    print(f"ok: {rows}, each follows from the one before. The newest digest is {verdict.head or 'none'}")
    return 0


async def _list(arguments: argparse.Namespace) -> int:
    async with _reading() as transaction:
        app = await apps.named(transaction, arguments.app) if arguments.app else None
        if arguments.app and app is None:
            raise StorageError(f"There is no app called {arguments.app}.")
        key = name_key(arguments.app) if arguments.app else None
        entries = await audit.since(transaction, arguments.since, key)
        known = {
            one: found.name for one in {row.subject for row in entries} if (found := await apps.get(transaction, one))
        }
    for entry in entries:
        print(_line(entry, known.get(entry.subject, entry.subject)))
    return 0


def _line(entry: AuditEntry, subject: str) -> str:
    """Return one row for a reader; what came from outside stands in JSON, so that it cannot forge a line."""
    more = json.dumps(entry.detail, sort_keys=True)
    request = f" [{entry.request_id}]" if entry.request_id else ""
    plain = subject if re.fullmatch(r"[\w.:/@ -]*", subject, re.ASCII) else json.dumps(subject)
    return f"{entry.at:%Y-%m-%d %H:%M:%S} UTC  {entry.who}  {entry.what}  {plain}  {more}{request}"


@asynccontextmanager
async def _reading() -> AsyncIterator[Transaction]:
    """Give a view of the registry; raises StorageError where there is none of this version, or where it is not read."""
    database = await Database.open(_address())
    try:
        if await version_in(database) != newest_version():
            raise StorageError("The registry was written by another version: start the bot of this one on it first.")
        async with permissions.explained(database), database.read() as transaction:
            yield transaction
    finally:
        await database.close()


def _address() -> str:
    """Return where the registry is; raises StorageError for a file that is not there, since opening would make it."""
    url = load(os.environ).registry
    parsed = parse(url)
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").exists():
        raise StorageError(f"There is no registry {parsed.database} yet.")
    return url


def _digest(text: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise argparse.ArgumentTypeError("a digest has 64 hexadecimal digits")
    return text


def _since(text: str) -> datetime:
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return datetime.fromisoformat(text).replace(tzinfo=UTC)
        return datetime.now(UTC) - duration(text)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(
            f"{text!r} is neither a duration such as 7d nor a day such as 2026-11-30"
        ) from None
