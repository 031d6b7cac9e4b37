"""
The parent's side of a check: it answers what the worker asks, and carries on after the worker's death.

The worker says what it is about to do. When it dies, or is silent past its deadline, that was the culprit: it is
started again without that blob, fact or check, and what they were part of is *not checked*. After five deaths
everything still owed is.
"""

from __future__ import annotations

import asyncio
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

from checks import wire
from checks.ahead import Ahead, worker_ahead
from checks.engine import Engine
from checks.evaluate import error_id
from checks.fact import Entry, Missing
from checks.facts.secrets.history_secrets import TOPIC
from checks.gather import answers
from checks.gather.tree import Tree, Unread
from checks.history_job import HistoryJob
from checks.masking import holds_token
from checks.model import CheckError, Installed, Outcome, Result
from checks.shelf import Key, Shelf

_START_S = 60.0  # until the worker has loaded its checks; on a loaded machine that is many times the usual half second
_KEPT_AT_ONCE = 200  # parts, a transaction
_HISTORY_CHECK = "secret-in-history"


class Stage(StrEnum):
    """How far a check is."""

    FETCHING = "fetching"
    READING = "reading"
    CHECKING = "checking"
    HISTORY = "history"
    JUDGING = "judging"


@dataclass(frozen=True, slots=True)
class Progress:
    """*done* of *total* blobs (reading, history) or checks (checking); both 0 where nothing is counted."""

    stage: Stage
    done: int = 0
    total: int = 0


class _Died(Exception):  # noqa: N818 - said of the worker
    """The worker is gone or must go; the text says how."""


@dataclass(slots=True)
class Interview:
    """One check of *tree*, over as many workers as it takes; *subject* says who may be asked about it."""

    tree: Tree
    shelf: Shelf
    subject: answers.Subject
    progress: Callable[[Progress], None]
    only: frozenset[str] = frozenset()  # ids of the checks to ask; empty: all
    ahead: Ahead | None = None
    checks: tuple[wire.Asked, ...] = ()
    results: dict[str, Result] = field(default_factory=dict)
    suppressed: tuple[str, ...] = ()
    packages: tuple[Installed, ...] = ()
    _answers: dict[tuple[str, bytes], bytes] = field(default_factory=dict)  # by topic and question
    _begun: dict[str, tuple[bytes, asyncio.Task[bytes]]] = field(default_factory=dict)  # by topic: question, its answer
    _skipped: dict[str, str] = field(default_factory=dict)
    _blamed: dict[str, str] = field(default_factory=dict)
    _kinds: set[tuple[str, str]] = field(default_factory=set)  # (collector key, kind) that the worker may bring
    _made: list[tuple[Key, bytes]] = field(default_factory=list)
    _at: wire.Reading | wire.Phase | None = None  # what the worker is about
    _done: bool = False
    _entries: dict[str, Entry] = field(init=False)  # by blob id
    _history: HistoryJob = field(init=False)

    def __post_init__(self) -> None:
        self._history = HistoryJob(self.tree, self.shelf, self.engine, self._tell_history)
        self._entries = {entry.oid: entry for entry in self.tree.listing.entries}

    @property
    def engine(self) -> Engine:
        """What this check may use."""
        return self.subject.engine

    async def hold(self) -> tuple[Result, ...]:
        """Return every check's result; raises CheckError where the worker cannot be started at all."""
        limits = self.engine.limits
        reason = f"the reader ended {limits.deaths} times while this repository was read"
        if not self.only or _HISTORY_CHECK in self.only:
            self._history.begin()
        try:
            async with asyncio.timeout(limits.check_s + limits.history_wait_s):
                for _ in range(limits.deaths):
                    await self._one_worker()
                    if self._done:
                        break
        except TimeoutError:
            reason = f"there was no time left: a check may take {limits.check_s:.0f} seconds"
        finally:
            self._keep()
            await self._end_begun()
            await self._history.end()
        if not self.checks:
            raise CheckError(
                "The part that reads repositories does not start on this machine: run `groundcrew doctor`."
            )
        return tuple(self.results.get(check.id) or _not_checked(check, reason) for check in self.checks)

    async def _one_worker(self) -> None:
        self._at = None
        async with self._next_worker() as process:
            try:
                while not self._done:
                    await self._answer(process, await self._hear(process))
            except _Died as death:
                self._keep()
                self._blame(str(death))

    @asynccontextmanager
    async def _next_worker(self) -> AsyncIterator[Process]:
        """Give the worker that was started ahead, once, else a new one."""
        ahead, self.ahead = self.ahead, None
        async with worker_ahead() if ahead is None else nullcontext(ahead) as taken, taken.ending:
            yield taken.process

    def _blame(self, death: str) -> None:
        match self._at:
            case wire.Reading(oid=oid):
                self._skipped[oid] = f"the reader {death}"
            case wire.Phase(name=name):
                self._blamed[name] = f"{name} {death}"

    async def _hear(self, process: Process) -> wire.FromWorker:
        """Return the worker's next message; raises _Died."""
        limits = self.engine.limits
        seconds = limits.blob_s if isinstance(self._at, wire.Reading) else limits.step_s
        seconds = seconds if self.checks else _START_S
        assert process.stdout is not None
        try:
            async with asyncio.timeout(seconds):
                size = wire.HEADER.unpack(await process.stdout.readexactly(wire.HEADER.size))[0]
                if size > wire.LARGEST:
                    raise _Died("said too much")
                return wire.from_worker.decode(await process.stdout.readexactly(size))
        except TimeoutError:
            raise _Died(f"was stopped after {seconds:.0f} seconds") from None
        except (asyncio.IncompleteReadError, OSError, msgspec.MsgspecError):
            raise _Died("died") from None

    async def _answer(self, process: Process, message: wire.FromWorker) -> None:
        match message:
            case wire.Hello(checks=checks):
                self.checks = tuple(check for check in checks if not self.only or check.id in self.only)
                self._say(process, self._job())
            case wire.Wanted(keys=keys):
                self._kinds.update((key, kind) for key, _, kind in keys)
                self._say(process, wire.Parts(self.shelf.find(keys)))
            case wire.Reading():
                self._at = message
                self.progress(Progress(Stage.READING, message.done, message.total))
                self._say(process, await self._blob(message))
            case wire.Read(parts=parts):
                self._bring(parts)
            case wire.Phase():
                self._at = message
            case wire.Soon(topic=topic, question=question):
                self._begin(topic, question)
            case wire.Ask(topic=topic, question=question):
                self._say(process, await self._ask(topic, question))
            case wire.Answered(result=result):
                self.results[result.check] = result
                self.progress(Progress(Stage.CHECKING, len(self.results), len(self.checks)))
            case wire.Done(suppressed=suppressed, packages=packages):
                self.suppressed, self.packages, self._done = suppressed, packages, True

    def _job(self) -> wire.Job:
        given = {"listing": msgspec.json.encode(self.tree.listing)}
        missing = {}
        if isinstance(self.tree.history, Missing):
            missing["history"] = str(self.tree.history)
        else:
            given["history"] = msgspec.json.encode(self.tree.history)
        key = self.engine.fingerprint_key
        return wire.Job(
            given,
            missing,
            self.engine.limits.tree,
            tuple(check.id for check in self.checks if check.id not in self.results),
            self._skipped,
            self._blamed,
            key.encode() if key else None,
        )

    async def _blob(self, reading: wire.Reading) -> wire.Blob:
        entry = self._entries.get(reading.oid)
        if entry is None:
            raise _Died("asked for what is not in the repository")
        try:
            return wire.Blob(await self.tree.blobs.blob(entry))
        except Unread as why:
            return wire.Blob(None, str(why))

    async def _ask(self, topic: str, question: bytes) -> wire.Answer:
        if topic == TOPIC:
            return wire.Answer(await self._history.answer())
        asked = (topic, question)
        if asked in self._answers:  # by a worker that has died since
            return wire.Answer(self._answers[asked])
        begun, task = self._begun.pop(topic, (b"", None))
        try:
            self._answers[asked] = await (task if task and begun == question else self._answered(topic, question))
        except Missing as why:
            return wire.Answer(None, str(why))
        except TimeoutError:
            return wire.Answer(None, f"the answer about {topic} took too long")
        except CheckError:
            raise
        except Exception as error:  # noqa: BLE001 - a full disk, say: one answer less must not end the check
            return wire.Answer(None, f"the answer about {topic} failed with error {error_id(error)}")
        return wire.Answer(self._answers[asked])

    def _begin(self, topic: str, question: bytes) -> None:
        """Begin to answer what is going to be asked: one question a topic, so that a worker gone bad gets no more."""
        if topic != TOPIC and topic not in self._begun and (topic, question) not in self._answers:
            self._begun[topic] = question, asyncio.create_task(self._answered(topic, question))

    async def _answered(self, topic: str, question: bytes) -> bytes:
        name = answers.kept_as(topic, question)
        kept = self.shelf.record(name) if name else None
        if kept is not None:
            return kept
        async with asyncio.timeout(self.engine.limits.step_s):
            answer = await answers.answer(self.subject, topic, question)
        if name and not holds_token(msgspec.msgpack.encode(msgspec.json.decode(answer))):
            self.shelf.keep_record(name, answer)
        return answer

    async def _end_begun(self) -> None:
        """End the answers that nobody has come to ask for."""
        tasks = [task for _, task in self._begun.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _tell_history(self, done: int, total: int) -> None:
        if self.checks and len(self.results) + 1 >= len(self.checks):  # else there is better to tell
            self.progress(Progress(Stage.HISTORY, done, total))

    def _bring(self, parts: list[tuple[str, str, bytes]]) -> None:
        """Keep *parts* of the blob just read; a worker gone bad cannot put anything under another blob's name."""
        if isinstance(self._at, wire.Reading):
            self._made += [((key, self._at.oid, kind), part) for key, kind, part in parts if (key, kind) in self._kinds]
            self._at = None
        if len(self._made) >= _KEPT_AT_ONCE:
            self._keep()

    def _keep(self) -> None:
        if self._made:
            self.shelf.keep(self._made)
            self._made = []

    @staticmethod
    def _say(process: Process, message: wire.FromParent) -> None:
        assert process.stdin is not None
        process.stdin.write(wire.frame(message))


def _not_checked(check: wire.Asked, reason: str) -> Result:
    return Result(check.id, check.family, Outcome.NOT_CHECKED, check.severity, check.allows, reason, (), check.title)
