"""How many pages one person makes: those of a moment join into one, and there are only so many in an hour."""

import asyncio
from pathlib import Path

import pytest

from commands.command import Refused, Request, all_commands
from commands.page_news import Paged
from storage.model import PageState
from tests.commands.paging import page_now, pages, registered, set_house
from tests.commands.repository import Repository
from tests.world import ANN, BO, CY, DEE, Town
from tests.world import town as a_town


async def test_pages_of_two_processes_join_into_one(tmp_path: Path, registry_url: str, repository: Repository) -> None:
    """On one registry, at once: one page, nine joined to it, told so; the same on both engines."""
    async with a_town(tmp_path, url=registry_url) as one:
        await registered(one, repository)
        async with a_town(tmp_path, one, url=registry_url) as other:
            orders = [town.ask(CY, "page-owner", f"billing-bot fault {n}") for n in range(5) for town in (one, other)]
            answers = await asyncio.gather(*orders)
            assert sorted(answer.joined for answer in answers) == [False] + [True] * 9
            assert len({answer.page.id for answer in answers}) == 1
            await asyncio.gather(one.ask("clock", "escalate-pages"), other.ask("clock", "escalate-pages"))
            await one.tick()
            assert [message.place for message in pages(one)] == [ANN, CY]
            assert pages(one)[0].news.page.joined == 9


async def test_a_page_joins_one_that_was_acknowledged_meanwhile(town: Town, repository: Repository) -> None:
    """Whoever is on it reads what was added; nobody else is told."""
    await registered(town, repository)
    first = await town.ask(CY, "page-owner", "billing-bot it is slow")
    await town.tick()
    await town.ask(ANN, "acknowledge-page", id=first.page.id, at="DANN")
    await town.push(seconds=5)
    second = await town.ask(CY, "page-owner", "billing-bot now it is down")
    assert isinstance(second, Paged)
    assert (second.joined, second.page.id, second.page.state) == (True, first.page.id, PageState.ACKNOWLEDGED)
    await town.tick()
    assert [one.place for one in pages(town)] == [ANN, CY]
    assert pages(town)[0].news.page.what == "it is slow\nnow it is down"


async def test_a_page_after_a_resolved_one_is_new(town: Town, repository: Repository) -> None:
    """What was over and is wrong again wakes somebody again."""
    await registered(town, repository)
    first = await town.ask(CY, "page-owner", "billing-bot it is down")
    await town.tick()
    await town.ask(ANN, "resolve-page", id=first.page.id, at="DANN")
    second = await town.ask(CY, "page-owner", "billing-bot it is down")
    assert not second.joined
    assert second.page.id != first.page.id


async def test_one_person_makes_only_so_many_pages_an_hour(town: Town, repository: Repository) -> None:
    """The one too many is refused in words that say when; admins, others and the next hour are not."""
    set_house(town, pages_per_hour=3)
    await registered(town, repository)
    for number in range(3):
        await town.ask(CY, "page-owner", f"billing-bot it is down {number}")
        await town.push(seconds=11)
    with pytest.raises(Refused, match=r"made 3 pages within an hour.* Nobody was told .* again at 10:00 UTC"):
        await town.ask(CY, "page-owner", "billing-bot it is down")
    await town.ask(BO, "page-owner", "billing-bot it is down")
    for number in range(4):
        await town.ask(DEE, "page-owner", f"billing-bot it is down {number}")
        await town.push(seconds=11)
    town.clock.time = town.clock.time.replace(hour=10)
    page = (await town.ask(CY, "page-owner", "billing-bot it is down")).page
    assert (await page_now(town, page.id)).by == CY


async def test_the_limit_holds_for_pages_at_once(town: Town, repository: Repository) -> None:
    """Pages for several apps in one moment are counted one after the other."""
    set_house(town, pages_per_hour=2)
    for name in ("one", "two", "three", "four"):
        await town.ask(CY, "register-app", f"{name}-bot {repository} @ann")
    orders = [town.ask(CY, "page-owner", f"{name}-bot it is down") for name in ("one", "two", "three", "four")]
    answers = await asyncio.gather(*orders, return_exceptions=True)
    assert sorted(type(one).__name__ for one in answers) == ["Paged", "Paged", "Refused", "Refused"]


async def test_who_types_the_same_again_joins_their_page(town: Town, repository: Repository) -> None:
    """Whoever saw no answer, as while the bot was restarted, wakes nobody twice; two minutes later they do."""
    await registered(town, repository)
    first = await town.ask(CY, "page-owner", "billing-bot it is down")
    await town.push(seconds=90)
    again = await town.ask(CY, "page-owner", "billing-bot it is down")
    assert (again.joined, again.page.id, again.page.what) == (True, first.page.id, "it is down")
    assert not (await town.ask(CY, "page-owner", "billing-bot and the mails are late")).joined
    assert not (await town.ask(DEE, "page-owner", "billing-bot it is down")).joined
    await town.push(seconds=31)
    assert not (await town.ask(CY, "page-owner", "billing-bot it is down")).joined


async def test_what_was_typed_long_ago_joins_what_was_typed_again_since(town: Town, repository: Repository) -> None:
    """The first command was taken over late, when the page that its person typed anew stands already."""
    await registered(town, repository)
    typed_at = town.clock.now()
    again = await town.ask(CY, "page-owner", "billing-bot it is down")
    await town.push(minutes=4)
    late = Request(CY, "billing-bot it is down", once="slash:1", typed_at=typed_at)
    joined = await all_commands()["page-owner"].give(late, town.world)
    assert (joined.joined, joined.page.id) == (True, again.page.id)
    other = Request(CY, "billing-bot it is slow", once="slash:2", typed_at=typed_at)
    assert not (await all_commands()["page-owner"].give(other, town.world)).joined


async def test_what_was_typed_long_ago_wakes_nobody_for_what_is_over(town: Town, repository: Repository) -> None:
    """Its person typed it again, and that page was resolved before the first command was taken over."""
    await registered(town, repository)
    typed_at = town.clock.now()
    again = await town.ask(CY, "page-owner", "billing-bot it is down")
    await town.ask(ANN, "resolve-page", id=again.page.id)
    await town.push(minutes=20)
    late = Request(CY, "billing-bot it is down", once="slash:1", typed_at=typed_at)
    joined = await all_commands()["page-owner"].give(late, town.world)
    assert (joined.joined, joined.page.id, joined.page.state) == (True, again.page.id, PageState.RESOLVED)
    assert {one.news.page.id for one in pages(town)} == {again.page.id}
