"""Runs a whole check in a test: a real worker, a real fact cache, real git."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from checks.engine import Engine, Limits
from checks.model import Context, Outcome, Report, Result
from checks.runner import Progress, Target, check_repository


async def checked(
    folder: Path,
    home: Path,
    *,
    limits: Limits | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
    fingerprint_key: str | None = None,
    context: Context | None = None,
) -> Report:
    """Return the report on the local *folder*, with Groundcrew's files in *home*."""
    engine = Engine(home, limits=limits or Limits(), fingerprint_key=fingerprint_key)
    return await check_repository(Target("app", folder=folder), context or Context(), engine, progress)


def result_of(report: Report, check: str) -> Result:
    """Return what *check* said in *report*."""
    return next(result for result in report.results if result.check == check)


def unseen(report: Report) -> str:
    """Return every reason why a check of *report* was not, or only partly, made."""
    return "\n".join(result.reason or "" for result in report.results if result.outcome is not Outcome.NOT_APPLICABLE)
