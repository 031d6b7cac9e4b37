"""The short forms of benchmarks/reliability: each figure's command, with small sizes, side by side."""

from __future__ import annotations

import asyncio
import sys

import pytest

from benchmarks.reliability.__main__ import every_figure
from benchmarks.reliability.registry import PromisedPage, SeededApp
from benchmarks.reliability.slack import Arrival
from benchmarks.reliability.tally import tally
from benchmarks.reliability.weather import Fault, Weather
from tests.requirements_of_machine import needs

_TOGETHER = 3  # they mostly wait
_SIZES = {
    "away": {"seconds": 8, "second-route-s": 3},
    "checks": {"kills": 1},
    "clock": {"seconds": 7200},
    "commands": {"kills": 1},
    "damaged": {"pages": 1},
    "fleet": {"kills": 3, "pages": 9},
    "full": {"kib": 64},
    "load": {"commands": 100, "rounds": 1},
    "locked": {"seconds": 2},
    "malformed": {"rounds": 1},
    "model": {"examples": 6},
    "pages": {"kills": 3, "pages": 12},
    "queue": {"checks": 8},
    "soak": {"seconds": 12},
    "stopped": {"seconds": 4},
    "takeover": {"kills": 1},
    "unreadable": {"kills": 2, "pages": 8},
    "upgrade": {"apps": 1},
    "workers": {"checks": 4},
}
#: Where the promise is one of speed, a busy machine proves nothing: then these words of the row count, not the status.
_WORDS = {
    "clock": "0 lost, 0 doubled, 0 out of order",
    "load": "0 errors",
    "queue": "8 checks taken",
    "takeover": "0 lost, 0 doubled, 0 out of order",
    "workers": "checks a minute",
}
_PATIENCE_S = 400.0


async def _run(name: str, turn: asyncio.Semaphore) -> tuple[int, str]:
    sizes = [word for option, value in _SIZES[name].items() for word in (f"--{option}", str(value))]
    async with turn:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.reliability", name, *sizes,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        async with asyncio.timeout(_PATIENCE_S):
            told, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, told.decode(errors="replace")


@pytest.fixture(scope="module")
def results() -> dict[str, tuple[int, str]]:
    """Run every figure, a few at a time, and give its exit status and what it printed."""

    async def run_all() -> dict[str, tuple[int, str]]:
        turn = asyncio.Semaphore(_TOGETHER)
        done = await asyncio.gather(*(_run(name, turn) for name in _SIZES))
        return dict(zip(_SIZES, done, strict=True))

    for name in ("postgres", "openssl", "faketime"):
        needs(name)
    return asyncio.run(run_all())


@pytest.mark.parametrize("name", sorted(_SIZES))
def test_what_is_promised_holds(results: dict[str, tuple[int, str]], name: str) -> None:
    """The figure's command ends well, which it does only where its promise held, and prints its row."""
    status, told = results[name]
    assert f"| {name} |" in told, told[-3000:]
    assert _WORDS[name] in told if name in _WORDS else status == 0, told[-3000:]


def test_every_figure_has_a_short_form() -> None:
    """No figure is left out here."""
    assert set(_SIZES) == set(every_figure())


def _arrival(place: str, mark: str, at: float) -> Arrival:
    return Arrival(at, "chat.postMessage", place, f"Page: {mark}", f"token-{at}", "p1", f"{at}", Fault.NONE)


APP = SeededApp("app-0000", "UO0000", "UB0000", "C0000")
MARK = "trouble-000001"
OWNER, BACKUP, *_ = APP.chain


def _page(**told: int) -> PromisedPage:
    return PromisedPage("p1", MARK, "triggered", told, {})


def test_what_is_missing_doubled_or_out_of_order_is_counted() -> None:
    """The count itself can fail: one step without a message, one with two, and two in the wrong order."""
    accepted = {MARK: APP}
    whole = tally(accepted, [_page(**{OWNER: 1, BACKUP: 1})], [_arrival(OWNER, MARK, 1), _arrival(BACKUP, MARK, 2)])
    assert whole.holds
    assert tally(accepted, [_page(**{OWNER: 1, BACKUP: 1})], [_arrival(OWNER, MARK, 1)]).lost == [MARK]
    assert tally(accepted, [_page(**{OWNER: 1})], [_arrival(OWNER, MARK, 1), _arrival(OWNER, MARK, 2)]).doubled == [
        MARK
    ]
    swapped = [_arrival(BACKUP, MARK, 1), _arrival(OWNER, MARK, 2)]
    assert tally(accepted, [_page(**{OWNER: 1, BACKUP: 1})], swapped).disordered == [MARK]
    assert tally(accepted, [], []).unmade == [MARK]
    again = [_arrival(OWNER, MARK, 1), _arrival(OWNER, f"(repeat) {MARK}", 2)]
    assert tally(accepted, [_page(**{OWNER: 1})], again).doubled == [MARK]
    assert tally(accepted, [_page(**{OWNER: 1})], again, readable=False).holds


def test_the_weather_is_drawn_from_its_seed() -> None:
    """Two with one seed bring the same faults, in about the shares that were asked for."""
    one, same = (Weather(7, posted_500=0.1, silent=0.05, limited=0.2) for _ in range(2))
    drawn = [one.fault("chat.postMessage") for _ in range(2000)]
    assert drawn == [same.fault("chat.postMessage") for _ in range(2000)]
    assert 0.05 < drawn.count(Fault.POSTED_500) / len(drawn) < 0.11
    assert 0.15 < drawn.count(Fault.LIMITED) / len(drawn) < 0.25
    assert Fault.POSTED_500 not in {Weather(1, posted_500=1.0).fault("users.info") for _ in range(10)}
