"""
/apps: mine, all, those without an owner, with a fault in the way, or using a package; a search; or the card of one.

A name wins over a search, and every word of its own is reserved, so that no app can be called one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from commands.cards import card_of, channel_trouble, outline
from commands.command import Command, Refused, Request
from commands.news import AppList, AppRow, Card
from commands.package_uses import noted, parse_package, uses_within
from commands.rights import Action, Over, approving, demand, may, parts_of
from commands.words import close_to, whole
from commands.world import Person, World
from storage import apps, owners, pages, reports
from storage.database import Transaction
from storage.model import Acceptance, App, Role
from storage.names import RESERVED, is_help, name_key

_SHOWN = 20
_USAGE = "/apps [mine|all|unowned|failing|using PACKAGE@RANGE|SEARCH|NAME]"
_TITLES = {
    "mine": "Your apps",
    "all": "All apps",
    "unowned": "Apps that nobody has accepted",
    "failing": "Apps with a fault that keeps them from the place they want",
}
_EMPTY = {
    "mine": "You have no apps yet. Register one: /register-app",
    "all": "No app is registered yet. Register the first: /register-app",
    "unowned": "Every app has an owner who accepted it.",
    "failing": "No app has a known fault in its way.",
}


async def run(request: Request, world: World) -> AppList | Card:
    """Show what the words ask for; raises Refused where nothing matches."""
    person = await demand(request, world, Action.SEE_APPS)
    text = whole(request.text)
    word = name_key(text) or "mine"
    if is_help(text):
        raise Refused(command.help, example="/apps failing")
    if word in RESERVED:
        return await _listed(word, person.id, world)
    first, _, wanted = text.partition(" ")
    async with world.database.read() as transaction:
        app = await apps.named(transaction, text)
    if app is None and first.lower() == "using":
        return await _using(wanted.strip(), person, world)
    if app is not None:
        trouble = await channel_trouble(world, app)
        async with world.database.read() as transaction:
            return await card_of(transaction, world, app, trouble)
    return await _searched(text, world)


async def _listed(word: str, person: str, world: World) -> AppList:
    conditions = {
        "mine": [apps.mine(person)],
        "all": [],
        "unowned": [apps.unowned()],
        "failing": [apps.failing()],
    }[word]
    async with world.database.read() as transaction:
        found, total = await apps.find(transaction, conditions, limit=_SHOWN)
        rows = await _rows(transaction, found)
        word_for_none = word if await apps.names(transaction) else "all"
    return AppList(_TITLES[word], rows, total, _hint(total) or ("" if total else _EMPTY[word_for_none]))


async def _searched(text: str, world: World) -> AppList:
    async with world.database.read() as transaction:
        found, total = await apps.find(transaction, [apps.matching(text)], limit=_SHOWN)
        rows = await _rows(transaction, found)
        names = () if found else await apps.names(transaction)
    if not found:
        close = close_to(text, [*names, *RESERVED])
        raise Refused(f"No app matches “{text}”.", example="/apps all", did_you_mean=close)
    return AppList(f"Apps that match “{text}”", rows, total, _hint(total))


async def _using(wanted: str, person: Person, world: World) -> AppList:
    """List the apps that install a package, by their last checks; of private code only to who may read it."""
    try:
        package = parse_package(wanted)
    except ValueError:
        what = f"“{wanted}” is no package with a range." if wanted else "Which package?"
        raise Refused(what, example="/apps using lodash@<4.17.21") from None
    approves = await approving(person, Action.READ_PRIVATE_FINDINGS, world)
    async with world.database.read() as transaction:
        uses = await uses_within(transaction, package)
        named = await owners.of_apps(transaction, {use.app_id for use in uses})
        notes: dict[str, list[str]] = {}
        for use in uses:
            parts = parts_of(person, world, Over(named=named.get(use.app_id, ()))) | approves
            if not use.is_private or may(Action.READ_PRIVATE_FINDINGS, parts):
                notes.setdefault(use.app_id, []).append(noted(use))
        shown = [app for one in list(notes)[:_SHOWN] if (app := await apps.get(transaction, one)) is not None]
        rows = await _rows(transaction, shown)
    rows = tuple(replace(row, note=", ".join(notes[row.app.id])) for row in rows)
    hint = _hint(len(notes)) if notes else "By what their last checks saw, no app uses it."
    return AppList(f"Apps that use {wanted}", rows, len(notes), hint)


def _hint(total: int) -> str:
    return f"The first {_SHOWN} of {total}. Narrow it down: /apps and a part of the name." if total > _SHOWN else ""


async def _rows(transaction: Transaction, found: Sequence[App]) -> tuple[AppRow, ...]:
    ids = [app.id for app in found]
    named = await owners.of_apps(transaction, ids)
    judged = await reports.verdicts(transaction, [app.report_id for app in found if app.report_id])
    open_pages = await pages.open_of(transaction, ids)
    unseen = await apps.out_of_sight(transaction, ids)
    rows = []
    for app in found:
        owner = next((one for one in named.get(app.id, ()) if one.role is Role.OWNER), None)
        checked_at, verdict = judged.get(app.report_id or "", (None, None))
        rows.append(
            AppRow(
                app=app,
                owner=owner.person if owner else None,
                accepted=owner is not None and owner.acceptance is Acceptance.ACCEPTED,
                verdict=outline(verdict) if verdict else None,
                checked_at=checked_at,
                open_pages=len(open_pages.get(app.id, ())),
                unseen_since=unseen.get(app.id),
            )
        )
    return tuple(rows)


command = Command(
    "apps",
    run,
    slash="/apps",
    usage=_USAGE,
    example="/apps failing",
    summary="List apps, find one, or show the card of one: who answers for it and where it may run.",
    more=("An exact name shows its card, and wins over a search.",),
)
