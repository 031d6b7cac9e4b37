"""A page's own log: what was delivered, seen and not reached, for everybody; addresses for those who may."""

import pytest

from bot.render import render
from bot.views.block_kit import Post
from commands.command import Refused
from commands.page_news import PageLog
from tests.commands.paging import page, page_now, registered, set_house
from tests.commands.repository import Repository
from tests.workspace_message import Message
from tests.world import ANN, BO, CY, DEE, EVE, RELIABILITY, Town


def words(news: PageLog) -> str:
    """Give all that a view shows."""
    shown = render(news)
    assert isinstance(shown, Post)
    return Message("C1", {"text": shown.text, "blocks": list(shown.blocks)}).words


async def test_the_log_says_what_became_of_every_step(town: Town, repository: Repository) -> None:
    """Who as what, when, delivered, not reached and why, and what comes next."""
    await registered(town, repository)
    town.closed[ANN] = "their messages are closed to me"
    page_id = await page(town)
    await town.tick()
    log = await town.ask(CY, "show-page-log", id=page_id)
    said = words(log)
    assert f"told <@{ANN}> (the owner) by Slack: not reached, their messages are closed to me" in said
    assert f"told <@{BO}> (the backup) by Slack: delivered" in said
    assert "Next: <#CAPPS> (the app's channel)" in said
    assert "seen" not in said.replace("“seen”", "")


async def test_whoever_presses_anything_has_seen_it(town: Town, repository: Repository) -> None:
    """The log opened by whoever was told, or a button in the channel that was told; nobody else counts."""
    await registered(town, repository, "@ann")
    page_id = await page(town)
    await town.ask(CY, "show-page-log", id=page_id)
    assert (await page_now(town, page_id)).told[0].seen_at is None
    await town.push(minutes=1)
    log = await town.ask(ANN, "show-page-log", id=page_id)
    assert log.page.told[0].seen_at == town.clock.now()
    assert "seen" in words(log).replace("“seen”", "")
    await town.push(minutes=4)
    told = (await page_now(town, page_id)).told[1]
    assert (told.channel, told.seen_at) == (RELIABILITY, None)
    await town.press(DEE, "resolve-page", page_id, told.channel, told.ts)
    assert (await page_now(town, page_id)).told[1].seen_at == town.clock.now()


async def test_a_button_in_slack_says_nothing_of_a_mail(town: Town, repository: Repository) -> None:
    """What the mail server took stays that, whatever its reader presses in Slack."""
    set_house(town, second_routes=("email",))
    await registered(town, repository)
    town.is_away = True
    page_id = await page(town)
    await town.push(minutes=2)
    town.is_away = False
    await town.tick()
    await town.ask(ANN, "acknowledge-page", id=page_id)
    seen = {(one.target, one.route): one.seen_at for one in (await page_now(town, page_id)).told}
    assert seen[ANN, ""] == town.clock.now()
    assert seen[ANN, "email"] is None


async def test_addresses_are_masked_but_for_those_who_may_read_them(town: Town, repository: Repository) -> None:
    """Whoever it is, and admins."""
    set_house(town, second_routes=("email",))
    await registered(town, repository)
    town.is_away = True
    page_id = await page(town)
    await town.push(minutes=2)
    assert "by e-mail (ann@acme.example): handed to the mail server" in words(
        await town.ask(DEE, "show-page-log", id=page_id)
    )
    for person, address in ((CY, "a…@acme.example"), (BO, "a…@acme.example"), (ANN, "ann@acme.example")):
        log = await town.ask(person, "show-page-log", id=page_id)
        assert {one.address for one in log.page.told if one.target == ANN} == {address}
        assert [step.known for step in (*log.page.steps, log.next_step)] == [{}] * 5


async def test_the_log_is_for_members(town: Town, repository: Repository) -> None:
    """Guests see nothing; a page that is unknown is said so."""
    await registered(town, repository)
    page_id = await page(town)
    with pytest.raises(Refused, match="Only members"):
        await town.ask(EVE, "show-page-log", id=page_id)
    with pytest.raises(Refused, match="do not know that page"):
        await town.ask(ANN, "show-page-log", id="nonsense")
