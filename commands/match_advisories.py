"""
The clock's order to tell which apps new advisories are about, from the lists of their last checks.

It does nothing until the index of advisories has changed. What a check has told of an app is not told again; the next
check tells the rest, the milder faults among it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from checks.facts.packages.advisory import Advisory
from checks.facts.packages.installed import affected_by, first_fix, severity_of, usual_id
from checks.gather.advisories import changed_since, date_of, describe
from checks.model import Severity
from commands.affected import Affected, AffectedApp, AffectedPackage
from commands.command import Command, Request
from commands.people import clock_only
from commands.rights import responsible
from commands.world import World
from storage import apps, marks, owners, packages
from storage.database import Transaction
from storage.model import App, Destination
from storage.packages import Use, Versions

MARK = "advisories"
#: More changes than that are another set of data, not news: each app's next check tells what is in it.
_MOST_CHANGED = 20_000

Found = tuple[Use, Advisory]


async def run(request: Request, world: World) -> None:
    """Tell what the newest advisories are about, in each app's thread and to who answers for several."""
    clock_only(request)
    home = world.house.engine.home
    held = await asyncio.to_thread(describe, home)
    if held is None or held.date is None:
        return
    async with world.database.read() as transaction:
        before = await marks.get(transaction, MARK)
    if before == held.date.isoformat():
        return
    since = date_of(before) if before else None
    changed = await asyncio.to_thread(changed_since, home, since, _MOST_CHANGED) if since is not None else ()
    async with world.database.write() as transaction:
        found = await match(transaction, changed or ())
        await _tell(transaction, world, found, held.date)
        await marks.put(transaction, MARK, held.date.isoformat())


async def match(transaction: Transaction, changed: Sequence[Advisory]) -> list[Found]:
    """Return each app's package that one of *changed* is gravely about and that nobody has been told of."""
    grave = [one for one in changed if severity_of(one) in {None, Severity.HIGH, Severity.CRITICAL}]
    names = {affected.name for one in grave for affected in one.affected}
    versions = await packages.versions_of(transaction, names)
    hit = await asyncio.to_thread(_hits, grave, versions)
    uses = await packages.uses_of(transaction, tuple(hit))
    told = await packages.told_of(transaction, {use.app_id for use in uses})
    return [
        (use, one)
        for use in uses
        for one in hit[use.ecosystem, use.name, use.version]
        if _matters(use, one) and not any((use.app_id, use.name, known) in told for known in (one.id, *one.aliases))
    ]


def _hits(grave: Iterable[Advisory], versions: Versions) -> Mapping[tuple[str, str, str], list[Advisory]]:
    found: dict[tuple[str, str, str], list[Advisory]] = {}
    for one in grave:
        for ecosystem, name in {(affected.ecosystem, affected.name) for affected in one.affected}:
            for version in affected_by(one, ecosystem, name, versions.get((ecosystem, name), ())):
                found.setdefault((ecosystem, name, version), []).append(one)
    return found


def _matters(use: Use, advisory: Advisory) -> bool:
    """Whether somebody should know before the next check: not of tools, nor of what nobody rated deep below."""
    if any(name.startswith("MAL-") for name in (advisory.id, *advisory.aliases)):
        return True
    return not use.dev and (use.direct or severity_of(advisory) is not None)


async def _tell(transaction: Transaction, world: World, found: Sequence[Found], date: datetime) -> None:
    by_app: dict[str, list[Found]] = {}
    for one in found:
        by_app.setdefault(one[0].app_id, []).append(one)
    named = await owners.of_apps(transaction, by_app)
    people: dict[str, list[AffectedApp]] = {}
    key = f"affected:{date:%Y%m%dT%H%M%S}"
    for app_id, hits in by_app.items():
        app = await apps.get(transaction, app_id)
        assert app is not None
        whole = _news_of(app, hits)
        for person in dict.fromkeys(responsible(named.get(app_id, ()))):
            people.setdefault(person, []).append(whole)
        shown = AffectedApp(app.name, (), len(whole.packages)) if hits[0][0].is_private else whole
        news = Affected((shown,))
        await world.messenger.post(transaction, Destination(app_id=app_id), news, key=f"{key}:{app_id}")
        await packages.tell(transaction, {(app_id, use.name, usual_id(one)) for use, one in hits})
    for person, theirs in people.items():
        # Who answers for one app reads its thread, unless what stands there is a number.
        hidden = any(use.is_private for use, _ in found if person in responsible(named.get(use.app_id, ())))
        if len(theirs) > 1 or hidden:
            await world.messenger.post(transaction, Destination(person=person), Affected(tuple(theirs)), key=key)


def _news_of(app: App, hits: Sequence[Found]) -> AffectedApp:
    return AffectedApp(
        app.name,
        tuple(
            AffectedPackage(
                use.name,
                use.version,
                usual_id(one),
                one.summary,
                first_fix(one, use.ecosystem, use.name, use.version),
                use.direct,
            )
            for use, one in hits
        ),
    )


command = Command("match-advisories", run)
