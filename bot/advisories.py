"""Keeps the index of known vulnerabilities: fetched once a day, or a few for a first try."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bot import metrics
from bot.local_examples import EXAMPLES
from checks.gather.advisories import describe, holdings
from checks.gather.advisories_osv import is_archive, update
from checks.gather.advisories_update import build
from checks.gather.osv_source import UnusableSource
from checks.model import CheckError

_log = logging.getLogger(__name__)
_DAY_S = 24 * 3600


async def keep_fresh(source: str | None, home: Path) -> None:
    """Bring the index up to what *source* holds now and every day, until cancelled; None or "off": do nothing."""
    while source is not None and source != "off":
        await _build(source, home)
        data = await asyncio.to_thread(describe, home)
        if data is not None and data.date is not None:
            metrics.advisories_age_seconds.set_function(partial(_age_s, data.date))
        await asyncio.sleep(_DAY_S)


def _age_s(newest: datetime) -> float:
    return (datetime.now(UTC) - newest).total_seconds()


async def first_try(home: Path) -> str:
    """Build a small index from the examples where there is none, and say so; empty where there is one."""
    source = EXAMPLES / "advisories"
    if await asyncio.to_thread(holdings, home) is not None or not source.is_dir():
        return ""
    await _build(str(source), home)
    return (
        "Known vulnerabilities are a few from examples/advisories, for a first try; "
        "`groundcrew advisories update` brings all of them."
    )


async def _build(source: str, home: Path) -> None:
    try:
        built = await (update(source, home) if is_archive(source) else build([source], home))
    except (UnusableSource, CheckError, OSError) as error:
        _log.warning("the known vulnerabilities were not brought up to date: %s", error)
        return
    _log.info("the index of known vulnerabilities holds %d records", built.tally.records)
