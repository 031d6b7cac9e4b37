"""The one way in: kept before it is acknowledged, done once, answered to whoever asked and to nobody else."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select

from bot import buttons, dispatch, fair_line, modals, slash
from bot.answers import Answers
from bot.dispatch import Dispatch
from bot.incoming import Incoming
from bot.redact import Redactor
from bot.slack import Slack
from commands.news import OwnershipAsked, Said
from commands.page_news import Paged
from commands.world import Person
from storage import audit, tables
from tests.bot.slack_server import SlackServer, refusal, slack_server
from tests.commands.repository import Repository
from tests.world import ANN, APPS, CY, DEE, EVE, Town

TEAM = "T1"


class Front:
    """A dispatch with a Slack server behind it, and what was acknowledged."""

    def __init__(self, town: Town, server: SlackServer, slack: Slack) -> None:
        self.town = town
        self.server = server
        self.acknowledged: list[dict[str, Any]] = []
        answers = Answers(town.world, Slack(slack.client, Redactor(), f"{server.address}/api/"))
        self.dispatch = Dispatch(town.world, answers, Redactor(), TEAM, "Acme")

    async def ack(self, **answer: Any) -> None:
        """Stand for Bolt's acknowledgement."""
        self.acknowledged.append(answer)

    async def take(self, incoming: Incoming) -> None:
        """Take something in, and wait until it is answered."""
        take = self.dispatch.take_form if incoming.kind == "form" else self.dispatch.take
        await take(incoming, self.ack)
        await self.settle()

    async def settle(self) -> None:
        """Wait until everything that came in is worked off."""
        while self.dispatch.work._tasks:
            await asyncio.gather(*self.dispatch.work._tasks)

    async def die(self) -> None:
        """Have this process end, and another one work off what it left."""
        before = self.dispatch
        await before.stop()
        self.dispatch = Dispatch(before.world, before.answers, Redactor(), TEAM, "Acme", f"{before.process_id}+")

    async def recover(self) -> None:
        """Have what dead processes left worked off."""
        await self.dispatch.work.recover()
        await self.settle()

    def answers(self) -> list[str]:
        """The texts that were answered by response_url."""
        return [call["text"] for call in self.server.sent("answer")]


@pytest_asyncio.fixture
async def front(town: Town) -> AsyncIterator[Front]:
    """Give a front of the town."""
    async with slack_server() as (server, slack):
        yield Front(town, server, slack)


def typed(front: Front, order: str, text: str, *, by: str = CY, trigger: str = "1", team: str = TEAM) -> Incoming:
    """The payload of a slash command, as Slack sends it, read."""
    return slash.read(
        {"command": f"/{order}", "text": text, "user_id": by, "team_id": team, "channel_id": APPS,
         "trigger_id": trigger, "response_url": f"{front.server.address}/api/answer"}
    )  # fmt: skip


def pressed(front: Front, order: str, value: str, *, by: str, trigger: str = "2") -> Incoming:
    """The payload of a press, read."""
    return buttons.read(
        {"user": {"id": by, "team_id": TEAM}, "team": {"id": TEAM}, "trigger_id": trigger, "channel": {"id": APPS},
         "container": {"message_ts": "5.0"}, "response_url": f"{front.server.address}/api/answer",
         "actions": [{"action_id": order, "value": value}]}
    )  # fmt: skip


def submitted(order: str, fields: dict[str, str], *, by: str = ANN) -> Incoming:
    """The payload of a submitted form, read."""
    values = {name: {"x": {"type": "plain_text_input", "value": value}} for name, value in fields.items()}
    return modals.read(
        {"user": {"id": by, "team_id": TEAM}, "trigger_id": "3", "view": {"id": "V1", "callback_id": order,
         "private_metadata": "", "state": {"values": values}}}
    )  # fmt: skip


async def test_what_comes_twice_is_done_once(front: Front, repository: Repository) -> None:
    """Slack's own retry of the same command makes no second page, and is acknowledged all the same."""
    await front.take(typed(front, "register-app", f"billing {repository}", by=ANN, trigger="0"))
    page = typed(front, "page-owner", "billing it is down")
    await asyncio.gather(*(front.take(page) for _ in range(20)))
    assert len(front.acknowledged) == 21
    assert len([text for text in front.answers() if "it is down" in text]) == 1


async def test_it_stands_in_the_inbox_before_it_is_acknowledged(front: Front) -> None:
    """At the moment of the acknowledgement the row is there; a credential in an address is not in it."""
    kept: list[str] = []

    async def look() -> None:
        async with front.town.world.database.read() as transaction:
            rows = await transaction.connection.execute(select(tables.inbox.c.body))  # worked off already, or not
            kept.extend(str(row.body) for row in rows)

    await front.dispatch.take(typed(front, "check-app", "https://a:hunter2@github.com/a/b"), look)
    await asyncio.gather(*front.dispatch.work._tasks)
    (body,) = kept
    assert "github.com/a/b" in body
    assert "hunter2" not in body
    assert "hunter2" not in str(front.server.calls)


async def test_no_more_than_a_few_orders_run_at_once(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands, forms and pages wait for one and the same turn: a flood of any leaves the registry breathing."""
    begun, most, full, go_on = 0, 0, asyncio.Event(), asyncio.Event()
    find = front.town.people.person

    async def slow(person_id: str) -> Person | None:
        nonlocal begun, most
        begun += 1
        most = max(most, begun)
        if begun == fair_line.AT_ONCE:
            full.set()
        await go_on.wait()
        begun -= 1
        return await find(person_id)

    monkeypatch.setattr(front.town.people, "person", slow)
    monkeypatch.setattr(dispatch, "_FORM_S", 60.0)
    commands = [front.take(typed(front, "apps", "all", trigger=f"c{number}")) for number in range(30)]
    forms = [front.take(replace(submitted("register-app", {}), key=f"form:{number}")) for number in range(30)]
    pages = [front.take(typed(front, "page-owner", "x", by=DEE, trigger=f"p{number}")) for number in range(30)]
    everything = asyncio.gather(*commands, *forms, *pages)
    await full.wait()
    go_on.set()
    await everything
    assert most == fair_line.AT_ONCE
    assert len(front.acknowledged) == 90


async def test_another_workspace_is_refused_and_audited(front: Front) -> None:
    """One installation serves one workspace: another gets no answer, and the attempt is written down."""
    await front.take(typed(front, "apps", "", team="T2"))
    assert front.acknowledged == [{}]
    assert front.server.calls == []
    async with front.town.world.database.read() as transaction:
        (entry,) = await audit.entries(transaction, "apps")
    assert (entry.who, entry.detail["team"]) == (CY, "T2")


async def test_guests_learn_only_that_they_may_not(front: Front) -> None:
    """A guest's command does nothing."""
    await front.take(typed(front, "apps", "all", by=EVE))
    (answer,) = front.answers()
    assert answer.startswith("Only members of Acme may use Groundcrew; guests may not.")


async def test_what_is_refused_is_said_to_whoever_asked(front: Front) -> None:
    """Words of a refusal reach the person, where only they see them."""
    await front.take(typed(front, "page-owner", ""))
    (call,) = front.server.sent("answer")
    assert "Whom?" in call["text"]
    assert call["response_type"] == "ephemeral"
    assert "/page-owner billing-bot" in str(call["blocks"])


async def test_a_fault_of_ours_is_said_with_its_number(front: Front, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever asked learns an id, the log has the fault under it, and its own words stay inside."""
    del front.town.people.people  # the next question to the directory breaks
    await front.take(typed(front, "apps", ""))
    (said,) = front.answers()
    assert "AttributeError" not in said
    assert f"error {said.rpartition(' ')[2].rstrip('.')}" in caplog.text


async def test_a_button_of_another_version_is_answered(front: Front) -> None:
    """An order that does not exist any more is not silence."""
    await front.take(pressed(front, "gone-with-the-release", "x", by=CY))
    assert "do not know that button" in front.answers()[0]


async def test_orders_of_the_clock_are_not_for_people(front: Front) -> None:
    """Whoever forges a button for an inner order is refused."""
    await front.take(pressed(front, "run-check", "x", by=CY))
    assert front.answers() == ["That is not something a person can ask for."]


async def test_an_answer_goes_only_to_slack(front: Front) -> None:
    """An address that is not Slack's gets nothing; the person gets a direct message instead."""
    incoming = slash.read(
        {"command": "/page-owner", "text": "", "user_id": CY, "team_id": TEAM, "trigger_id": "9",
         "response_url": "http://169.254.169.254/latest"}
    )  # fmt: skip
    await front.take(incoming)
    assert front.server.calls == []
    await front.town.deliver()
    (said,) = front.town.said(Said, CY)
    assert "Whom?" in said.text


async def test_faults_of_a_form_are_shown_in_place(front: Front) -> None:
    """The acknowledgement carries a sentence for each wrong field, and nothing is registered."""
    await front.take(submitted("register-app", {"name": "a b", "repository": "file:///etc"}))
    (answer,) = front.acknowledged
    assert answer["response_action"] == "errors"
    assert set(answer["errors"]) == {"name", "repository"}


async def test_a_form_ends_with_what_was_done(front: Front, repository: Repository) -> None:
    """The window says what happened; it is done once, though it came twice."""
    form = submitted("register-app", {"name": "billing", "repository": str(repository)})
    await front.take(form)
    await front.take(form)
    first, second = front.acknowledged
    assert first["response_action"] == "update"
    assert "billing is registered" in str(first["view"])
    assert second == {}


async def test_a_window_that_opens_too_late_is_said(front: Front) -> None:
    """After the three seconds of its trigger the person is asked to try again."""
    front.server.script["views.open"].append(refusal("expired_trigger_id"))
    await front.take(typed(front, "register-app", ""))
    assert "three seconds" in front.answers()[0]


async def test_a_restart_answers_what_was_acknowledged(front: Front, repository: Repository) -> None:
    """A command that the bot took and died over is done at the next start, and answered in a direct message, once."""
    await front.take(typed(front, "register-app", f"billing {repository}", by=ANN, trigger="0"))
    page = typed(front, "page-owner", "billing it is down")
    await front.dispatch._keep(page)
    await front.die()
    front.town.clock.time += timedelta(minutes=2)
    await front.recover()
    await front.recover()
    await front.town.deliver()
    (late,) = [said for said in front.town.said(Said, CY) if "restarted" in said.text]
    assert "/page-owner" in late.text
    assert next(paged.page.what for paged in front.town.said(Paged, CY)) == "it is down"


async def test_what_is_too_old_is_not_done_any_more(front: Front, repository: Repository) -> None:
    """After an hour nobody waits for it: the person is told to try again, and nothing is done."""
    await front.dispatch._keep(typed(front, "register-app", f"billing {repository} @bo", by=ANN))
    await front.die()
    front.town.clock.time += timedelta(hours=2)
    await front.recover()
    await front.town.deliver()
    (late,) = front.town.said(Said, ANN)
    assert "try again" in late.text
    assert front.town.said(OwnershipAsked) == []


async def test_who_pressed_is_the_payloads_user(front: Front, repository: Repository) -> None:
    """Another person's button, or a changed value, gives nobody another's rights."""
    await front.take(typed(front, "register-app", f"billing {repository} @bo", by=ANN, trigger="0"))
    await front.town.deliver()
    (asked,) = front.town.said(OwnershipAsked)
    await front.take(pressed(front, "accept-app", f"{asked.app.id}:owner", by=CY))
    assert "Somebody else was asked" in front.answers()[-1]


async def test_half_a_character_is_refused_in_words(front: Front) -> None:
    """A lone surrogate in a command or a form is answered like any character that is not text."""
    await front.take(typed(front, "check-app", "billing \ud800"))
    assert "not text (U+FFFD)" in front.answers()[0]
    await front.take(submitted("register-app", {"name": "\udc00", "repository": "x", "purpose": "a \ud800"}))
    (_, answer) = front.acknowledged
    assert {name for name, fault in answer["errors"].items() if "not text" in fault} == {"name", "purpose"}
    await front.take(pressed(front, "accept-app", "\ud800", by=CY))
    assert "Nobody is asked that" in front.answers()[-1]


async def test_who_types_a_password_into_an_address_learns_what_is_wrong(front: Front) -> None:
    """It is taken out before anything keeps it, and the answer still says what to do about it."""
    await front.take(typed(front, "check-app", "https://me:hunter2-hunter2@github.com/acme/x"))
    (answer,) = front.answers()
    assert answer.startswith("Do not put a token in the address")
    assert "hunter2" not in repr(front.server.calls)
