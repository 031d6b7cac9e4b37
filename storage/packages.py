"""What apps install, by their last reports, and which advisories have been told of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import and_, delete, insert, or_, select

from checks.model import Report
from storage.database import Transaction
from storage.tables import apps, packages, reports, told_advisories

_AT_ONCE = 400  # values in one list: SQLite takes 32,766 in a statement
_CONDITIONS = 40  # packages in one statement
_LONGEST_NAME, _LONGEST_VERSION, _LONGEST_ID = 214, 200, 100
Value = TypeVar("Value")
Versions = dict[tuple[str, str], list[str]]


@dataclass(frozen=True, slots=True)
class Use:
    """One app that installs a package at *version*; *is_private*: its code is not for everybody to see."""

    app_id: str
    ecosystem: str
    name: str
    version: str
    direct: bool
    dev: bool
    is_private: bool


def _in_parts(values: Sequence[Value], size: int) -> Iterator[Sequence[Value]]:
    return (values[start : start + size] for start in range(0, len(values), size))


async def replace(transaction: Transaction, app_id: str, report: Report) -> None:
    """Keep what *report* says the app installs, and which advisories it tells, in place of what was kept."""
    await transaction.connection.execute(delete(packages).where(packages.c.app_id == app_id))
    rows = [
        {
            "app_id": app_id,
            "ecosystem": one.ecosystem,
            "name": one.name,
            "version": one.version,
            "direct": one.direct,
            "dev": one.dev,
        }
        for one in report.packages
        if len(one.name) <= _LONGEST_NAME and len(one.version) <= _LONGEST_VERSION
    ]
    if rows:
        await transaction.connection.execute(insert(packages), rows)
    await transaction.connection.execute(delete(told_advisories).where(told_advisories.c.app_id == app_id))
    found = (finding.package for result in report.results for finding in result.findings if finding.package is not None)
    await tell(transaction, ((app_id, one.name, advisory) for one in found for advisory in one.advisories))


async def tell(transaction: Transaction, told: Iterable[tuple[str, str, str]]) -> None:
    """Keep that (app, package, advisory) of *told*, none of which is kept yet, have been told."""
    kept = dict.fromkeys((app_id, name[:_LONGEST_NAME], advisory[:_LONGEST_ID]) for app_id, name, advisory in told)
    rows = [{"app_id": app_id, "name": name, "advisory": advisory} for app_id, name, advisory in kept]
    if rows:
        await transaction.connection.execute(insert(told_advisories), rows)


async def versions_of(transaction: Transaction, names: Collection[str]) -> Versions:
    """Return {(ecosystem, name): the versions that any app installs} of those of *names* that any app does."""
    found: Versions = {}
    for some in _in_parts(sorted(names), _AT_ONCE):
        query = (
            select(packages.c.ecosystem, packages.c.name, packages.c.version)
            .where(packages.c.name.in_(some))
            .distinct()
        )
        for ecosystem, name, version in await transaction.connection.execute(query):
            found.setdefault((ecosystem, name), []).append(version)
    return found


async def uses_of(transaction: Transaction, wanted: Collection[tuple[str, str, str]]) -> tuple[Use, ...]:
    """Return the apps that install any of *wanted*, (ecosystem, name, version), in the order of the apps' names."""
    versions: dict[tuple[str, str], list[str]] = {}
    for ecosystem, name, version in wanted:
        versions.setdefault((ecosystem, name), []).append(version)
    query = (
        select(apps.c.key, packages, reports.c.is_private)
        .join(apps, apps.c.id == packages.c.app_id)
        .join(reports, reports.c.id == apps.c.report_id)
    )
    found: list[tuple[str, Use]] = []
    for some in _in_parts(list(versions.items()), _CONDITIONS):
        # Not as rows within rows, for which SQLite reads the whole table.
        conditions = [
            and_(packages.c.name == name, packages.c.ecosystem == ecosystem, packages.c.version.in_(part))
            for (ecosystem, name), all_versions in some
            for part in _in_parts(all_versions, _AT_ONCE)
        ]
        rows = await transaction.connection.execute(query.where(or_(*conditions)))
        found += ((key, Use(*use)) for key, *use in rows)
    return tuple(use for _, use in sorted(found, key=lambda one: (one[0], one[1].name, one[1].version)))


async def told_of(transaction: Transaction, app_ids: Collection[str]) -> set[tuple[str, str, str]]:
    """Return the (app, package, advisory) that have been told of these apps."""
    found: set[tuple[str, str, str]] = set()
    for some in _in_parts(sorted(app_ids), _AT_ONCE):
        query = select(told_advisories.c.app_id, told_advisories.c.name, told_advisories.c.advisory)
        rows = await transaction.connection.execute(query.where(told_advisories.c.app_id.in_(some)))
        found.update((row.app_id, row.name, row.advisory) for row in rows)
    return found
