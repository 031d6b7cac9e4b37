"""Only the lead sends, only what it holds, and what clashed with another transaction is done once more."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.redact import Redactor
from bot.sender import Sender
from bot.slack import Slack
from storage import outbox, outbox_queue
from storage.database import Clashed
from tests.bot.faulty_slack import FaultySlack
from tests.bot.sending import Lead, post, send_due, sender_of, settle
from tests.left_over import unsent
from tests.world import APPS, Town


async def test_who_no_longer_leads_sends_nothing(town: Town, slack: FaultySlack, sender: Sender) -> None:
    """The lead is looked at right before each call, and the message left to whoever leads."""
    await post(town, "one")
    lead = sender.lead
    assert isinstance(lead, Lead)
    lead.is_mine = False
    assert await send_due(sender) == 1
    assert slack.calls == []
    other = sender_of(town, Slack(slack.client(), Redactor()), "p2")
    await settle(town, other, 2)
    assert slack.texts(APPS) == ["one"]
    assert slack.asked("conversations.history") == 0


async def test_what_was_wrong_while_it_led_is_wrong_no_longer(town: Town, sender: Sender) -> None:
    """Only sending shows whether it is over, and that another process does now."""
    lead = sender.lead
    assert isinstance(lead, Lead)
    lead.is_mine = False
    for part in ("slack", "reliability channel", "sender", "audit"):
        sender.health.bad(part, "It does not work.")
    running = asyncio.create_task(sender.run())
    while len(sender.health.faults) > 1:  # noqa: ASYNC110 - a part that gets well is no event
        await asyncio.sleep(0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert [*sender.health.faults] == ["audit"]


async def test_a_message_that_clashed_is_marked_at_once(
    town: Town, slack: FaultySlack, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where PostgreSQL ended the transaction for another one, it is done once more; the row is in no doubt."""
    ends, real = [outbox.handed_over, outbox.mark_sent], {}
    for end in ends:
        left = [Clashed("deadlock detected")]
        real[end.__name__] = left

        async def once(*given: Any, end: Any = end, left: list[Clashed] = left, **named: Any) -> Any:
            result = await end(*given, **named)
            if left:
                raise left.pop()
            return result

        monkeypatch.setattr(outbox, end.__name__, once)
    await post(town, "one")
    assert await send_due(sender) == 1
    assert real == {"handed_over": [], "mark_sent": []}
    async with town.world.database.read() as transaction:
        assert await unsent(transaction) == 0
    assert slack.texts(APPS) == ["one"]


async def test_a_sender_that_slept_through_its_hold_sends_nothing(
    town: Town, slack: FaultySlack, sender: Sender
) -> None:
    """Stopped for five minutes between the claim and the call: by then the message is another's."""
    await post(town, "one")
    async with town.world.database.write() as transaction:
        (message,) = await outbox_queue.claim(transaction, town.clock.now(), by=sender.process_id)
    town.clock.time += timedelta(minutes=5)
    await sender.delivery.deliver(message)
    assert slack.calls == []
    await settle(town, sender, 2)
    assert slack.texts(APPS) == ["one"]
