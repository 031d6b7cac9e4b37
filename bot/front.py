"""Bolt's part: it hears Slack and hands everything to the one dispatch."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot import buttons, events, home, modals, slash
from bot.dispatch import Acknowledge, Dispatch
from bot.slack import Slack

_log = logging.getLogger(__name__)
_EVERY = re.compile(".*", re.DOTALL)


def make_front(client: AsyncWebClient, me: dict[str, Any], dispatch: Dispatch, slack: Slack) -> AsyncApp:
    """
    Make the application that hears Slack; *me* is Slack's answer to auth.test.

    Requests are not signed here, since they come through a connection that we opened (Socket Mode).
    """
    app = AsyncApp(
        client=client,
        authorize=_as_ourselves(client, me),
        logger=_quiet(),
        process_before_response=True,  # else Bolt looks for the acknowledgement only every 10 ms
        request_verification_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
    )

    @app.command(_EVERY)
    async def slash_command(ack: Acknowledge, body: dict[str, Any]) -> None:
        await dispatch.take(slash.read(body), ack)

    @app.action(_EVERY)
    async def button(ack: Acknowledge, body: dict[str, Any]) -> None:
        await dispatch.take(buttons.read(body), ack)

    @app.view(_EVERY)
    async def form(ack: Acknowledge, body: dict[str, Any]) -> None:
        await dispatch.take_form(modals.read(body), ack)

    @app.event(_EVERY)
    async def event(body: dict[str, Any]) -> None:
        opened = events.home_opened(body)
        if opened is not None:
            await home.show(opened, dispatch, slack)

    @app.error
    async def failed(error: Exception) -> None:
        _log.error("what came from Slack could not be taken in", exc_info=error)

    return app


def _as_ourselves(client: AsyncWebClient, me: dict[str, Any]) -> Callable[..., Awaitable[AuthorizeResult]]:
    # One workspace and one token: Bolt need not ask Slack who we are for each request.
    result = AuthorizeResult(
        enterprise_id=me.get("enterprise_id"),
        team_id=me["team_id"],
        bot_user_id=me["user_id"],
        bot_id=me.get("bot_id"),
        bot_token=client.token,
    )

    async def authorize() -> AuthorizeResult:
        return result

    return authorize


def _quiet() -> logging.Logger:
    """Return Bolt's logger without its warnings, which hold whole payloads."""
    logger = logging.getLogger("slack_bolt")
    logger.setLevel(logging.ERROR)
    return logger
