"""The registry under test: apps put into it before the bot starts, and what it promised, read afterwards."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from benchmarks.reliability.slack import RELIABILITY
from storage import apps, owners
from storage.database import Database, Transaction
from storage.errors import StorageError
from storage.migrate import migrate
from storage.model import Acceptance, App, Owner, PageState, Role
from storage.names import name_key
from storage.tables import check_requests, inbox, messages, outbox, pages, reports, told

_LONG_AGO = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
_BUSY_S = 60.0  # Database.open tries out a write for two seconds
_LATER = datetime(2126, 11, 1, 9, 0, tzinfo=UTC)  # nobody looks at an app unasked


@dataclass(frozen=True, slots=True)
class SeededApp:
    """An app that is there before the bot starts: its name, and the places of a page's chain in their order."""

    name: str
    owner: str
    backup: str
    channel: str

    @property
    def chain(self) -> tuple[str, ...]:
        """The channels in which the steps of a page arrive."""
        return (f"D{self.owner[1:]}", f"D{self.backup[1:]}", self.channel, RELIABILITY)


def new_home(folder: Path, name: str = "home") -> Path:
    """Make the home of a bot in *folder*, as only its user may read it."""
    home = folder / name
    home.mkdir(mode=0o700)
    return home


def file_url(home: Path) -> str:
    """Return the address of the registry that a bot at *home* has without a setting."""
    return f"sqlite+aiosqlite:///{home}/registry.db"


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """Open the registry at *url*, and wait while the bot there keeps it busy."""
    ends = time.monotonic() + _BUSY_S
    while True:
        try:
            database = await Database.open(url)
        except StorageError:
            if time.monotonic() > ends:
                raise
        else:
            break
    try:
        yield database
    finally:
        await database.close()


async def seed(url: str, number: int, *, repository: str = "https://github.com/acme/{name}") -> tuple[SeededApp, ...]:
    """Make a registry of *number* apps with owner, backup, a channel of their own and a card in it."""
    made = tuple(SeededApp(f"app-{each:04}", f"UO{each:04}", f"UB{each:04}", f"C{each:04}") for each in range(number))
    async with opened(url) as database:
        await migrate(database)
        async with database.write() as transaction:
            for one in made:
                await _add(transaction, one, repository.format(name=one.name))
    return made


async def _add(transaction: Transaction, one: SeededApp, repository: str) -> None:
    app_id, ts = f"id-{one.name}", "1.000001"
    stands: dict[str, Any] = {"channel": one.channel, "thread_channel": one.channel, "thread": ts}
    await apps.add(transaction, App(app_id, one.name, name_key(one.name), repository, one.owner, _LONG_AGO, **stands))
    await apps.watch(transaction, app_id, _LATER)
    for role, person in ((Role.OWNER, one.owner), (Role.BACKUP, one.backup)):
        await owners.name(
            transaction, Owner(app_id, role, person, Acceptance.ACCEPTED, one.owner, _LONG_AGO, _LONG_AGO)
        )
    card = {"key": f"card:{app_id}", "place": f"root:{app_id}", "channel": one.channel, "ts": ts}
    await transaction.connection.execute(insert(messages).values(card | {"sent_at": _LONG_AGO}))


@dataclass(frozen=True, slots=True)
class PromisedPage:
    """A page as the registry has it: what is wrong, its state, and who was told how often (failed ones left out)."""

    id: str
    what: str
    state: str
    told: dict[str, int]
    failed: dict[str, int]


async def promised(url: str) -> tuple[PromisedPage, ...]:
    """Return every page of the registry."""
    async with opened(url) as database, database.read() as transaction:
        run = transaction.connection.execute
        rows = (await run(select(pages.c.id, pages.c.what, pages.c.state).order_by(pages.c.made_at))).all()
        logged = (await run(select(told.c.page_id, told.c.target, told.c.failed).where(told.c.route == ""))).all()
    counted: dict[tuple[str, bool], dict[str, int]] = {}
    for page_id, target, failed in logged:
        place = f"D{target[1:]}" if target.startswith("U") else target
        one = counted.setdefault((page_id, bool(failed)), {})
        one[place] = one.get(place, 0) + 1
    pairs = [(row, counted.get((row.id, False), {}), counted.get((row.id, True), {})) for row in rows]
    return tuple(PromisedPage(row.id, row.what, str(row.state), reached, failed) for row, reached, failed in pairs)


async def waiting(database: Database) -> dict[str, int]:
    """Return how many rows of each kind still wait to be worked off."""
    queries: dict[str, Any] = {
        "outbox": select(func.count()).where(outbox.c.sent_at.is_(None), outbox.c.failed_at.is_(None)),
        "inbox": select(func.count()).where(inbox.c.done_at.is_(None)),
        "pages": select(func.count()).where(pages.c.state == PageState.TRIGGERED, pages.c.due_at <= datetime.now(UTC)),
        "checks": select(func.count()).where(check_requests.c.done_at.is_(None)),
    }
    async with database.read() as transaction:
        return {name: (await transaction.connection.execute(query)).scalar_one() for name, query in queries.items()}


async def count_reports(url: str) -> int:
    """Return how many reports are kept."""
    async with opened(url) as database, database.read() as transaction:
        counted = await transaction.connection.execute(select(func.count()).select_from(reports))
        return int(counted.scalar_one())


async def undelivered(url: str) -> Sequence[Any]:
    """Return the rows of the outbox that were not sent: key, place, error and how often they were tried."""
    query = select(outbox.c.key, outbox.c.place, outbox.c.error, outbox.c.attempts, outbox.c.failed_at)
    async with opened(url) as database, database.read() as transaction:
        return (await transaction.connection.execute(query.where(outbox.c.sent_at.is_(None)))).all()
