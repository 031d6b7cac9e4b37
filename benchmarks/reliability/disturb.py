"""What a bad line does, one thing after another, drawn from a seed: cut, half-closed, stalled, delayed, refused."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from benchmarks.reliability.proxy import FaultProxy


class Trouble(StrEnum):
    """What happens to everything that goes through a proxy."""

    CUT = "cut"
    HALF_CLOSE = "half-closed"
    STALL = "stalled"
    DELAY = "delayed"
    REFUSE = "refused"


@dataclass(slots=True)
class Line:
    """
    A proxy that is disturbed every *every_s* seconds, for up to *lasts_s* where it lasts.

    *delay_s* is how long each piece is held while it is delayed. *done* counts what was done.
    """

    proxy: FaultProxy
    seed: int
    every_s: tuple[float, float] = (4.0, 16.0)
    lasts_s: tuple[float, float] = (0.5, 4.0)
    delay_s: tuple[float, float] = (0.01, 0.3)
    done: Counter[str] = field(default_factory=Counter)

    async def disturb(self) -> None:
        """Do one thing after another, until cancelled; then everything flows again."""
        choice = random.Random(self.seed)  # noqa: S311 - no secret is made
        try:
            while True:
                await asyncio.sleep(choice.uniform(*self.every_s))
                trouble = choice.choice(list(Trouble))
                self.done[trouble.value] += 1
                await self._do(trouble, choice.uniform(*self.lasts_s), choice.uniform(*self.delay_s))
        finally:
            self._mend()

    async def _do(self, trouble: Trouble, lasts_s: float, delay_s: float) -> None:
        match trouble:
            case Trouble.CUT:
                self.proxy.cut()
                return
            case Trouble.HALF_CLOSE:
                self.proxy.half_close()
                return
            case Trouble.STALL:
                self.proxy.stall()
            case Trouble.DELAY:
                self.proxy.delay_s = delay_s
            case Trouble.REFUSE:
                self.proxy.refuses = True
                self.proxy.cut()
        await asyncio.sleep(lasts_s)
        self._mend()

    def _mend(self) -> None:
        self.proxy.refuses, self.proxy.delay_s = False, 0.0
        self.proxy.flow()


@asynccontextmanager
async def disturbed(*lines: Line) -> AsyncIterator[None]:
    """Disturb each of *lines* until the context is left."""
    tasks = [asyncio.create_task(line.disturb()) for line in lines]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def words(done: Mapping[str, int]) -> str:
    """Say how often each was done."""
    return ", ".join(f"{number} times {what}" for what, number in sorted(done.items())) or "nothing"
