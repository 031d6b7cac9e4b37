"""A message of ours is found by its token, as the local workspace gives histories: in a channel, a thread, alone."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from slack_sdk.web.async_client import AsyncWebClient

from bot import look
from bot.redact import Redactor
from bot.slack import Slack
from bot.views.block_kit import Post
from storage.model import Standing
from tests.workspace_client import WorkspaceClient
from tests.workspace_fixture import BOT_TOKEN

HELLO = Post("hello", ())


@pytest_asyncio.fixture
async def slack(workspace: WorkspaceClient) -> AsyncIterator[Slack]:
    """Give our client of the workspace."""
    async with aiohttp.ClientSession() as session:
        address = f"{workspace.address}/api/"
        yield Slack(AsyncWebClient(BOT_TOKEN, address, session=session, retry_handlers=[]), Redactor())


async def test_a_message_is_found_wherever_it_stands(slack: Slack) -> None:
    """Its token leads to its ts among others, and a token that nobody used leads nowhere; an edit keeps it."""
    began = datetime.now(UTC)
    channel = (await slack.post("#apps", HELLO, token="root")).channel
    root = await look.find(slack, Standing(channel, ""), "root", began)
    assert root is not None
    direct = await slack.direct_channel("U0ANN")
    for place in (Standing(channel, ""), Standing(channel, root.ts), Standing(direct, "")):
        for token in ("a", "b", "c"):
            await slack.post(place.channel, HELLO, thread=place.ts or None, token=f"{token}{place.ts}")
        posted = await slack.post(place.channel, HELLO, thread=place.ts or None, token=f"wanted{place.ts}")
        await slack.edit(posted, Post("edited", ()))
        assert await look.find(slack, place, f"wanted{place.ts}", began) == posted
        assert await look.find(slack, place, "nobody's", began) is None


async def test_a_message_that_was_held_up_on_its_way_is_found(slack: Slack, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that stood still brings the first look and right behind it the message: the second look sees it."""
    channel = (await slack.post("#apps", HELLO, token="root")).channel
    read = slack.read
    looks: list[Any] = []

    async def read_and_arrive(*arguments: Any, **more: str) -> Any:
        answer = await read(*arguments, **more)
        if not looks:
            await slack.post(channel, HELLO, token="late")
        looks.append(answer)
        return answer

    monkeypatch.setattr(Slack, "read", lambda _, *arguments, **more: read_and_arrive(*arguments, **more))
    found = await look.find(slack, Standing(channel, ""), "late", datetime.now(UTC))
    assert found is not None
    assert len(looks) == 2


async def test_a_history_that_cannot_be_read_is_no_answer(slack: Slack) -> None:
    """Whoever may not look does not know that nothing stands."""
    with pytest.raises(look.Unreadable):
        await look.find(slack, Standing("C0NOWHERE", ""), "token", datetime.now(UTC))
