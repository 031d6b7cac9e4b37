"""The registered apps, and when each one's repository is looked at next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, insert, or_, select, update

from storage.database import Transaction, add_once
from storage.model import Acceptance, App, PageState, Role, Watch
from storage.names import name_key
from storage.tables import apps, owners, pages, reports, watches


async def add(transaction: Transaction, app: App) -> None:
    """Add *app*; raises Taken where its name is taken."""
    await add_once(transaction, apps, asdict(app))


async def change(transaction: Transaction, app_id: str, **fields: Any) -> None:
    """Set *fields* of the app."""
    await transaction.connection.execute(update(apps).where(apps.c.id == app_id).values(**fields))


async def get(transaction: Transaction, app_id: str) -> App | None:
    """Return the app with this id."""
    return await _one(transaction, apps.c.id == app_id)


async def lock(transaction: Transaction, app_id: str) -> None:
    """Have the transaction alone decide about the app until it ends; a SQLite transaction does so anyway."""
    # Without key_share it would wait for everybody who has written a row that refers to the app, and they for it.
    query = select(apps.c.id).where(apps.c.id == app_id).with_for_update(key_share=True)
    await transaction.connection.execute(query)


async def named(transaction: Transaction, name: str) -> App | None:
    """Return the app that is called *name*, in any case and Unicode form."""
    return await _one(transaction, apps.c.key == name_key(name.strip()))


async def of_repository(transaction: Transaction, repository: str) -> tuple[App, ...]:
    """Return the apps whose code is in *repository*, oldest first."""
    found = await transaction.connection.execute(
        select(apps).where(apps.c.repository == repository).order_by(apps.c.registered_at)
    )
    return tuple(App(**row) for row in found.mappings())


async def of_pushed(transaction: Transaction, repository: str) -> tuple[App, ...]:
    """Return the apps whose code is in *repository*, as its host spells it: hosts take any case, people type any."""
    found = await transaction.connection.execute(
        select(apps).where(func.lower(apps.c.repository) == repository.lower()).order_by(apps.c.registered_at)
    )
    return tuple(App(**row) for row in found.mappings())


async def names(transaction: Transaction) -> tuple[str, ...]:
    """Return the names of all apps, in order."""
    found = await transaction.connection.execute(select(apps.c.name).order_by(apps.c.key))
    return tuple(found.scalars())


def mine(person: str) -> ColumnElement[bool]:
    """Those that *person* registered, owns or backs up, for `find`."""
    held = select(owners.c.app_id).where(owners.c.person == person, owners.c.acceptance != Acceptance.DECLINED)
    return or_(apps.c.registered_by == person, apps.c.id.in_(held))


def unowned() -> ColumnElement[bool]:
    """Those that nobody accepted as owner, for `find`."""
    accepted = select(owners.c.app_id).where(owners.c.role == Role.OWNER, owners.c.acceptance == Acceptance.ACCEPTED)
    return apps.c.id.not_in(accepted)


def failing() -> ColumnElement[bool]:
    """Those whose last report shows a fault that keeps them from the place they want, for `find`."""
    return apps.c.report_id.in_(select(reports.c.id).where(reports.c.is_failing))


def matching(text: str) -> ColumnElement[bool]:
    """Those with *text* in their name, purpose or repository, for `find`."""
    return or_(
        apps.c.key.contains(name_key(text), autoescape=True),
        func.lower(apps.c.purpose).contains(text.lower(), autoescape=True),
        func.lower(apps.c.repository).contains(text.lower(), autoescape=True),
    )


async def find(
    transaction: Transaction, where: Sequence[ColumnElement[bool]] = (), *, limit: int
) -> tuple[tuple[App, ...], int]:
    """
    Return the first *limit* apps that meet every condition of *where*, and how many there are in all.

    Those with an open page come first, else by name.
    """
    total = (await transaction.connection.execute(select(func.count()).select_from(apps).where(*where))).scalar_one()
    open_page = select(pages.c.id).where(pages.c.app_id == apps.c.id, pages.c.state != PageState.RESOLVED).exists()
    query = select(apps).where(*where).order_by(case((open_page, 0), else_=1), apps.c.key).limit(limit)
    found = await transaction.connection.execute(query)
    return tuple(App(**row) for row in found.mappings()), total


async def watch(transaction: Transaction, app_id: str, due_at: datetime) -> None:
    """Have the app's repository looked at from *due_at* on."""
    row = {"app_id": app_id, "due_at": due_at, "trouble": "", "version": 0}
    await transaction.connection.execute(insert(watches).values(row))


async def watch_of(transaction: Transaction, app_id: str) -> Watch:
    """Return the watch of the app."""
    found = await transaction.connection.execute(select(watches).where(watches.c.app_id == app_id))
    return Watch(**found.mappings().one())


async def out_of_sight(transaction: Transaction, app_ids: Iterable[str]) -> dict[str, datetime]:
    """Return since when the code of those apps cannot be looked at of which that is so, by app."""
    query = select(watches.c.app_id, watches.c.trouble_since).where(
        watches.c.app_id.in_(list(app_ids)), watches.c.trouble_since.is_not(None)
    )
    return {row.app_id: row.trouble_since for row in await transaction.connection.execute(query)}


async def next_watch(transaction: Transaction) -> datetime | None:
    """Return when the next app has its turn."""
    return (await transaction.connection.execute(select(func.min(watches.c.due_at)))).scalar_one()  # type: ignore[no-any-return]


async def due_watches(transaction: Transaction, now: datetime, limit: int) -> tuple[Watch, ...]:
    """Return watches that are due, oldest first; several callers get different ones while their transactions last."""
    found = await transaction.connection.execute(
        select(watches)
        .where(watches.c.due_at <= now)
        .order_by(watches.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return tuple(Watch(**row) for row in found.mappings())


async def change_watch(transaction: Transaction, app_id: str, **fields: Any) -> None:
    """Set *fields* of the app's watch."""
    await transaction.connection.execute(update(watches).where(watches.c.app_id == app_id).values(**fields))


async def _one(transaction: Transaction, condition: ColumnElement[bool]) -> App | None:
    row = (await transaction.connection.execute(select(apps).where(condition))).mappings().one_or_none()
    return None if row is None else App(**row)
