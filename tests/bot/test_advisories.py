"""Of the processes that share a home one fetches the known vulnerabilities, once a day."""

import asyncio
import os
import time
from pathlib import Path

import pytest

from bot import advisories
from checks.gather.advisories import holdings

SAMPLE = str(Path(__file__).resolve().parents[2] / "examples" / "advisories")


async def keep(home: Path, source: str) -> None:
    """Have a process look after them once."""
    keeper = asyncio.create_task(advisories.keep_fresh(source, home))
    async with asyncio.timeout(60):
        while not (home / advisories._NOTE).exists() or not (home / advisories._NOTE).read_bytes():  # noqa: ASYNC110 - a file
            await asyncio.sleep(0.01)
    keeper.cancel()
    await asyncio.gather(keeper, return_exceptions=True)


def is_due(home: Path, source: str = SAMPLE) -> bool:
    """Whether a process that looks now would fetch them."""
    with advisories._turn(home, source) as due:
        return due


async def test_they_are_fetched_once_a_day(tmp_path: Path) -> None:
    """Not again at the next start; but after a day, from another source, and where the index is gone."""
    assert is_due(tmp_path)
    await keep(tmp_path, SAMPLE)
    assert holdings(tmp_path) is not None
    assert not is_due(tmp_path)
    assert is_due(tmp_path, "https://elsewhere.example/")
    os.utime(tmp_path / advisories._NOTE, times=(0, time.time() - 25 * 3600))
    assert is_due(tmp_path)
    os.utime(tmp_path / advisories._NOTE, times=(0, time.time() + 2 * 3600))
    assert is_due(tmp_path), "the clock was set back"


def test_one_of_several_processes_fetches(tmp_path: Path) -> None:
    """While one is about it the others leave it alone."""
    with advisories._turn(tmp_path, SAMPLE) as due:
        assert due
        assert not is_due(tmp_path)
    assert is_due(tmp_path)


async def test_a_home_that_cannot_be_written_is_no_end_of_the_bot(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged, and tried again."""
    keeper = asyncio.create_task(advisories.keep_fresh(SAMPLE, tmp_path / "gone"))
    async with asyncio.timeout(60):
        while "were not brought up to date" not in caplog.text:  # noqa: ASYNC110 - a log
            await asyncio.sleep(0.01)
    assert not keeper.done()
    keeper.cancel()
    await asyncio.gather(keeper, return_exceptions=True)
