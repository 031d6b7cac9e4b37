"""An acknowledgement that goes stale: one question, another while, or the page is open again."""

import asyncio

import pytest

from commands.command import Refused
from commands.moments import for_reader
from commands.page_news import StillOnIt
from storage.model import PageState
from tests.commands.paging import page, page_now, pages, registered
from tests.commands.repository import Repository
from tests.world import ANN, BO, CY, DEE, MONDAY, RELIABILITY, Town


async def acknowledged(town: Town, repository: Repository) -> str:
    """Have Ann acknowledge a page, and give its id."""
    await registered(town, repository)
    page_id = await page(town)
    await town.ask(ANN, "acknowledge-page", id=page_id, at="DANN")
    await town.tick()
    return page_id


async def test_whoever_acknowledged_is_asked_once_and_then_the_page_reopens(town: Town, repository: Repository) -> None:
    """It goes on behind the step that answered; everybody who was told sees it, and why."""
    page_id = await acknowledged(town, repository)
    await town.push(minutes=29)
    assert town.said(StillOnIt) == []
    await town.push(minutes=1)
    await town.push(minutes=29)
    (question,) = town.said(StillOnIt, ANN)
    assert question.answer == ""
    assert [one.place for one in pages(town)] == [ANN, CY]
    await town.push(minutes=1)
    assert [one.place for one in pages(town)] == [ANN, CY, BO]
    for one in pages(town):
        assert one.news.page.state is PageState.TRIGGERED
        assert one.news.page.notes[-1] == (
            f"<!person^{ANN}> acknowledged it ({for_reader(MONDAY)}) and did not say that they are still on it: "
            f"open again since {for_reader(town.clock.now())}."
        )
    assert town.said(StillOnIt, ANN)[0].answer.startswith("It is open again")
    await town.ask(BO, "acknowledge-page", id=page_id, at="DBO")
    with pytest.raises(Refused, match=r"^@bo acknowledged the page for billing-bot: only they"):
        await town.ask(ANN, "still-on-it", id=page_id, at="DANN")
    await town.push(minutes=30)
    assert len(town.said(StillOnIt, BO)) == 1


async def test_a_note_made_without_slack_names_whom_slack_names_later(town: Town, repository: Repository) -> None:
    """A note stands for ever, and so it holds no more than a mark for the person."""
    page_id = await acknowledged(town, repository)
    await town.push(minutes=30)
    town.people.is_away = True
    await town.push(minutes=30)
    note = (await page_now(town, page_id)).notes[-1]
    assert note.startswith(f"<!person^{ANN}> acknowledged it")


async def test_still_on_it_renews_for_another_while(town: Town, repository: Repository) -> None:
    """Each time anew, with a question of its own; only whoever acknowledged can say it."""
    page_id = await acknowledged(town, repository)
    for number in range(1, 4):
        await town.push(minutes=30)
        assert len(town.said(StillOnIt, ANN)) == number
        with pytest.raises(Refused, match="only they can say"):
            await town.ask(BO, "still-on-it", id=page_id, at="DBO")
        await town.push(minutes=20)
        said = await town.ask(ANN, "still-on-it", id=page_id, at="DANN")
        assert said.text.startswith("You keep the page for billing-bot. I ask you again at ")
        await town.tick()
    assert [one.place for one in pages(town)] == [ANN, CY]
    assert all(one.answer.startswith("You are still on it") for one in town.said(StillOnIt, ANN))


async def test_a_resolved_page_asks_nobody(town: Town, repository: Repository) -> None:
    """It is over; the question that stands says so, and a late press learns it."""
    page_id = await acknowledged(town, repository)
    await town.push(minutes=30)
    await town.ask(DEE, "resolve-page", id=page_id, at="DDEE")
    await town.push(hours=10)
    (question,) = town.said(StillOnIt, ANN)
    assert question.answer == "@dee has resolved it at 09:30 UTC."
    assert [one.place for one in pages(town)] == [ANN, CY]
    with pytest.raises(Refused, match=r"^Already resolved by @dee at 09:30 UTC\.$"):
        await town.ask(ANN, "still-on-it", id=page_id, at="DANN")


async def test_of_a_press_and_the_clock_at_once_one_wins(town: Town, repository: Repository) -> None:
    """Either it is renewed or open again, and whoever pressed is told which."""
    page_id = await acknowledged(town, repository)
    await town.push(minutes=30)
    town.clock.time += (await page_now(town, page_id)).due_at - town.clock.now()  # type: ignore[operator]
    answers: list[object] = await asyncio.gather(
        town.ask(ANN, "still-on-it", id=page_id, at="DANN"),
        town.ask("clock", "escalate-pages"),
        town.ask("clock", "escalate-pages"),
        return_exceptions=True,
    )
    said, state = answers[0], (await page_now(town, page_id)).state
    assert (state is PageState.ACKNOWLEDGED) == (not isinstance(said, Refused))
    if isinstance(said, Refused):
        assert "open again" in str(said)


async def test_a_page_that_reopens_at_its_end_begins_anew(town: Town, repository: Repository) -> None:
    """Whoever is told again gets a message of its own: an edit wakes nobody."""
    await registered(town, repository, "@ann")
    page_id = await page(town)
    await town.push(minutes=5)
    await town.ask(DEE, "acknowledge-page", id=page_id, at=RELIABILITY)
    await town.push(minutes=30)
    await town.push(minutes=30)
    assert [one.place for one in pages(town)] == [ANN, CY, RELIABILITY, ANN]
    assert (await page_now(town, page_id)).told[-1].repeat == 1


async def test_after_downtime_a_stale_page_asks_first(town: Town, repository: Repository) -> None:
    """However long the bot was away: one question, and its time to answer."""
    page_id = await acknowledged(town, repository)
    await town.push(hours=12)
    assert len(town.said(StillOnIt, ANN)) == 1
    assert (await page_now(town, page_id)).state is PageState.ACKNOWLEDGED
    await town.push(minutes=29)
    assert (await page_now(town, page_id)).state is PageState.ACKNOWLEDGED
