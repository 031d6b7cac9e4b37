"""What a figure of the table is: a promise, how it is put to the test, and what came out."""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out: *measured* in one line, whether the promise *holds*, and figures by name."""

    measured: str
    holds: bool
    figures: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figure:
    """
    One row of docs/reliability.md, and one command.

    *done* says what is done to the bot, *promise* what must hold. *options* are whole numbers by name, with their full
    size; the short forms in the tests give smaller ones.
    """

    name: str
    done: str
    promise: str
    run: Callable[[argparse.Namespace], Coroutine[Any, Any, Outcome]]
    options: Mapping[str, int] = field(default_factory=dict)


def row(figure: Figure, outcome: Outcome, options: Mapping[str, int], began: float) -> dict[str, Any]:
    """Return what is kept of a run that *began* at that monotonic time."""
    return {
        "name": figure.name,
        "done": figure.done.format(**options),
        "promise": figure.promise,
        "measured": outcome.measured,
        "holds": outcome.holds,
        "figures": dict(outcome.figures),
        "options": dict(options),
        "took_s": round(time.monotonic() - began),
        "at": f"{datetime.now(UTC):%d %B %Y}",
        "machine": f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}",
    }
