"""
One conversation with the worker that reads a history: rounds of blobs, and what it says to them.

Blobs go from git to the worker by a pipe between the two, and never through this process.
"""

from __future__ import annotations

import asyncio
import os
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from checks import history_wire as wire
from checks.gather.git import git
from checks.gather.past_blobs import feed
from checks.history_plan import Step
from checks.sandbox import sandbox_level, worker
from checks.wire import HEADER, LARGEST, frame

MODULE = "checks.history_worker"
_START_S = 60.0  # until the worker has loaded what it reads with; on a loaded machine many times the usual


class Died(Exception):  # noqa: N818 - said of the worker
    """The worker is gone or must go; the text says how."""


@dataclass(slots=True)
class Conversation:
    """
    A worker at work on the repository at *folder*; *spots* are what it found, *searched* how many blobs are behind it.

    *steps* are those of the round under way. It may be silent for *silent_s* seconds.
    """

    folder: Path
    process: Process
    pipe: int
    job: wire.Job
    silent_s: float
    progress: Callable[[int], None]
    spots: list[wire.Spot] = field(default_factory=list)
    steps: Sequence[Step] = ()
    searched: int = 0
    _named: int | None = None  # the blob that it is about to read
    _heard: bool = False
    _broken: str = ""

    @property
    def culprit(self) -> Step | None:
        """The step that it was about when it died; None where it does not name them."""
        number = self.searched if self._named is None else self._named
        return self.steps[number] if self.job.careful and number < len(self.steps) else None

    async def round(self, steps: Sequence[Step]) -> wire.Ended:
        """Have the worker go through *steps*; raises Died."""
        self.steps, self.searched, self._named = steps, 0, None
        streaming = asyncio.create_task(self._stream(steps))
        try:
            while True:
                message = await self._hear()
                match message:
                    case wire.Reading(number=number):
                        self._named = number
                    case wire.Searched(number=number, spots=spots):
                        self._named = None
                        self.searched = number + 1
                        self.spots += spots
                        self.progress(self.searched)
                    case wire.Ended():
                        return message
        finally:
            streaming.cancel()
            with suppress(asyncio.CancelledError):
                await streaming

    async def _stream(self, steps: Sequence[Step]) -> None:
        """Let git write the blobs of *steps* into the worker's pipe, and end the round; where git fails, all of it."""
        buffered = () if self.job.careful else ("--buffer",)
        command = ("cat-file", f"--batch={wire.FORMAT}", *buffered)
        async with git(*command, folder=self.folder, stdout=self.pipe) as running:
            await feed(running, [step.line(number) for number, step in enumerate(steps)])
            if await running.process.wait() != 0:
                self._broken = f"stopped: git cannot read it ({await running.reason()})"
                with suppress(ProcessLookupError):
                    self.process.kill()
                return
        await write(self.pipe, wire.END)

    async def _hear(self) -> wire.FromWorker:
        """Return the worker's next message; raises Died."""
        seconds = self.silent_s if self._heard else _START_S
        assert self.process.stdout is not None
        try:
            async with asyncio.timeout(seconds):
                size = HEADER.unpack(await self.process.stdout.readexactly(HEADER.size))[0]
                if size > LARGEST:
                    raise Died("said too much")
                message = wire.from_worker.decode(await self.process.stdout.readexactly(size))
        except TimeoutError:
            raise Died(f"was stopped after {seconds:.0f} seconds") from None
        except (asyncio.IncompleteReadError, OSError, msgspec.MsgspecError):
            raise Died(self._broken or "died") from None
        self._heard = True
        return message


@asynccontextmanager
async def conversation(
    folder: Path, job: wire.Job, silent_s: float, progress: Callable[[int], None]
) -> AsyncIterator[Conversation]:
    """Start a worker for the repository at *folder*; it is gone when the context is left."""
    reading, pipe = os.pipe()
    open_ = [reading, pipe]
    try:
        async with worker(sandbox_level(), MODULE, stdin=reading) as process:
            os.close(reading)
            open_.remove(reading)
            try:
                await write(pipe, frame(job))
                yield Conversation(folder, process, pipe, job, silent_s, progress)
            finally:
                # Before the worker is waited for: its end of stdin is what ends one that outlives its sandbox.
                os.close(pipe)
                open_.remove(pipe)
    finally:
        for descriptor in open_:
            os.close(descriptor)


async def write(pipe: int, data: bytes) -> None:
    """Write *data* to *pipe* without holding anything up; where nobody reads any more, nothing happens."""
    # The pipe is git's stdout as well, so it cannot be made non-blocking.
    with suppress(BrokenPipeError):
        await asyncio.to_thread(os.write, pipe, data)
