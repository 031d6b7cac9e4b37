"""Bolt's part: what is malformed or unknown changes nothing, and nothing that came in is written to the log."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.answers import Answers
from bot.dispatch import Dispatch
from bot.front import make_front
from bot.redact import Redactor
from tests.bot.slack_server import SlackServer, slack_server
from tests.left_over import undone
from tests.world import CY, Town

MARK = "a-word-of-the-payload"
ME = {"team_id": "T1", "user_id": "UBOT", "bot_id": "B1"}


@pytest_asyncio.fixture
async def front(town: Town) -> AsyncIterator[tuple[AsyncApp, SlackServer]]:
    """Give the application, and the Slack that it would call."""
    async with slack_server() as (server, slack):
        dispatch = Dispatch(town.world, Answers(town.world, slack), Redactor(), "T1", "Acme")
        yield make_front(slack.client, ME, dispatch, slack), server
        await dispatch.stop()


def event(**body: Any) -> dict[str, Any]:
    """The payload of an event."""
    return {"type": "event_callback", "team_id": "T1", "event_id": MARK, "api_app_id": "A1", "event": body}


MALFORMED: list[dict[str, Any]] = [
    {},
    {"type": MARK},
    {"command": f"/{MARK}"},
    {"type": "block_actions", "actions": [{"action_id": MARK}], "user": CY, "team": {"id": "T1"}},
    {"type": "view_submission", "view": {"type": "modal", "title": MARK}, "user": {"id": CY}, "team": {"id": "T1"}},
    {"type": "shortcut", "callback_id": MARK, "user": {"id": CY}, "team": {"id": "T1"}},
    {"type": "message_action", "callback_id": MARK, "user": {"id": CY}, "team": {"id": "T1"}},
    {"type": "block_suggestion", "action_id": MARK, "user": {"id": CY}, "team": {"id": "T1"}},
    event(type="message", text=MARK, user=CY),
    event(type="app_home_opened", tab="messages", user=CY),
    event(type=MARK),
]


@pytest.mark.parametrize("payload", MALFORMED, ids=lambda payload: str(payload.get("type", "none"))[:20])
async def test_nothing_happens_and_nothing_is_logged_of_it(
    payload: dict[str, Any], town: Town, front: tuple[AsyncApp, SlackServer], caplog: pytest.LogCaptureFixture
) -> None:
    """No row, no call, no payload in the log; the next thing is taken as ever."""
    app, server = front
    await app.async_dispatch(AsyncBoltRequest(body=payload, mode="socket_mode"))
    assert MARK not in caplog.text
    assert server.calls == []
    async with town.world.database.read() as transaction:
        assert await undone(transaction) == ()


async def test_the_home_tab_is_drawn_for_who_opens_it(front: tuple[AsyncApp, SlackServer]) -> None:
    """The event brings the tab, and only the tab."""
    app, server = front
    await app.async_dispatch(
        AsyncBoltRequest(body=event(type="app_home_opened", tab="home", user=CY), mode="socket_mode")
    )
    async with asyncio.timeout(10):
        while not server.sent("views.publish"):  # noqa: ASYNC110 - it is drawn after the acknowledgement
            await asyncio.sleep(0.01)
    (published,) = server.sent("views.publish")
    assert published["user_id"] == CY
    assert "Your apps" in str(published["view"])
