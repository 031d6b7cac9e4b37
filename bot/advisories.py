"""
Keeps the index of known vulnerabilities: fetched once a day, or a few for a first try.

The index is files of a machine, which its checks read, and no part of the registry: so each process that makes checks
sees to it, and of those that share a home one does it. It is no job, which any process of any machine might make.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
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
_LOOK_S = 3600.0
_NOTE = "advisories.fetched"  # the source that was fetched last, and by its time when


async def keep_fresh(source: str | None, home: Path) -> None:
    """Bring the index up to what *source* holds every day, until cancelled; None or "off": do nothing."""
    while source is not None and source != "off":
        try:
            with _turn(home, source) as is_due:
                if is_due and await _build(source, home):
                    (home / _NOTE).write_bytes(source.encode())
        except OSError as error:
            _log.warning("the known vulnerabilities were not brought up to date: %s", error)
        data = await asyncio.to_thread(describe, home)
        if data is not None and data.date is not None:
            metrics.advisories_age_seconds.set_function(partial(_age_s, data.date))
        await asyncio.sleep(_LOOK_S)


@contextmanager
def _turn(home: Path, source: str) -> Iterator[bool]:
    """Tell whether it is this process's turn to fetch: a day after *source* was last fetched for *home*, one does."""
    note = os.open(home / _NOTE, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        yield _is_free(note) and not (_is_done(note, source) and holdings(home) is not None)
    finally:
        os.close(note)


def _is_free(note: int) -> bool:
    try:
        fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:  # another process fetches it
        return False
    return True


def _is_done(note: int, source: str) -> bool:
    age = time.time() - os.fstat(note).st_mtime
    return os.read(note, len(source.encode()) + 1) == source.encode() and 0 <= age < _DAY_S


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


async def _build(source: str, home: Path) -> bool:
    """Build the index from *source*; False, and logged, where that is not to be had."""
    try:
        built = await (update(source, home) if is_archive(source) else build([source], home))
    except (UnusableSource, CheckError, OSError) as error:
        _log.warning("the known vulnerabilities were not brought up to date: %s", error)
        return False
    _log.info("the index of known vulnerabilities holds %d records", built.tally.records)
    return True
