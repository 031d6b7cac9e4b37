"""
Starts the worker of `groundcrew check` before the command itself is loaded: a tenth of a second less to wait.

A process belongs to the event loop that started it, so the loop is begun here, and the command runs in it.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from checks.ahead import Ahead, worker_ahead


@dataclass(frozen=True, slots=True)
class HeadStart:
    """A loop to run in, and the worker that was started in it."""

    runner: asyncio.Runner
    ahead: Ahead


@contextmanager
def head_start() -> Iterator[HeadStart]:
    """Start a worker; loop and worker are gone when the context is left, also when this process is told to end."""
    with _ending_as_by_hand(), asyncio.Runner() as runner:
        starting = worker_ahead()
        ahead = runner.run(starting.__aenter__())
        try:
            yield HeadStart(runner, ahead)
        finally:
            runner.run(starting.__aexit__(None, None, None))


@contextmanager
def _ending_as_by_hand() -> Iterator[None]:
    """Meanwhile take SIGTERM, as of a CI that has waited long enough, for Ctrl-C: what was begun is cleared away."""
    before = signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
