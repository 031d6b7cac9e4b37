"""
What got worse since the report before, told once in the app's thread, edited in place, and closed there.

What is new opens a regression or joins the open one; what is mended is marked in it; when nothing of it stands it is
closed. A check that passed and can no longer be looked at is a loss of sight: told alike, and not called a regression.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from checks.documentation import renamed_checks
from checks.model import Finding, Report, Verdict
from checks.regression import Change, Told, compare
from checks.sentences import placed
from commands.cards import accepted, outline
from commands.news import Regressed
from commands.world import World
from storage import owners, regressions
from storage.database import Transaction
from storage.model import App, Destination, Regression, RegressionEntry, Role
from storage.reports import Saved


async def follow(transaction: Transaction, world: World, app: App, before: Report | None, saved: Saved) -> None:
    """Tell what is worse in *saved* than in *before*, and what of it is mended, where anything of it changed."""
    change = compare(before, saved.report, renamed_checks())
    regression = await regressions.open_of(transaction, app.id)
    entries = entries_after(regression.entries if regression else (), change)
    if entries == (regression.entries if regression else ()):
        return
    now = world.clock.now()
    closed = now if all(entry.gone for entry in entries) else None
    if regression is None:
        verdict = before.verdict if before else None
        regression = Regression(secrets.token_hex(8), app.id, now, verdict, entries)
        await regressions.add(transaction, regression)
    else:
        await regressions.change(transaction, regression.id, entries, closed)
    owner = accepted(await owners.of_app(transaction, app.id), Role.OWNER)
    news = Regressed(
        app=app,
        owner=owner,
        new=told(entries, is_private=saved.is_private),
        lost=lost(entries, is_private=saved.is_private),
        gone=told(entries, gone=True, is_private=saved.is_private),
        before=_shown(regression.before, saved) if regression.before else None,
        after=_shown(saved.report.verdict, saved),
        revision=saved.report.revision,
        since=regression.opened_at,
        closed_at=closed,
    )
    key = f"regression:{regression.id}"
    await world.messenger.post(transaction, Destination(app_id=app.id), news, key=key)


def entries_after(entries: Sequence[RegressionEntry], change: Change) -> tuple[RegressionEntry, ...]:
    """Return what a regression holds after *change*. Pure; a finding that nobody can see any more still stands."""
    known = {entry.key: entry for entry in entries}
    for one in change.regressions:
        known[_key(one)] = RegressionEntry(_key(one), _sentence(one.check, one.finding))
    for sight in change.lost_sight:
        sentence = f"{sight.check} can no longer be looked at: {sight.reason}"
        known[sight.check] = RegressionEntry(sight.check, sentence, is_lost=True)
    mended = {_key(one) for one in change.gone} | {sight.check for sight in change.regained}
    return tuple(replace(one, gone=True) if one.key in mended else one for one in known.values())


def told(entries: Sequence[RegressionEntry], *, gone: bool = False, is_private: bool) -> tuple[str, ...]:
    """Return the sentences of what stands, or of what is *gone*; counts by check where the code is private."""
    chosen = [entry for entry in entries if entry.gone is gone and (gone or not entry.is_lost)]
    if not is_private:
        return tuple(entry.sentence for entry in chosen)
    counted = Counter(entry.key.partition(":")[0] for entry in chosen)
    return tuple(f"{check}: {number} {'finding' if number == 1 else 'findings'}" for check, number in counted.items())


def lost(entries: Sequence[RegressionEntry], *, is_private: bool) -> tuple[str, ...]:
    """Return the sentences of what can no longer be looked at; no reasons, which name files, of private code."""
    chosen = [entry for entry in entries if entry.is_lost and not entry.gone]
    return tuple(f"{one.key} can no longer be looked at" if is_private else one.sentence for one in chosen)


def _shown(verdict: Verdict, saved: Saved) -> Verdict:
    return outline(verdict) if saved.is_private else verdict


def _key(one: Told) -> str:
    return f"{one.check}:{one.finding.fingerprint}"


def _sentence(check: str, finding: Finding) -> str:
    return f"{check}: {placed(finding)}"
