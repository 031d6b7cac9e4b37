"""Paging: the chain, who answers, who is left out, restarts, and that nothing is lost or told twice."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from commands.command import Refused
from commands.news import Card, Said
from storage import audit, outbox, outbox_queue
from storage.model import PageState
from tests.commands.paging import page, pages, registered
from tests.commands.repository import Repository
from tests.world import ANN, APPS, BO, CY, DEE, EVE, QUIET, RELIABILITY, Town
from tests.world import town as a_town


async def test_an_unanswered_page_goes_down_the_chain_and_repeats_at_its_end(
    town: Town, repository: Repository
) -> None:
    """Owner, backup, channel, reliability channel, and there again; every copy says who was told when."""
    await registered(town, repository)
    await page(town)
    assert [one.place for one in pages(town)] == [ANN, CY]
    await town.push(minutes=4)
    assert len(pages(town)) == 2
    for minutes, place in ((1, BO), (5, APPS), (10, RELIABILITY), (10, RELIABILITY), (10, RELIABILITY)):
        await town.push(minutes=minutes)
        assert pages(town)[-1].place == place
    assert len(pages(town)) == 7
    for one in pages(town):
        told = [(entry.target, entry.repeat) for entry in one.news.page.told]
        assert told == [(ANN, 0), (BO, 0), (APPS, 0), (RELIABILITY, 0), (RELIABILITY, 1), (RELIABILITY, 2)]
        assert one.news.next_step.target == RELIABILITY
        assert one.news.next_at == town.clock.now() + timedelta(minutes=10)
    (root,) = town.said(Card, APPS)
    assert len(root.open_pages) == 1


async def test_an_acknowledged_page_goes_no_further_and_whoever_paged_knows(town: Town, repository: Repository) -> None:
    """One winner; every copy says so; resolved, it leaves the card."""
    await registered(town, repository)
    page_id = await page(town)
    said = await town.ask(ANN, "acknowledge-page", id=page_id)
    assert "nobody else is told" in said.text
    await town.push(hours=5)
    assert [one.place for one in pages(town)] == [ANN, CY]
    assert {one.news.page.acknowledged_by for one in pages(town)} == {ANN}
    assert {one.news.next_step for one in pages(town)} == {None}
    assert any(
        one.text == "@ann has acknowledged your page for billing-bot at 09:00 UTC." for one in town.said(Said, CY)
    )
    with pytest.raises(Refused, match=r"^Already acknowledged by @ann at 09:00 UTC\.$"):
        await town.ask(BO, "acknowledge-page", id=page_id)
    await town.ask(BO, "resolve-page", id=page_id)
    await town.tick()
    assert {one.news.page.state for one in pages(town)} == {PageState.RESOLVED}
    with pytest.raises(Refused, match=r"^Already resolved by @bo at 14:00 UTC\.$"):
        await town.ask(ANN, "resolve-page", id=page_id)
    with pytest.raises(Refused, match=r"^Already resolved by @bo"):
        await town.ask(ANN, "acknowledge-page", id=page_id)
    assert town.said(Card, APPS)[0].open_pages == ()


@pytest.mark.parametrize("order", ["acknowledge-page", "resolve-page"])
async def test_of_two_who_answer_at_once_one_wins_and_the_other_sees_who(
    town: Town, repository: Repository, order: str
) -> None:
    """The page has one answer, and whoever was second learns who gave it."""
    await registered(town, repository)
    page_id = await page(town)
    answers = await asyncio.gather(
        town.ask(ANN, order, id=page_id), town.ask(BO, order, id=page_id), return_exceptions=True
    )
    (won,) = [one for one in answers if isinstance(one, Said)]
    (lost,) = [one for one in answers if isinstance(one, Refused)]
    winner = ("@ann", "@bo")[answers.index(won)]
    assert f"by {winner} at 09:00 UTC" in str(lost)


async def test_a_bot_killed_between_page_and_escalation_escalates_once(tmp_path: Path, repository: Repository) -> None:
    """The page is a row before the command answers; whoever comes back to it goes on where it stood."""
    async with a_town(tmp_path) as town:
        await registered(town, repository)
        await town.ask(CY, "page-owner", "billing-bot it is down")  # killed before anything was told
    async with a_town(tmp_path, town) as town:
        await town.tick()
        assert [one.place for one in pages(town)] == [ANN, CY]
    async with a_town(tmp_path, town) as town:  # killed again, and away for an hour
        town.clock.time += timedelta(hours=1)
        await asyncio.gather(town.ask("clock", "escalate-pages"), town.ask("clock", "escalate-pages"))
        await town.tick()
        assert [one.place for one in pages(town)] == [ANN, CY, BO]
        await town.push(minutes=4)
        assert len(pages(town)) == 3


async def test_a_page_killed_between_row_and_message_is_still_sent_once(tmp_path: Path, repository: Repository) -> None:
    """Advance and outbox are one transaction: what was claimed and never sent is sent by the next bot."""
    async with a_town(tmp_path) as town:
        await registered(town, repository)
        await town.ask(CY, "page-owner", "billing-bot it is down")
        await town.ask("clock", "escalate-pages")
        async with town.world.database.write() as transaction:
            claimed = await outbox_queue.claim(transaction, town.clock.now())
        assert any(message.to.person == ANN for message in claimed)
    async with a_town(tmp_path, town) as town:
        await town.push(minutes=2)
        assert [one.place for one in pages(town)].count(ANN) == 1


async def test_ten_pages_in_ten_seconds_are_one(town: Town, repository: Repository) -> None:
    """There is one page with all that was said; nine are told that they joined it."""
    await registered(town, repository)
    answers = await asyncio.gather(*(town.ask(CY, "page-owner", f"billing-bot fault {n}") for n in range(10)))
    assert sorted(answer.joined for answer in answers) == [False] + [True] * 9
    await town.tick()
    assert [one.place for one in pages(town)] == [ANN, CY]
    (_, copy) = pages(town)
    assert copy.news.page.joined == 9
    assert sorted(copy.news.page.what.split("\n")) == [f"fault {n}" for n in range(10)]
    await town.push(seconds=11)
    later = await town.ask(CY, "page-owner", "billing-bot and again")
    assert not later.joined


async def test_who_is_gone_is_left_out_and_it_is_said(town: Town, repository: Repository) -> None:
    """The backup is told first."""
    await registered(town, repository)
    town.people.deactivate(ANN)
    answer = await town.ask(CY, "page-owner", "billing-bot it is down")
    assert answer.page.notes == (
        f"No reachable owner: the backup <!person^{BO}> is told first.",
        f"<!person^{ANN}>, its owner, is deactivated.",
    )
    await town.tick()
    assert [one.place for one in pages(town)] == [BO, CY]


async def test_who_goes_while_a_page_runs_is_passed_over_at_once(town: Town, repository: Repository) -> None:
    """Nobody waits five minutes for somebody who left meanwhile."""
    await registered(town, repository)
    await page(town)
    town.people.deactivate(BO)
    await town.push(minutes=5)
    assert [one.place for one in pages(town)] == [ANN, CY, APPS]
    assert [(entry.target, entry.failed) for entry in pages(town)[0].news.page.told] == [
        (ANN, ""),
        (BO, "is deactivated"),
        (APPS, ""),
    ]


async def test_a_message_that_cannot_be_delivered_sends_the_page_on(town: Town, repository: Repository) -> None:
    """The next step follows at once, and the page says who was not reached and why."""
    await registered(town, repository)
    await town.ask(CY, "page-owner", "billing-bot it is down")
    await town.ask("clock", "escalate-pages")
    async with town.world.database.write() as transaction:
        (message,) = [one for one in await outbox_queue.claim(transaction, town.clock.now()) if one.to.person == ANN]
        await outbox.give_up(transaction, message, town.clock.now(), "cannot_dm_bot")
    for _ in range(2):
        await town.ask("clock", "note-unreached", id=str(message.id), why="their messages are closed to me")
    await town.push(minutes=2)
    assert [one.place for one in pages(town)] == [BO, CY]
    assert pages(town)[0].news.page.told[0].failed == "their messages are closed to me"


async def test_an_app_without_anybody_is_paged_to_its_channels(town: Town, repository: Repository) -> None:
    """Somebody is always told: here the reliability channel at once."""
    await registered(town, repository, "@ann")
    town.people.deactivate(ANN)
    await page(town)
    assert [one.place for one in pages(town)] == [RELIABILITY, CY]
    assert pages(town)[0].news.page.notes[0] == "No reachable owner: a channel is told first."


async def test_a_channel_without_the_bot_is_left_out(town: Town, repository: Repository) -> None:
    """The page says how to invite it."""
    await registered(town, repository, f"@ann --channel {QUIET}")
    answer = await town.ask(CY, "page-owner", "billing-bot it is down")
    assert [step.target for step in answer.page.steps] == [ANN, RELIABILITY]
    assert "/invite @Groundcrew" in answer.page.notes[-1]


async def test_only_those_on_the_path_may_answer(town: Town, repository: Repository) -> None:
    """Others get a hint, and are written down; an admin may, and whoever reads it in a channel that is told."""
    app_id = await registered(town, repository)
    page_id = await page(town)
    with pytest.raises(Refused, match="You may not answer this page") as caught:
        await town.ask(CY, "acknowledge-page", id=page_id, at="DCY")
    assert caught.value.example.startswith("/page-owner billing-bot")
    async with town.world.database.read() as transaction:
        entries = await audit.entries(transaction, app_id)
    assert [entry.who for entry in entries if entry.what == "refused answer page"] == [CY]
    await town.ask(CY, "acknowledge-page", id=page_id, at=RELIABILITY)
    await town.ask(DEE, "resolve-page", id=page_id, at="DDEE")
    with pytest.raises(Refused, match="Only members"):
        await town.ask(EVE, "resolve-page", id=page_id)
    with pytest.raises(Refused, match="do not know that page"):
        await town.ask(ANN, "resolve-page", id="nonsense")


@pytest.mark.parametrize(
    ("words", "says", "example"),
    [
        ("", "NAME and what is wrong", "/page-owner billing-bot invoices are sent twice"),
        ("billing-bot", "Say what is wrong with billing-bot", "/page-owner billing-bot it is down"),
        ("biling-bot it is down", "There is no app called “biling-bot”", "/page-owner billing-bot it is down"),
        ("refund-desk it is down", "It has to be registered first", "/register-app"),
        ("billing-bot " + "x" * 1001, "has 1,001 characters", ""),
    ],
)
async def test_bad_words_are_answered_plainly(
    town: Town, repository: Repository, words: str, says: str, example: str
) -> None:
    """Usage with an example, and names that come close; nobody is paged."""
    await registered(town, repository)
    with pytest.raises(Refused, match=says) as caught:
        await town.ask(CY, "page-owner", words)
    assert caught.value.example == example
    await town.tick()
    assert pages(town) == []


async def test_only_the_clock_escalates(town: Town) -> None:
    """No person can have a page hurried, or a check begun twice."""
    for order in ("escalate-pages", "recheck-apps", "run-check", "note-unreached"):
        with pytest.raises(Refused, match="not something a person can ask for"):
            await town.ask(ANN, order, id="1")


async def test_whoever_paged_and_is_the_backup_is_woken_by_a_message_of_its_own(
    town: Town, repository: Repository
) -> None:
    """Their copy is not just edited when their step is due; an owner who pages has one message."""
    await registered(town, repository)
    await town.ask(BO, "page-owner", "billing-bot it is down")
    await town.tick()
    assert [one.place for one in pages(town)] == [ANN, BO]
    await town.push(minutes=5)
    assert [one.place for one in pages(town)] == [ANN, BO, BO]
    await town.ask(ANN, "page-owner", "billing-bot it is down")
    await town.tick()
    assert [one.place for one in pages(town)][3:] == [ANN]
