"""
Heavy work apart from the answer: an order runs as a task of this process, a few at a time.

What was promised stands in a row, so a task that dies with the process is started again from its row: `recheck-apps`
finds requests that nobody holds. One process does the work; more need a queue that several share.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field

from commands.command import CLOCK, Request, all_commands
from commands.world import World

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class TaskJobs:
    """Runs at most *at_once* jobs together; `world` is set once the world stands, which holds these jobs itself."""

    at_once: int
    world: World | None = None
    _running: dict[tuple[str, str], asyncio.Task[None]] = field(default_factory=dict)
    _turn: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._turn = asyncio.Semaphore(self.at_once)

    async def start(self, order: str, row_id: str) -> None:
        """Run the order *order* for the row *row_id* soon; twice for the same row has one effect."""
        key = (order, row_id)
        if key in self._running:
            return
        task = asyncio.create_task(self._run(order, row_id))
        self._running[key] = task
        task.add_done_callback(lambda _: self._running.pop(key, None))

    async def _run(self, order: str, row_id: str) -> None:
        async with self._turn:
            assert self.world is not None
            try:
                await all_commands()[order].run(Request(person=CLOCK, fields={"id": row_id}), self.world)
            except Exception:  # noqa: BLE001 - the others go on, and its row is tried again
                _log.exception("the job %s for %s failed", order, row_id)

    async def stop(self) -> None:
        """End every job; what they were to do stays in its row."""
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
