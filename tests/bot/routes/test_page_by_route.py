"""A page from a typed command to real servers while Slack is away: by mail, by webhook and by PagerDuty, to its end."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest_asyncio

from bot.routes.make import make_routes
from bot.routes.route import Route
from bot.sender import Sender
from bot.settings_load import load
from commands.command import CLOCK
from commands.page_news import Paged
from tests.bot.routes import mail
from tests.bot.routes.mail import MailServer
from tests.bot.routes.receiver import Receiver, receiver
from tests.bot.sending import send_due, sender_of
from tests.bot.slack_server import Answer, SlackServer, slack_server
from tests.commands.paging import registered, set_house
from tests.commands.repository import Repository
from tests.world import ANN, BO, CY, Town

KEY = "0123456789abcdef0123456789ABCDEF"


@dataclass
class Servers:
    """What receives: a Slack that answers or not, a mail server, a receiver of webhooks, and PagerDuty."""

    slack: SlackServer
    mails: MailServer
    hook: Receiver
    duty: Receiver

    def routes(self) -> Mapping[str, Route]:
        """Return the routes to them."""
        environment = {
            "GROUNDCREW_SMTP_URL": f"smtp://127.0.0.1:{self.mails.port}",
            "GROUNDCREW_SMTP_FROM": "groundcrew@acme.example",
            "GROUNDCREW_PAGE_WEBHOOK_URL": self.hook.url,
            "GROUNDCREW_PAGE_WEBHOOK_SECRET": "a-s3cret-that-is-long-enough-for-it",
            "GROUNDCREW_PAGERDUTY_ROUTING_KEY": KEY,
            "GROUNDCREW_PAGERDUTY_URL": self.duty.url,
        }
        return make_routes(load(environment), self.hook.session)

    def slack_goes_away(self) -> None:
        """Have Slack answer nothing but 503 for the next calls."""
        for method in ("chat.postMessage", "conversations.open", "users.info"):
            self.slack.script[method].extend([Answer("away", 503)] * 500)


@pytest_asyncio.fixture
async def story(town: Town) -> AsyncIterator[tuple[Servers, Sender]]:
    """Give the servers, and the sender that delivers the town's outbox to them."""
    async with slack_server() as (slack, client), mail.mail_server() as mails, receiver() as hook, receiver() as duty:
        servers = Servers(slack, mails, hook, duty)
        routes = servers.routes()
        set_house(town, second_routes=tuple(routes))
        yield servers, sender_of(town, client, routes=routes)


async def pass_time(town: Town, sender: Sender, seconds: int) -> None:
    """Let the clock's orders and the sender work for *seconds*, ten at a time."""
    for _ in range(seconds // 10):
        for order in ("escalate-pages", "reroute-pages"):
            await town.ask(CLOCK, order)
        while await send_due(sender):
            pass
        town.clock.time += timedelta(seconds=10)


async def page_while_slack_is_away(town: Town, servers: Servers, repository: Repository) -> Paged:
    """Register billing-bot, have Slack go away, and have Cy page its owner."""
    await registered(town, repository)
    servers.slack_goes_away()
    made = await town.ask(CY, "page-owner", "billing-bot it is down")
    assert isinstance(made, Paged)
    return made


async def test_a_page_reaches_its_people_without_slack(
    town: Town, story: tuple[Servers, Sender], repository: Repository
) -> None:
    """Two minutes after it was made, once by each route; its end is told by them, too."""
    servers, sender = story
    made = await page_while_slack_is_away(town, servers, repository)
    await pass_time(town, sender, 110)
    assert (servers.mails.mails, servers.hook.got, servers.duty.got) == ([], [], [])
    await pass_time(town, sender, 30)
    (first,) = servers.mails.mails
    assert (first["To"], "it is down" in first["Subject"]) == ("ann@acme.example", True)
    (event,) = servers.duty.bodies()
    assert (event["event_action"], event["dedup_key"]) == ("trigger", made.page.id)
    assert servers.hook.bodies()[0]["page"]["id"] == made.page.id

    await town.ask(ANN, "acknowledge-page", id=made.page.id)
    await town.ask(ANN, "resolve-page", id=made.page.id)
    await pass_time(town, sender, 10)
    assert [one["event_action"] for one in servers.duty.bodies()][-1] == "resolve"
    assert {one["dedup_key"] for one in servers.duty.bodies()} == {made.page.id}
    assert servers.hook.bodies()[-1]["type"] == "page.resolved"
    last = servers.mails.mails[-1]
    assert "billing-bot: resolved" in last["Subject"]
    assert last["References"] == first["References"]
    assert len(servers.mails.mails) == 2


async def test_a_route_that_refuses_now_is_tried_again(
    town: Town, story: tuple[Servers, Sender], repository: Repository
) -> None:
    """A mail server that is busy and a webhook that answers 503 get the page once they take it, and only once."""
    servers, sender = story
    servers.mails.to_recipient, servers.hook.status = "450 busy", 503
    await page_while_slack_is_away(town, servers, repository)
    await pass_time(town, sender, 140)
    assert servers.mails.mails == []
    tried = len(servers.hook.got)
    assert tried
    servers.mails.to_recipient, servers.hook.status = "", 200
    await pass_time(town, sender, 120)
    assert [got["To"] for got in servers.mails.mails] == ["ann@acme.example"]
    tokens = [headers["Groundcrew-Delivery"] for headers, _ in servers.hook.got[: tried + 1]]
    assert len(set(tokens)) == 1


async def test_each_state_of_a_page_is_told_once_and_a_reopening_wakes_anew(
    town: Town, story: tuple[Servers, Sender], repository: Repository
) -> None:
    """By mail and PagerDuty, however many steps of the page follow between."""
    servers, sender = story
    made = await page_while_slack_is_away(town, servers, repository)
    await pass_time(town, sender, 140)
    await town.ask(ANN, "acknowledge-page", id=made.page.id)
    await pass_time(town, sender, 10)
    await pass_time(town, sender, 3610)
    await town.ask(BO, "resolve-page", id=made.page.id)
    await pass_time(town, sender, 20)
    key = made.page.id
    events = [(one["event_action"], one["dedup_key"]) for one in servers.duty.bodies()]
    assert events[:3] == [("trigger", key), ("acknowledge", key), ("trigger", f"{key}:1")]
    assert events[-2:] == [("resolve", key), ("resolve", f"{key}:1")]
    assert ("trigger", key) not in events[1:]
    to_ann = [one["Subject"].partition(": ")[2] for one in servers.mails.mails if one["To"] == "ann@acme.example"]
    states = [one.partition(":")[0] for one in to_ann]
    assert states == ["somebody is needed", "somebody is on it", "somebody is needed", "resolved"]
