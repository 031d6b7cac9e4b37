"""The reading of a history beside a check: begun with it, waited for at its end, and not for longer than is said."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import msgspec

from checks.engine import Engine
from checks.evaluate import error_id
from checks.fact import Missing
from checks.facts.secrets.history_secrets import HistorySecrets
from checks.gather.tree import Tree
from checks.history_scan import HistoryScan
from checks.shelf import Shelf


@dataclass(slots=True)
class HistoryJob:
    """Reads the history of *tree*; *progress* is told how much of it."""

    tree: Tree
    shelf: Shelf
    engine: Engine
    progress: Callable[[int, int], None]
    _scan: HistoryScan | None = None
    _task: asyncio.Task[HistorySecrets] | None = None
    _began: float = field(default_factory=time.monotonic)

    def begin(self) -> None:
        """Begin to read, where there is a history."""
        tree = self.tree
        if tree.repository is not None and tree.revision is not None and self._task is None:
            self._scan = HistoryScan(
                tree.repository, tree.revision, tree.listing, self.shelf, self.engine, self.progress
            )
            self._task = asyncio.create_task(self._scan.read())

    async def answer(self) -> bytes:
        """Return HistorySecrets as JSON; after the engine's time for it, that it is still being read."""
        if self._task is None or self._scan is None:
            why = str(self.tree.history) if isinstance(self.tree.history, Missing) else "there is no history here"
            return msgspec.json.encode(HistorySecrets((), absent=why))
        left = self._began + self.engine.limits.history_wait_s - time.monotonic()
        await asyncio.wait({self._task}, timeout=max(0.0, left))
        if not self._task.done():
            await self.end()
            return msgspec.json.encode(HistorySecrets((), (self._scan.unfinished,)))
        error = self._task.exception()
        if error is not None:
            # A fault of ours must not become a pass, nor end the check; its text may hold what was read.
            named = error_id(error) if isinstance(error, Exception) else type(error).__name__
            return msgspec.json.encode(HistorySecrets((), (f"the history was not read: error {named}",)))
        return msgspec.json.encode(self._task.result())

    async def end(self) -> None:
        """Stop reading; what was read is kept."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
