"""What stories of pages begin with: a registered app, a page, and the messages that show it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time

from commands.page_news import Paged
from storage import on_call
from storage import pages as kept
from storage.model import Page
from storage.names import name_key
from storage.on_call_model import Rota, Schedule
from tests.commands.repository import Repository
from tests.world import ANN, BO, CY, RELIABILITY, Posted, Town


async def registered(town: Town, repository: Repository, words: str = "@ann --backup @bo --channel #apps") -> str:
    """Register billing-bot, have the people who were asked accept it, and give its id."""
    answer = await town.ask(CY, "register-app", f"billing-bot {repository} {words}", at=RELIABILITY)
    app_id = answer.card.app.id
    for role, person in (("owner", ANN), ("backup", BO)):
        if person in answer.asked:
            await town.ask(person, "accept-app", id=f"{app_id}:{role}")
    await town.tick()
    return str(app_id)


async def page(town: Town, what: str = "invoices are sent twice") -> str:
    """Have Cy page the owner, and give the page's id."""
    answer = await town.ask(CY, "page-owner", f"billing-bot {what}")
    assert isinstance(answer, Paged)
    await town.tick()
    return answer.page.id


def pages(town: Town) -> list[Posted]:
    """Give the messages in Slack that show a page, oldest first."""
    return [one for one in town.chat if isinstance(one.news, Paged) and not one.route]


async def page_now(town: Town, page_id: str) -> Page:
    """Give the page as the registry has it."""
    async with town.world.database.read() as transaction:
        page = await kept.get(transaction, page_id)
    assert page is not None
    return page


async def schedule(town: Town, name: str, people: Sequence[str]) -> str:
    """Keep a weekly rota of *people*, the first of whom is on call this week, and give its id."""
    now = town.clock.now()
    rota = Rota(tuple(people), 0, time(0), "UTC", date(2026, 11, 23))
    async with town.world.database.write() as transaction:
        await on_call.add(transaction, Schedule(f"s-{name}", name, name_key(name), ANN, now, rota))
    return f"s-{name}"


def set_house(town: Town, **settings: object) -> None:
    """Have *settings* hold from now on."""
    town.world = replace(town.world, house=replace(town.world.house, **settings))  # type: ignore[arg-type]
