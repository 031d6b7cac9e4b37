"""When nobody knows whether a message arrived, it is looked for; who cannot look says that it may be a repetition."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot import sender as sender_module
from bot import slack as slack_module
from bot.sender import Sender
from storage import outbox, outbox_queue
from storage.errors import Unavailable
from storage.model import Destination
from tests.bot.faulty_slack import FaultySlack
from tests.bot.sending import CHANNEL, post, send_due, sender_of, settle, ticks
from tests.bot.slack_server import slack_server
from tests.world import ANN, APPS, RELIABILITY, Town, direct

THREAD = Destination(channel=APPS, thread="7.000001")


@pytest.mark.parametrize("fault", ["500 after", "silence after"])
@pytest.mark.parametrize("to", [CHANNEL, THREAD, direct(ANN)])
async def test_what_arrived_all_the_same_is_found(
    fault: str, to: Destination, town: Town, slack: FaultySlack, sender: Sender
) -> None:
    """It stands once, and its next state edits it where it was found; Slack may show it some seconds late."""
    slack.late = 3.0
    slack.script["chat.postMessage"] = [fault]
    await post(town, "one", to)
    await settle(town, sender, 10)
    await post(town, "two", to)
    await settle(town, sender, 5)
    channel = to.channel or "DANN"
    assert slack.texts(channel) == ["two"]
    assert slack.asked("chat.postMessage") == 1


@pytest.mark.parametrize("step", ["handed_over", "mark_sent"])
async def test_what_the_registry_did_not_take_is_settled_soon(
    step: str, town: Town, slack: FaultySlack, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was locked for a moment, before or after Slack had the message: within seconds it stands, once."""
    real = getattr(outbox, step)
    refused: list[str] = []

    async def lock_once(*arguments: Any, **more: Any) -> Any:
        if not refused:
            refused.append(step)
            raise Unavailable("database is locked")
        return await real(*arguments, **more)

    monkeypatch.setattr(outbox, step, lock_once)
    monkeypatch.setattr(sender_module, "_PAUSES_S", (0.0, 0.0))
    await post(town, "one")
    await settle(town, sender, 10)
    assert slack.texts(APPS) == ["one"]
    assert slack.asked("chat.postMessage") == 1
    async with town.world.database.read() as transaction:
        assert await outbox_queue.waiting(transaction, town.clock.now()) == ()


@pytest.mark.parametrize("fault", ["500 before", "silence before", "internal_error"])
async def test_what_did_not_arrive_is_sent_after_a_look(
    fault: str, town: Town, slack: FaultySlack, sender: Sender
) -> None:
    """Two looks at the history do not show it, so it is said; nobody is told that it could be a repetition."""
    slack.script["chat.postMessage"] = [fault]
    await post(town, "one")
    await settle(town, sender, 10)
    assert slack.texts(APPS) == ["one"]
    assert slack.asked("conversations.history") == 2


async def test_a_certain_failure_needs_no_look(town: Town, slack: FaultySlack, sender: Sender) -> None:
    """Slack's own refusal says that nothing arrived."""
    slack.script["chat.postMessage"] = ["message_limit_exceeded", "429"]
    await post(town, "one")
    await settle(town, sender, 40)
    assert slack.texts(APPS) == ["one"]
    assert slack.asked("conversations.history") == 0


async def test_who_cannot_look_says_that_it_may_be_a_repetition(town: Town, slack: FaultySlack, sender: Sender) -> None:
    """Without the scope for histories a message is rather said twice than lost, and is marked."""
    slack.readable = False
    slack.script["chat.postMessage"] = ["500 after"]
    await post(town, "one")
    await settle(town, sender, 10)
    first, second = slack.texts(APPS)
    assert first == "one"
    assert second.startswith("(repeat) ")
    assert "(repeat)" in str(slack.stands[APPS][1]["blocks"])
    await post(town, "two")
    await settle(town, sender, 5)
    assert slack.texts(APPS) == ["one", "two"]


async def test_what_a_dead_sender_may_have_sent_is_looked_for(town: Town, slack: FaultySlack, sender: Sender) -> None:
    """It handed the message over and was killed: whoever leads next finds it; what was only claimed is sent at once."""
    await post(town, "posted")
    await post(town, "claimed", direct(ANN))
    async with town.world.database.write() as transaction:
        for message in await outbox_queue.claim(transaction, town.clock.now(), by="dead"):
            if message.to.channel:
                assert await outbox.handed_over(transaction, message, town.clock.now(), new=True)
                posted = {"channel": APPS, "text": "posted", "metadata": _metadata(message.token)}
                await slack.client().api_call("chat.postMessage", json=posted)
    await sender.begin()
    town.clock.time += timedelta(seconds=1)
    await settle(town, sender, 1)
    assert slack.texts("DANN") == ["claimed"]
    await settle(town, sender, 10)
    assert slack.texts(APPS) == ["posted"]


async def test_a_clock_that_was_set_back_does_not_hide_what_stands(
    town: Town, slack: FaultySlack, sender: Sender
) -> None:
    """Two hours either way between the attempt and the look change nothing."""
    for hours in (2, -2):
        slack.script["chat.postMessage"] = ["500 after"]
        await post(town, f"{hours}", key=f"{hours}")
        await settle(town, sender)
        slack.now = lambda: town.clock.time.timestamp() - hours * 3600  # noqa: B023 - called before the next round
        town.clock.time += timedelta(hours=hours)
        sender.pacing._pauses.clear()
        sender.line._look_at = 0.0
        sender.pacing._free_at.clear()
        await settle(town, sender, 15)
        slack.now = ticks(town)
    assert slack.texts(APPS) == ["2", "-2"]


async def test_a_message_in_the_reliability_channel_is_looked_for_there(
    town: Town, slack: FaultySlack, sender: Sender
) -> None:
    """What could not go where it belongs, and of which nobody knows whether it arrived instead."""
    slack.script["chat.postMessage"] = ["is_archived", "500 after"]
    await post(town, "a card")
    await settle(town, sender, 15)
    assert len(slack.texts(RELIABILITY)) == 1
    assert "it is archived" in slack.texts(RELIABILITY)[0]
    assert slack.texts(APPS) == []


async def test_a_call_without_an_answer_ends(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK does not bound a call over a session of ours; we do, and it counts as doubt."""
    monkeypatch.setattr(slack_module, "_PATIENCE_S", 0.2)
    async with slack_server() as (server, client):
        sender = sender_of(town, client)
        server.silent.add("chat.postMessage")
        await post(town, "one")
        async with asyncio.timeout(5):
            await send_due(sender)
    async with town.world.database.read() as transaction:
        message = await outbox.get(transaction, 1)
    assert message is not None
    assert message.tried_at == town.clock.now()


def _metadata(token: str) -> dict[str, object]:
    return {"event_type": slack_module.METADATA_EVENT, "event_payload": {"id": token}}
