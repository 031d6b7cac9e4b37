"""What the tests of the workspace share: the real process, and a real bot of slack_bolt that talks to it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import aiohttp
import pytest_asyncio
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.workspace_client import WorkspaceClient
from tests.workspace_fixture import APP_TOKEN, BOT_TOKEN, workspace

__all__ = ["workspace"]


@pytest_asyncio.fixture
async def slack(workspace: WorkspaceClient) -> AsyncIterator[AsyncWebClient]:
    """Give Slack's own client, pointed at the workspace."""
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(BOT_TOKEN, base_url=f"{workspace.address}/api/", session=session)


@pytest_asyncio.fixture
async def connect(slack: AsyncWebClient) -> AsyncIterator[Callable[[AsyncApp], Awaitable[AsyncSocketModeHandler]]]:
    """Give a function that connects a bot over Socket Mode; it is disconnected at the end."""
    async with AsyncExitStack() as open_now:

        async def connect_one(app: AsyncApp) -> AsyncSocketModeHandler:
            handler = AsyncSocketModeHandler(app, APP_TOKEN)
            open_now.push_async_callback(handler.close_async)
            await handler.connect_async()  # type: ignore[no-untyped-call]
            return handler

        yield connect_one
