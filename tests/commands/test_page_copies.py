"""What stands in the copies of a page, and in other answers: names of people, and buttons for those on its path."""

import pytest

from commands.command import InvalidForm
from commands.page_news import Paged
from tests.commands.repository import Repository
from tests.world import ANN, APPS, CY, EVE, Town


async def test_whoever_pages_gets_buttons_only_on_the_path(town: Town, repository: Repository) -> None:
    """In their own copy as in the answer; where the button may be pressed it is offered."""
    await town.ask(ANN, "register-app", f"billing-bot {repository}")
    assert not (await town.ask(CY, "page-owner", "billing-bot it is down", at="CGENERAL")).may_answer
    assert (await town.ask(CY, "page-owner", "billing-bot it is down", at=APPS)).may_answer
    assert (await town.ask(ANN, "page-owner", "billing-bot it is down", at="CGENERAL")).may_answer
    await town.tick()
    (copy,) = town.said(Paged, CY)
    assert not copy.may_answer
    assert all(one.may_answer for one in town.said(Paged, ANN))


async def test_what_was_typed_names_people_and_channels(town: Town, repository: Repository) -> None:
    """Slack's ids do not reach a reader, be it in a page or in a fault of a form."""
    await town.ask(ANN, "register-app", f"billing-bot {repository}")
    words = f"billing-bot <@{CY}|cy> and <@{EVE}> see <#{APPS}|apps> and <#{APPS}> down"
    assert (await town.ask(CY, "page-owner", words)).page.what == "@cy and @eve see #apps and #apps down"
    with pytest.raises(InvalidForm, match="@eve is a guest: name somebody else"):
        await town.ask(ANN, "register-app", f"refund-bot {repository} <@{EVE}|eve>")
