"""A registry as it is after some weeks: what the stories of several people leave in it, and a row in every table."""

from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, Column, DateTime, Float, Integer, LargeBinary, Table, func, insert, select

from storage.columns import Json, UTCDateTime
from storage.database import Database
from storage.moving import as_kept
from storage.tables import metadata
from tests.commands.repository import OPEN_ROUTE, SOUND, Repository
from tests.world import ANN, BO, CY, DEE, MONDAY, RELIABILITY, Town
from tests.world import town as a_town


async def lived_in(folder: Path, url: str, *, everywhere: bool = False) -> Town:
    """
    Fill the database at *url*: two apps, checks, a regression, pages open and answered; give the town of it, closed.

    With *everywhere* the tables that these stories leave empty get a row, too, of values that mean nothing.
    """
    repository = Repository(folder / "billing")
    repository.commit("app.py", SOUND)
    async with a_town(folder, url=url) as town:
        answer = await town.ask(BO, "register-app", f"billing-bot {repository} @ann --backup @bo --channel #apps")
        await town.tick()
        await town.ask(ANN, "accept-app", id=f"{answer.card.app.id}:owner")
        await town.ask(DEE, "register-app", f"Überweisung-é {repository} @dee --channel #reliability", at=RELIABILITY)
        await town.tick()
        repository.commit("app.py", OPEN_ROUTE)
        await town.push(minutes=20)
        first = await town.ask(CY, "page-owner", "billing-bot rechnungen gehen doppelt raus 🔥 <b> 'x'")
        await town.push(minutes=6)
        await town.ask(BO, "resolve-page", id=first.page.id)
        await town.ask(CY, "page-owner", "billing-bot and again\nin two lines")
        await town.push(minutes=6)
        await town.ask(CY, "check-app", "billing-bot")  # promised, and not made yet
        if everywhere:
            await _fill(town.world.database)
    return town


async def contents(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Give every row of every table as it is kept, in an order that does not depend on the engine."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    async with database.read() as transaction:
        for table in metadata.sorted_tables:
            rows = await transaction.connection.execute(select(as_kept(table)))
            found[table.name] = sorted((tuple(row) for row in rows), key=repr)
    return found


async def _fill(database: Database) -> None:
    """Put a row into each table that the stories left empty."""
    for table in metadata.sorted_tables:
        async with database.write() as transaction:
            counted = await transaction.connection.execute(select(func.count()).select_from(table))
            if counted.scalar_one():
                continue
            row = {}
            for column in table.columns:
                for key in column.foreign_keys:
                    there = await transaction.connection.execute(select(key.column).limit(1))
                    row[column.name] = there.scalar_one()
                row.setdefault(column.name, _value(table, column))
            await transaction.connection.execute(insert(as_kept(table)).values(row))


def _value(table: Table, column: Column[Any]) -> Any:
    if isinstance(column.type, UTCDateTime | DateTime):
        return datetime(2026, 11, 23, 9, 0, 0, 123456, MONDAY.tzinfo)
    if isinstance(column.type, Json):
        return '{"a":  [1, null, "é"]}'  # with spaces that nobody writes: the text itself is what has to arrive
    for kind, value in ((Boolean, True), (Float, 0.1), (Integer, 7), (LargeBinary, b"\x00\xff")):
        if isinstance(column.type, kind):
            return value
    return f"{table.name}-{column.name}"[: getattr(column.type, "length", None) or 200]
