"""
Reads a history for secrets, beside the rest of a check.

What was read is kept (checks/history_record.py): the next check reads what came since, or goes on where this one had to
stop. When the worker dies it is started again and names each blob before it reads it; the one that it dies over is left
out, and told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from checks import history_plan, history_record
from checks import history_wire as wire
from checks.binary import is_binary
from checks.engine import Engine
from checks.fact import Listing
from checks.facts.secrets.history_secrets import HistorySecrets, PastSecret
from checks.facts.tier import Tier, tier_of
from checks.gather.first_commits import Version, names_of, versions
from checks.gather.past_blobs import Changed, Past, PastBlob, changed, cut_off, past_blobs, sizes_of
from checks.history_plan import Plan, Step
from checks.history_reading import Conversation, Died, conversation
from checks.history_record import Record
from checks.masking import masked
from checks.shelf import Shelf

_MOST_PATHS = 200  # whose oldest commits are looked for
_MOST_VERSIONS = 20_000  # that are read to find the oldest


@dataclass(slots=True)
class HistoryScan:
    """
    One reading of the history of *tip*, whose files are *listing*, in the repository at *folder*.

    *progress* is told how many versions of files are read, and of how many.
    """

    folder: Path
    tip: str
    listing: Listing
    shelf: Shelf
    engine: Engine
    progress: Callable[[int, int], None]
    _before: Record = field(init=False)
    _change: Changed | None = None  # since that record
    _plan: Plan = field(default_factory=Plan)
    _talk: Conversation | None = None

    def __post_init__(self) -> None:
        self._before = history_record.load(self.shelf, self.folder, history_record.scanner_key(self._key))

    @property
    def _key(self) -> bytes | None:
        return self.engine.fingerprint_key.encode() if self.engine.fingerprint_key else None

    async def read(self) -> HistorySecrets:
        """Return the secrets of the history; when cancelled, keep how far it came."""
        cut = await cut_off(self.folder)
        past = await self._past(is_whole=cut is None)
        limits, before = self.engine.limits, self._before
        self._plan = history_plan.plan(past.blobs, self.listing, set(before.done), limits.history_blobs)
        try:
            found, troubles = await self._read()
        except asyncio.CancelledError:
            self._keep_unfinished()
            raise
        unseen = tuple(map(masked, (*past.unseen, *self._plan.unseen, *troubles)))
        if self._plan.is_cut:
            self._keep_unfinished()
            return HistorySecrets(found, (*unseen, self.unfinished))
        record = Record(before.scanner, "" if cut else self.tip, found, past.missing, unseen)
        history_record.keep(self.shelf, self.folder, record)
        return HistorySecrets(found, (*unseen, *([cut] if cut else [])))

    @property
    def unfinished(self) -> str:
        """In words, how far it is."""
        searched = sum(step.task == wire.SEARCH for step in self._behind())
        earlier = len(self._before.done)
        done, total = earlier + searched, earlier + self._plan.versions
        return f"still reading the history: {done:,} of {total:,} versions of files; check again to go on"

    async def _past(self, *, is_whole: bool) -> Past:
        """Return the blobs to be read: all of the history, or those that came to it, or left the files, since."""
        before = self._before
        if before.tip and is_whole and not (before.missing and await sizes_of(self.folder, before.missing)):
            self._change = await changed(self.folder, before.tip, self.tip)
        if self._change is None:
            past = await past_blobs(self.folder, self.tip)
            return replace(past, unseen=(*past.unseen, *await self._missed(past.missing)))
        came = await past_blobs(self.folder, self.tip, before.tip) if before.tip != self.tip else Past(())
        sizes = await sizes_of(self.folder, [oid for oid, _ in self._change.left])
        left = (PastBlob(oid, path, sizes[oid]) for oid, path in self._change.left if oid in sizes)
        unseen = (*before.unseen, *came.unseen, *await self._missed(came.missing))
        return Past((*came.blobs, *left), (*before.missing, *came.missing), unseen)

    async def _missed(self, missing: Sequence[str]) -> tuple[str, ...]:
        """Return in words which of the *missing* objects may hold a secret: a picture or a film does not."""
        if not missing:
            return ()
        named = await names_of(self.folder, self.tip, set(missing))
        odd = [oid for oid in missing if oid not in named or not is_binary(named[oid], b"")]
        if not odd:
            return ()
        count, path = len(odd), next((named[oid] for oid in odd if oid in named), "")
        told = "1 file of the history is" if count == 1 else f"{count:,} files of the history are"
        return (f"{told} missing here{f' ({path})' if path else ''}",)

    async def _read(self) -> tuple[tuple[PastSecret, ...], tuple[str, ...]]:
        """Return the secrets, and in words what the worker could not read."""
        old = self._before.secrets if self._change else ()
        came = self._change.came if self._change and old else ()
        if not self._plan.steps and not came:
            return old, ()
        deaths = self.engine.limits.deaths
        skipped: dict[str, str] = {}
        for attempt in range(deaths):
            job = wire.Job(self._key, careful=attempt > 0)
            try:
                async with conversation(self.folder, job, self.engine.limits.blob_s, self._tell) as self._talk:
                    found = await self._talked(self._talk, skipped)
                    told = await self._talk.round(_left_of(history_plan.new(came), skipped)) if came else None
                    return _together(old, found, set(told.lines) if told else set()), tuple(skipped.values())
            except Died as death:
                culprit = self._talk.culprit if self._talk else None
                if culprit:
                    skipped[culprit.oid] = f"{culprit.path}, in the history, was not read: the reader {death}"
        return old, (*skipped.values(), f"the reader ended {deaths} times while the history was read")

    async def _talked(self, talk: Conversation, skipped: Mapping[str, str]) -> list[PastSecret]:
        """Return the secrets that the worker of *talk* finds, and that no file of HEAD holds."""
        steps = _left_of(self._plan.steps, skipped)
        await talk.round(steps)
        if not talk.spots:
            return []
        within = (await talk.round(_left_of(history_plan.within(self.listing), skipped))).within
        gone = [(spot, steps[spot.number]) for spot in talk.spots if spot.value not in within]
        paths = list(dict.fromkeys(step.path for _, step in gone))
        brought = await versions(self.folder, self.tip, paths[:_MOST_PATHS]) if gone else {}
        first = await self._first(talk, gone, brought, skipped)
        best: dict[int, tuple[bool, int, PastSecret]] = {}  # by value: one that has moved about is one secret
        for (spot, step), version in zip(gone, first, strict=True):
            secret = _secret(spot, step, version)
            rank = (tier_of(step.path) is not Tier.CODE, version.time if version else 0, secret)
            best[spot.value] = min(best.get(spot.value, rank), rank, key=lambda each: each[:2])
        return [secret for _, _, secret in best.values()]

    async def _first(
        self,
        talk: Conversation,
        gone: Sequence[tuple[wire.Spot, Step]],
        brought: Mapping[str, Sequence[Version]],
        skipped: Mapping[str, str],
    ) -> list[Version | None]:
        """Return for each secret of *gone* the oldest version of its file that holds it; None where none is known."""
        first: list[Version | None] = []
        asked: list[tuple[Step, Version]] = []
        for number, (spot, step) in enumerate(gone):
            known = brought.get(step.path, ())
            place = next((place for place, version in enumerate(known) if version.oid == step.oid), None)
            first.append(None if place is None else known[place])
            words = f"{number} {spot.value}"
            asked += ((Step(version.oid, wire.OLDEST, step.path, words), version) for version in known[:place])
        asked = [(step, version) for step, version in asked[:_MOST_VERSIONS] if step.oid not in skipped]
        if asked:
            for number, place in (await talk.round([step for step, _ in asked])).oldest:
                first[number] = asked[place][1]
        return first

    def _tell(self, done: int) -> None:
        if self._talk and self._talk.steps and self._talk.steps[0].task in {wire.SEARCH, wire.SHOW}:
            self.progress(done, len(self._talk.steps))

    def _behind(self) -> Sequence[Step]:
        """Return the steps of the plan that the worker has done."""
        talk = self._talk
        if talk is None or not talk.steps or talk.steps[0].task not in {wire.SEARCH, wire.SHOW}:
            return self._plan.steps if talk else ()
        return talk.steps[: talk.searched]

    def _keep_unfinished(self) -> None:
        """Keep which blobs are read and hold nothing; the others are read again, since no value was kept."""
        if self._change or self._talk is None:
            return  # the record of an earlier commit is worth more
        holding = {self._plan.steps[spot.number].oid for spot in self._talk.spots}
        read = {bytes.fromhex(step.oid) for step in self._behind() if step.oid not in holding}
        done = tuple(sorted(read.union(self._before.done)))
        history_record.keep(self.shelf, self.folder, Record(self._before.scanner, done=done))


def _left_of(steps: Iterable[Step], skipped: Mapping[str, str]) -> list[Step]:
    return [step for step in steps if step.oid not in skipped]


def _secret(spot: wire.Spot, step: Step, version: Version | None) -> PastSecret:
    added = None
    if version:
        with suppress(OverflowError, ValueError, OSError):  # a forged time far beyond the calendar
            added = datetime.fromtimestamp(version.time, UTC)
    return PastSecret(
        masked(step.path),  # it is kept, and a file may be named like a token
        spot.line,
        spot.what,
        spot.certain,
        spot.shape,
        version.commit if version else None,
        added,
        spot.hidden,
        spot.same_value,
    )


def _together(
    old: Iterable[PastSecret], found: Iterable[PastSecret], at_head: set[tuple[str, str]]
) -> tuple[PastSecret, ...]:
    """Return the *old* secrets that are not *at_head* again, by what they are and their line, and those *found*."""
    by_name = {(each.path, each.what, each.shape): each for each in (*found, *old)}
    return tuple(each for each in by_name.values() if (each.what, each.shape) not in at_head)
