"""The one voice: what is due is delivered, in its pace, whatever Slack answers."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.sender import Sender
from storage import apps, outbox, outbox_queue
from storage.model import Destination
from tests.bot.sending import CHANNEL, post, send_due, sender_of, settle
from tests.bot.slack_server import Answer, SlackServer, refusal, slack_server
from tests.commands.repository import Repository
from tests.world import ANN, APPS, BO, CY, RELIABILITY, Town, direct


@pytest_asyncio.fixture
async def slack(town: Town) -> AsyncIterator[tuple[SlackServer, Sender]]:
    """Give the server and the sender that delivers the town's outbox to it."""
    async with slack_server() as (server, client):
        yield server, sender_of(town, client)


async def test_a_message_is_posted_once_and_then_edited(town: Town, slack: tuple[SlackServer, Sender]) -> None:
    """The same key at the same place edits the message that stands there."""
    server, sender = slack
    await post(town, "one")
    await settle(town, sender)
    await post(town, "two")
    await settle(town, sender)
    assert [call["text"] for call in server.sent()] == ["one"]
    (edit,) = server.sent("chat.update")
    assert (edit["text"], edit["channel"], edit["ts"]) == ("two", APPS, "1.000100")


async def test_what_is_sent_cannot_unfurl_or_mention(town: Town, slack: tuple[SlackServer, Sender]) -> None:
    """Nothing in a message is turned into a link, a preview or a mention, and its metadata holds an opaque id alone."""
    server, sender = slack
    await post(town, "see https://evil.example and @channel; the token is hunter2-hunter2 or xoxb-1-secret")
    await settle(town, sender)
    (call,) = server.sent()
    assert call["unfurl_links"] is False
    assert call["unfurl_media"] is False
    assert call["parse"] == "none"
    assert call["link_names"] is False
    assert set(call["metadata"]["event_payload"]) == {"id"}
    assert "hunter2" not in str(call)
    assert "xoxb-1" not in str(call)


async def test_a_channel_gets_one_message_a_second_and_pages_go_first(
    town: Town, slack: tuple[SlackServer, Sender]
) -> None:
    """Ten messages take ten seconds, and a page that came last is not the last to go."""
    server, sender = slack
    for number in range(5):
        await post(town, f"report {number}", key=f"r{number}")
    await post(town, "page", key="p", urgent=True)
    while await send_due(sender):
        pass
    assert [call["text"] for call in server.sent()] == ["page"]
    await settle(town, sender, 3)
    assert len(server.sent()) == 3
    await settle(town, sender, 4)
    assert len(server.sent()) == 6


async def test_different_places_do_not_wait_for_each_other(town: Town, slack: tuple[SlackServer, Sender]) -> None:
    """A direct message goes out in the same second as a channel's."""
    server, sender = slack
    await post(town, "channel")
    await post(town, "ann", direct(ANN))
    await post(town, "bo", direct(BO))
    while await send_due(sender):
        pass
    assert {call["channel"] for call in server.sent()} == {APPS, "DANN", "DBO"}


async def test_retry_after_is_obeyed(town: Town, slack: tuple[SlackServer, Sender]) -> None:
    """After a 429 nothing goes to the channel until Slack's own time has passed; nothing is lost."""
    server, sender = slack
    limited = Answer({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "30"})
    server.script["chat.postMessage"].append(limited)
    await post(town, "one", key="a")
    await settle(town, sender, 2)
    await post(town, "two", key="b")
    await settle(town, sender, 27)
    assert len(server.sent()) == 1
    await settle(town, sender, 6)
    assert sorted(call["text"] for call in server.sent()) == ["one", "one", "two"]


@pytest.mark.parametrize(
    "answer",
    [
        refusal("internal_error"),
        Answer("<html>Bad gateway</html>", 502),
        Answer("", 503),
        Answer("not json", 200),
        Answer({"ok": False, "error": "service_unavailable"}, 503),
    ],
)
async def test_a_fault_of_slack_is_tried_again(answer: Answer, town: Town, slack: tuple[SlackServer, Sender]) -> None:
    """A message that Slack could not take is sent later, with the same opaque id."""
    server, sender = slack
    server.script["chat.postMessage"].append(answer)
    await post(town, "hello")
    await settle(town, sender, 10)
    first, second = server.sent()
    assert first["metadata"] == second["metadata"]


async def test_an_edit_of_a_deleted_message_is_a_new_one(town: Town, slack: tuple[SlackServer, Sender]) -> None:
    """A message that somebody deleted is said anew."""
    server, sender = slack
    await post(town, "one")
    await settle(town, sender)
    server.script["chat.update"].append(refusal("message_not_found"))
    await post(town, "two")
    await settle(town, sender, 2)
    assert [call["text"] for call in server.sent()] == ["one", "two"]


@pytest.mark.parametrize(
    ("error", "words"),
    [("not_in_channel", "/invite @Groundcrew"), ("is_archived", "archived"), ("channel_not_found", "/invite")],
)
async def test_what_a_channel_cannot_get_goes_to_the_reliability_channel(
    error: str, words: str, town: Town, slack: tuple[SlackServer, Sender]
) -> None:
    """It says for whom it was and what to do, and is edited there from then on."""
    server, sender = slack
    server.script["chat.postMessage"].append(refusal(error))
    await post(town, "a card")
    await settle(town, sender, 2)
    fallback = server.sent()[1]
    assert fallback["channel"] == RELIABILITY
    assert words in str(fallback["blocks"])
    await post(town, "a newer card")
    await settle(town, sender, 2)
    assert [call["channel"] for call in server.sent("chat.update")] == [RELIABILITY]


async def test_a_page_to_somebody_gone_goes_on_at_once(
    town: Town, slack: tuple[SlackServer, Sender], repository: Repository
) -> None:
    """Nobody waits for somebody who cannot be told: the next in the chain is told now, and the page says why."""
    server, sender = slack
    await town.ask(ANN, "register-app", f"billing {repository} --backup @bo --channel #apps")
    await town.ask(CY, "page-owner", "billing it is down")
    await settle(town, sender, 3)
    server.script["conversations.open"].append(refusal("user_disabled"))
    await town.ask("clock", "escalate-pages")
    await settle(town, sender, 3)
    await town.ask("clock", "escalate-pages")
    await settle(town, sender, 5)
    told = [call for call in server.sent() if "it is down" in call["text"] and call["channel"] == "DBO"]
    assert len(told) == 1
    assert "the account is deactivated" in str(server.calls)


async def test_a_deleted_card_gets_a_new_one_and_the_thread_goes_on_there(
    town: Town, slack: tuple[SlackServer, Sender], repository: Repository
) -> None:
    """Whoever deletes an app's card cannot silence the app."""
    server, sender = slack
    answer = await town.ask(ANN, "register-app", f"billing {repository} --channel #apps")
    app_id = answer.card.app.id
    await settle(town, sender, 2)
    server.calls.clear()
    server.script["chat.postMessage"].append(refusal("thread_not_found"))
    await post(town, "news", Destination(app_id=app_id), key="n")
    await settle(town, sender, 4)
    lost, root, again = server.sent()
    assert lost["thread_ts"]
    assert "thread_ts" not in root
    assert again["text"] == "news"
    async with town.world.database.read() as transaction:
        app = await apps.get(transaction, app_id)
    assert app is not None
    assert again["thread_ts"] == app.thread != lost["thread_ts"]


async def test_blocks_that_slack_refuses_are_said_as_text(town: Town, slack: tuple[SlackServer, Sender]) -> None:
    """A fault in our blocks costs their looks, not the message."""
    server, sender = slack
    server.script["chat.postMessage"].append(refusal("invalid_blocks"))
    await post(town, "hello")
    await settle(town, sender)
    assert [(call["text"], "blocks" in call) for call in server.sent()] == [("hello", True), ("hello", False)]


async def test_a_revoked_token_stops_the_sender_and_loses_nothing(
    town: Town, slack: tuple[SlackServer, Sender]
) -> None:
    """The sentence names the setting; the row is sent once the token is mended."""
    server, sender = slack
    server.script["chat.postMessage"].append(refusal("token_revoked"))
    server.script["auth.test"].append(refusal("token_revoked"))
    await post(town, "hello")
    await post(town, "ann", direct(ANN))
    await settle(town, sender, 59)
    assert "SLACK_BOT_TOKEN" in sender.health.faults["slack"]
    assert len(server.sent()) <= 2
    tried = len(server.sent())
    await settle(town, sender, 60)
    assert len(server.sent("auth.test")) == 1
    assert "slack" in sender.health.faults
    assert len(server.sent()) == tried
    await settle(town, sender, 5)
    assert {call["text"] for call in server.sent()[tried:]} >= {"hello"}
    assert sender.health.faults == {}


async def test_news_that_cannot_be_shown_is_not_silence(town: Town, slack: tuple[SlackServer, Sender]) -> None:
    """A row that no view can read is said to be one, with an id that is in the log."""
    server, sender = slack
    async with town.world.database.write() as transaction:
        await outbox.add(transaction, CHANNEL, "Paged", {"page": 1}, key="k", now=town.clock.now())
    await settle(town, sender)
    (call,) = server.sent()
    assert "cannot show" in call["text"]


async def test_what_a_dead_sender_held_is_sent_at_the_next_start(town: Town, slack: tuple[SlackServer, Sender]) -> None:
    """A bot that died while it sent holds its rows for nobody: the only bot there is takes them back at once."""
    server, sender = slack
    await post(town, "hello")
    async with town.world.database.write() as transaction:
        assert len(await outbox_queue.claim(transaction, town.clock.now())) == 1
    await settle(town, sender)
    assert server.sent() == []
    async with town.world.database.write() as transaction:
        await outbox_queue.let_go(transaction)
    await settle(town, sender)
    assert [call["text"] for call in server.sent()] == ["hello"]
