"""The pure rules of a page's chain: in order, never early, once a cycle, and without an end until somebody answers."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.page_chain import coming, next_step
from commands.page_stale import position_after
from storage.model import PageState, Step, StepKind, Told
from tests.storage.sample import NOW, a_page, an_app

_ROLES = ("owner", "backup", "group", "on-call", "channel", "reliability")
_MOMENTS = st.lists(
    st.tuples(st.sampled_from(["look", "look", "look", "answer", "stale"]), st.integers(0, 3000)), max_size=60
)


@given(waits=st.lists(st.integers(1, 600), min_size=1, max_size=6), moments=_MOMENTS)
def test_a_chain_is_walked_in_order_whenever_the_clock_looks(waits: list[int], moments: list[tuple[str, int]]) -> None:
    """Never before it is due, each step once a cycle, each after the wait of the one before; the end repeats."""
    steps = tuple(Step("owner", f"U{n}", timedelta(seconds=wait)) for n, wait in enumerate(waits))
    page, now, last = a_page(an_app(), steps=steps), NOW, len(steps) - 1
    told: list[tuple[int, Any]] = []
    for what, seconds in moments:
        now += timedelta(seconds=seconds)
        if what == "answer" and page.state is PageState.TRIGGERED:
            page = replace(page, state=PageState.ACKNOWLEDGED, acknowledged_by="U0", due_at=None)
        elif what == "stale" and page.state is PageState.ACKNOWLEDGED:
            position = position_after(page)
            assert 0 <= position <= last
            page, told = replace(page, state=PageState.TRIGGERED, position=position, due_at=now), []
        following = next_step(page, now)
        due = page.state is PageState.TRIGGERED and page.due_at is not None and page.due_at <= now
        assert (following is not None) == due
        assert (coming(page) == (None, None)) == (page.state is not PageState.TRIGGERED)
        if following is None:
            continue
        if told:
            before, at = told[-1]
            assert following.index == min(before + 1, last)
            assert now - at >= steps[before].wait
        told.append((following.index, now))
        assert [index for index, _ in told if index != last] == sorted({index for index, _ in told if index != last})
        assert following.due_at == now + steps[following.index].wait
        entry = Told(following.index, following.step.target, now)
        page = replace(page, position=following.position, due_at=following.due_at, told=(*page.told, entry))


def test_after_downtime_one_step_goes_out_and_the_next_after_its_wait() -> None:
    """A night without the bot does not wake everybody at once."""
    steps = tuple(Step("owner", f"U{n}", timedelta(minutes=5)) for n in range(4))
    morning = NOW + timedelta(hours=9)
    first = next_step(a_page(an_app(), steps=steps), morning)
    assert first is not None
    assert (first.index, first.due_at) == (0, morning + timedelta(minutes=5))
    assert next_step(a_page(an_app(), steps=steps, position=1, due_at=first.due_at), morning) is None


@pytest.mark.parametrize(
    ("by", "told", "position"),
    [("U0", (0,), 1), ("U0", (0, 1), 1), ("U1", (0, 1), 2), ("U2", (0, 1, 2), 0), ("U9", (0,), 1), ("U9", (), 0)],
)
def test_a_reopened_page_goes_on_behind_the_step_that_answered(by: str, told: tuple[int, ...], position: int) -> None:
    """From the start where that was the end; of somebody who was not told, behind whoever was told last."""
    steps = tuple(Step("owner", f"U{n}", timedelta(minutes=5)) for n in range(3))
    log = tuple(Told(n, f"U{n}", NOW) for n in told)
    page = a_page(an_app(), steps=steps, told=log, state=PageState.ACKNOWLEDGED, acknowledged_by=by)
    assert position_after(page) == position


def test_steps_of_older_versions_are_read() -> None:
    """What was frozen before steps had kinds keeps its meaning."""
    old = b'[{"role":"owner","target":"U1","wait":"PT300S","is_person":true},'
    old += b'{"role":"reliability","target":"C9","wait":"PT600S","is_person":false}]'
    steps = msgspec.json.decode(old, type=tuple[Step, ...])
    assert [(one.kind, one.target) for one in steps] == [(StepKind.PERSON, "U1"), (StepKind.CHANNEL, "C9")]
    assert [Step(role, "X", timedelta(0)).kind for role in _ROLES] == [
        StepKind.PERSON, StepKind.PERSON, StepKind.GROUP, StepKind.SCHEDULE, StepKind.CHANNEL, StepKind.CHANNEL,
    ]  # fmt: skip
