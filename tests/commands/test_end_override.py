"""Overrides are ended and rotas changed, and everybody whom that concerns is told."""

from datetime import timedelta
from typing import Any

import pytest

from commands.command import Refused
from commands.on_call import who_is_on
from storage.on_call_model import Override
from tests.world import ANN, BO, CY, DEE, Town

MADE = "Nights set @ann @bo weekly Mon 09:00 Europe/Berlin"  # at ten o'clock in Berlin


async def on(town: Town) -> tuple[str, ...]:
    """Return who is on call now."""
    return await who_is_on("nights", town.world, town.clock.now())


async def overrides(town: Town, person: str, text: str) -> tuple[Override, ...]:
    """Return the overrides that are left when *person* typed *text*."""
    answer: Any = await town.ask(person, "on-call", text)
    return tuple(answer.rows[0].overrides)


async def refused(town: Town, person: str, text: str) -> str:
    """Return the refusal of what *person* types."""
    with pytest.raises(Refused) as trouble:
        await town.ask(person, "on-call", text)
    return str(trouble.value)


async def test_an_override_can_be_ended(town: Town) -> None:
    """The one that holds first, then one that is to come; then there is none."""
    await town.ask(DEE, "on-call", MADE)
    await town.ask(ANN, "on-call", "Nights override @cy until tomorrow 18:00")
    await town.ask(ANN, "on-call", "Nights override @dee from Fri 18:00 for 2 days")
    assert await on(town) == (CY,)
    assert len(await overrides(town, BO, "Nights end override")) == 1
    assert await on(town) == (ANN,)
    assert await overrides(town, BO, "Nights end override") == ()
    assert "no override" in await refused(town, BO, "Nights end override")


async def test_overrides_that_hold_together_are_ended_together(town: Town) -> None:
    """And the answer says that there were two, or that one was dropped which had not begun."""
    await town.ask(DEE, "on-call", MADE)
    await town.ask(ANN, "on-call", "Nights override @cy for 3h")
    town.clock.time += timedelta(minutes=1)
    await town.ask(ANN, "on-call", "Nights override @dee for 3h")
    assert (await town.ask(BO, "on-call", "Nights end override")).done == (
        "2 overrides of Nights are over: @cy until 12:00 UTC, @dee until 12:01 UTC."
    )
    await town.ask(ANN, "on-call", "Nights override @cy from tomorrow 18:00 for 3h")
    dropped = await town.ask(BO, "on-call", "Nights end override")
    assert dropped.done == (
        "The override of Nights by @cy, from 17:00 UTC on 24 November until 20:00 UTC on 24 November, is dropped: "
        "it had not begun."
    )


async def test_an_override_that_ends_is_told(town: Town) -> None:
    """To whoever held it and to who is on call by that, but not to whoever ended it."""
    await town.ask(DEE, "on-call", MADE)
    await town.ask(ANN, "on-call", "Nights override @cy until 18:00")
    await town.ask(ANN, "on-call", "Nights override @cy from Fri 18:00 for 3h")
    await town.deliver()
    before = len(town.chat)
    answer = await town.ask(BO, "on-call", "Nights end override")
    assert answer.done.startswith("The override of Nights by @cy, until 17:00 UTC, is over. One more is there:")
    await town.deliver()
    assert {one.place: one.news.text for one in town.chat[before:]} == {
        CY: "@bo has ended your override of Nights, which went on until 17:00 UTC: you are not on call now.",
        ANN: "@bo has ended an override of Nights: you are on call for it now.",
    }
    before = len(town.chat)
    await town.ask(ANN, "on-call", "Nights end override")
    await town.deliver()
    (dropped,) = town.chat[before:]
    assert dropped.place == CY
    assert dropped.news.text == (
        "@ann has dropped your override of Nights from 17:00 UTC on 27 November until 20:00 UTC on 27 November: "
        "you do not take over then."
    )
    await town.ask(ANN, "on-call", "Nights override @cy for 3h")
    await town.deliver()
    before = len(town.chat)
    await town.ask(CY, "on-call", "Nights end override")
    await town.deliver()
    assert [one.place for one in town.chat[before:]] == [ANN]


async def test_of_several_overrides_one_is_chosen(town: Town) -> None:
    """By its person or by its number, as they are shown; what there is not is said."""
    await town.ask(DEE, "on-call", MADE)
    for who, day in (("@cy", "Wed"), ("@bo", "Thu"), ("@cy", "Fri"), ("@dee", "Sat")):
        await town.ask(ANN, "on-call", f"Nights override {who} from {day} 18:00 for 3h")
    left = await overrides(town, ANN, "Nights end override @bo")
    assert [one.person for one in left] == [CY, CY, DEE]
    left = await overrides(town, ANN, "Nights end override 2")
    assert [(one.person, one.begins_at.day) for one in left] == [(CY, 25), (DEE, 28)]
    assert "@bo has no override of Nights" in await refused(town, ANN, "Nights end override @bo")
    assert "has no override 3: the last is number 2" in await refused(town, ANN, "Nights end override 3")
    assert "Only an override" in await refused(town, ANN, "Nights end override @cy 2")


async def test_a_changed_rota_is_told(town: Town) -> None:
    """To whom it puts on or takes off, and who is on call by that; whoever changed it knows."""
    await town.ask(DEE, "on-call", MADE)
    await town.deliver()
    rota = "has put you on the rota of Nights."
    assert {one.place: one.news.text for one in town.chat} == {
        ANN: f"@dee {rota} You are on call for it now.",
        BO: f"@dee {rota}",
    }
    before = len(town.chat)
    await town.ask(DEE, "on-call", "Nights set @bo @cy @dee weekly Mon 09:00 Europe/Berlin")
    await town.deliver()
    assert {one.place: one.news.text for one in town.chat[before:]} == {
        ANN: "@dee has taken you off the rota of Nights. You are not on call for it any more.",
        BO: "@dee has changed Nights. You are on call for it now.",
        CY: f"@dee {rota}",
    }
