"""Counts, times and traces the checks that a process makes, by what they say of their steps."""

from __future__ import annotations

import time
from dataclasses import dataclass

from bot import metrics, tracing
from commands.check_steps import BEGUN, DONE, FAILED, REFUSED


@dataclass(slots=True)
class CheckWatch:
    """Listens to one check after the other (commands/check_steps.py)."""

    _began_ns: int = 0
    _stage: str = ""
    _stage_ns: int = 0

    def __call__(self, step: str) -> None:
        """Take the *step* that a check has come to."""
        now = time.time_ns()
        if self._stage:
            tracing.past("check stage", self._stage_ns, stage=self._stage)
        self._stage, self._stage_ns = "", now
        if step == BEGUN:
            self._began_ns = now
        elif step in {DONE, REFUSED, FAILED}:
            metrics.check_seconds.labels(step).observe(max(0, now - self._began_ns) / 1e9)
            tracing.past("check", self._began_ns, outcome=step)
        else:
            self._stage = step
