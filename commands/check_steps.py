"""
What whoever runs the bot may learn of a check while it is made: that it began, its stages, and how it ended.

A check says so to the listener of its task, if there is one: metrics and traces listen (bot/check_watch.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

BEGUN = "begun"
#: How a check ends: with a report; without one, as where its code cannot be read; by a fault of ours or a stop.
DONE, REFUSED, FAILED = "done", "refused", "failed"

Listener = Callable[[str], None]


def _nobody(_step: str) -> None:
    pass


_listener: ContextVar[Listener] = ContextVar("listener", default=_nobody)


def say(step: str) -> None:
    """Tell the listener of this task the *step*: one of the words above, or the name of a stage that begins."""
    _listener.get()(step)


@contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    """Have *listener* told the steps of checks that are made in the block."""
    before = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(before)
