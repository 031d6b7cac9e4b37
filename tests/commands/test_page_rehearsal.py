"""`/page-owner --dry-run NAME`: who would be told, when and how; nothing is written and nobody is told."""

from datetime import timedelta

import pytest

from commands.command import Refused
from commands.page_news import Paged, PageRehearsal
from storage import audit, pages
from tests.commands.paging import page_now, registered, set_house
from tests.commands.repository import Repository
from tests.world import ANN, APPS, BO, CY, DEE, RELIABILITY, SRE, Town


async def test_a_rehearsal_says_who_would_be_told_when_and_how(town: Town, repository: Repository) -> None:
    """Each step with its moment and its people, also those who cannot be told, and why."""
    set_house(town, escalation=("owner", "backup", "group:@sre", "channel"), second_routes=("email",))
    app_id = await registered(town, repository)
    town.people.deactivate(BO)
    town.people.deactivate(DEE)
    before = len(town.chat)
    news = await town.ask(CY, "page-owner", "--dry-run billing-bot")
    assert isinstance(news, PageRehearsal)
    assert [(one.step.role, one.after) for one in news.steps] == [
        ("owner", timedelta(0)),
        ("group", timedelta(minutes=5)),
        ("channel", timedelta(minutes=10)),
        ("reliability", timedelta(minutes=20)),
    ]
    assert [(who.target, who.failed) for one in news.steps for who in one.people] == [
        (ANN, ""),
        (CY, ""),
        (DEE, "is deactivated"),
        (APPS, ""),
        (RELIABILITY, ""),
    ]
    assert news.notes == (f"<!person^{BO}>, its backup, is deactivated.",)
    await town.tick()
    assert len(town.chat) == before
    async with town.world.database.read() as transaction:
        assert await pages.open_of(transaction, [app_id]) == {}
        assert "page owner" not in {entry.what for entry in await audit.entries(transaction, app_id)}


@pytest.mark.parametrize(
    ("person", "address"), [(CY, "a…@acme.example"), (ANN, "ann@acme.example"), (DEE, "ann@acme.example")]
)
async def test_addresses_are_for_those_who_may_read_them(
    town: Town, repository: Repository, person: str, address: str
) -> None:
    """Whoever it is, and admins; others see how they begin."""
    set_house(town, second_routes=("email",))
    await registered(town, repository)
    news = await town.ask(person, "page-owner", "--dry-run billing-bot")
    assert news.steps[0].people[0].address == address
    assert all(one.step.known == {} for one in news.steps)


@pytest.mark.parametrize("words", ["billing-bot --dry-run", "—dry-run billing-bot it is down", "--DRY-RUN billing-bot"])
async def test_it_is_understood_as_people_type_it(town: Town, repository: Repository, words: str) -> None:
    """Behind the name, with the dash that chat programs make of two, or with words behind it."""
    await registered(town, repository)
    assert isinstance(await town.ask(CY, "page-owner", words), PageRehearsal)


async def test_a_page_that_speaks_of_the_option_is_a_page(town: Town, repository: Repository) -> None:
    """A page must never be taken for a rehearsal."""
    await registered(town, repository)
    news = await town.ask(CY, "page-owner", "billing-bot --dry-run breaks the import")
    assert isinstance(news, Paged)
    assert (await page_now(town, news.page.id)).what == "--dry-run breaks the import"


@pytest.mark.parametrize("words", ["--dry-run", "--dry-run nothing"])
async def test_a_rehearsal_of_no_app_is_refused(town: Town, words: str) -> None:
    """As a page would be."""
    with pytest.raises(Refused, match="no app called"):
        await town.ask(CY, "page-owner", words)


async def test_an_empty_group_is_rehearsed_too(town: Town, repository: Repository) -> None:
    """It says that the next step follows at once: its wait does not count."""
    town.people.groups[SRE] = ()
    set_house(town, escalation=("group:@sre", "channel"))
    await registered(town, repository)
    news = await town.ask(CY, "page-owner", "--dry-run billing-bot")
    assert [(one.step.role, one.after) for one in news.steps][:2] == [
        ("group", timedelta(0)),
        ("channel", timedelta(0)),
    ]
    assert news.steps[0].people[0].failed == "has no members"
