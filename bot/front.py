"""Bolt's part: it hears Slack, whichever way it comes in, and hands everything to the one dispatch."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot import buttons, events, home, modals, slash
from bot.dispatch import Acknowledge, Dispatch
from bot.incoming import Incoming
from bot.intake import NotKept
from bot.slack import Slack

_log = logging.getLogger(__name__)
_EVERY = re.compile(".*", re.DOTALL)
#: Where the digest of a signed request stands in Bolt's context.
DIGEST = "groundcrew_digest"
Read = TypeVar("Read", bound=Incoming | None)


class Malformed(Exception):  # noqa: N818 - it is what the sender is told
    """A payload is not of the shape that Slack documents; the text holds nothing of it."""


def make_front(client: AsyncWebClient, me: dict[str, Any], dispatch: Dispatch, slack: Slack) -> AsyncApp:
    """
    Make the application that hears Slack; *me* is Slack's answer to auth.test.

    Requests are not signed here: in Socket Mode they come through a connection that we opened, and over HTTP
    bot/front_door.py has looked at their signature. A listener runs before the acknowledgement, of events too, and one
    that raises leaves what came unacknowledged; so what is kept first is never lost.
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
    async def slash_command(ack: Acknowledge, body: dict[str, Any], context: Mapping[str, Any]) -> None:
        await dispatch.take(_read(slash.read, body), ack, _digest(context))

    @app.action(_EVERY)
    async def button(ack: Acknowledge, body: dict[str, Any], context: Mapping[str, Any]) -> None:
        await dispatch.take(_read(buttons.read, body), ack, _digest(context))

    @app.view(_EVERY)
    async def form(ack: Acknowledge, body: dict[str, Any], context: Mapping[str, Any]) -> None:
        await dispatch.take_form(_read(modals.read, body), ack, _digest(context))

    @app.event(_EVERY)
    async def event(body: dict[str, Any], context: Mapping[str, Any]) -> None:
        opened = _read(events.home_opened, body)
        if opened is None:
            if body.get("event_id"):
                await dispatch.note(f"event:{body['event_id']}", "event", _digest(context))
            return
        person = opened.request.person

        async def show(news: Any) -> None:
            await home.show(person, news, slack)

        await dispatch.take_silently(opened, show, _digest(context))

    app.error(_failed)
    return app


async def _failed(error: Exception) -> BoltResponse | None:
    if isinstance(error, NotKept):
        return BoltResponse(status=503, body="")
    if isinstance(error, Malformed) or _is_of_bolt(error):
        _log.warning("a payload of Slack's was malformed: %s", type(error).__name__)
        return BoltResponse(status=400, body="")
    _log.error("what came from Slack could not be taken in", exc_info=error)
    return None


async def hear(app: AsyncApp, payload: dict[str, Any], digest: str = "") -> BoltResponse:
    """
    Have *app* take in a payload of Slack's that was parsed, and return the acknowledgement.

    Its status is 200, 400 for what is malformed, 404 for what nobody listens to, 503 for what could not be kept.
    """
    try:
        request = AsyncBoltRequest(body=payload, mode="socket_mode")  # the mode in which Bolt takes what is parsed
        request.context[DIGEST] = digest
        return await app.async_dispatch(request)
    except Exception as error:
        # Bolt looks into payloads also where it tells its own error handlers of another fault in them.
        if not _is_of_bolt(error):
            raise
        _log.warning("a payload of Slack's was malformed: %s", type(error).__name__)
        return BoltResponse(status=400, body="")


def _read(read: Callable[[Mapping[str, Any]], Read], body: dict[str, Any]) -> Read:
    try:
        return read(body)
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError):
        raise Malformed(f"a payload that {read.__module__} cannot read") from None


def _digest(context: Mapping[str, Any]) -> str:
    return str(context.get(DIGEST) or "")


def _is_of_bolt(error: BaseException) -> bool:
    """Whether Bolt's own code failed, which it does over payloads that it did not expect."""
    trace = error.__traceback__
    if trace is None or not isinstance(error, LookupError | TypeError | ValueError | AttributeError | RecursionError):
        return False
    while trace.tb_next is not None:
        trace = trace.tb_next
    return str(trace.tb_frame.f_globals.get("__name__")).startswith("slack_bolt.")


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
