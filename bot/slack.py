"""Slack's Web API as we use it: the few calls, and its errors, each turned once into what it means for us."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, cast

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.redact import Redactor
from bot.trouble import Forbidden, Gone, Later, Revoked, RootGone, SlackTrouble, Unfit, Unreachable
from bot.views.block_kit import Json, Post
from storage.model import Standing

_HTTP_TOO_MANY, _HTTP_FAULT = 429, 500
#: The kind of metadata that our messages carry.
METADATA_EVENT = "groundcrew_message"
#: One call; the SDK does not bound calls over a session of ours.
_PATIENCE_S = 10.0
_LONGEST_PAUSE_S = 6 * 3600.0

_REVOKED = "Slack no longer accepts the token in SLACK_BOT_TOKEN. Install the app again and set the new one."
_FORBIDDEN = "Slack does not let me do that. Install the app again with the scopes that `groundcrew manifest` prints."
_RESTRICTED = "posting there is restricted to some people"
_CONNECT = "the rules for channels shared with other workspaces forbid it"
#: Slack's word -> what it means. Words: https://docs.slack.dev/reference/methods/chat.postMessage#errors
_MEANINGS: dict[str, tuple[type[SlackTrouble], str]] = {
    "channel_not_found": (Unreachable, "it cannot be seen by me (private, or gone): type /invite @Groundcrew in it"),
    "not_in_channel": (Unreachable, "I am not in it: type /invite @Groundcrew in it"),
    "is_archived": (Unreachable, "it is archived"),
    "is_inactive": (Unreachable, "it is no longer in use"),
    "channel_is_limited_access": (Unreachable, _RESTRICTED),
    "restricted_action": (Unreachable, _RESTRICTED),
    "restricted_action_read_only_channel": (Unreachable, _RESTRICTED),
    "restricted_action_thread_only_channel": (Unreachable, "only answers in threads may be posted there"),
    "restricted_action_non_threadable_channel": (Unreachable, "threads are switched off there"),
    "restricted_action_thread_locked": (Unreachable, "its thread is locked"),
    "slack_connect_canvas_sharing_blocked": (Unreachable, _CONNECT),
    "slack_connect_file_link_sharing_blocked": (Unreachable, _CONNECT),
    "method_not_supported_for_channel_type": (Unreachable, "nothing can be posted there"),
    "ekm_access_denied": (Unreachable, "your Slack admins have suspended posting there"),
    "user_not_found": (Unreachable, "Slack knows no such person"),
    "users_not_found": (Unreachable, "Slack knows no such person"),
    "user_not_visible": (Unreachable, "I may not see that person"),
    "user_disabled": (Unreachable, "the account is deactivated"),
    "messages_tab_disabled": (Unreachable, "the Messages tab of my app is switched off"),
    "cannot_dm_bot": (Unreachable, "that is a bot"),
    "cannot_dm_self": (Unreachable, "that is me"),
    "message_not_found": (Gone, ""),
    "cant_update_message": (Gone, ""),
    "edit_window_closed": (Gone, ""),
    "thread_not_found": (RootGone, "its thread is gone"),
    "cannot_reply_to_message": (RootGone, "its thread is gone"),
    "message_limit_exceeded": (Later, ""),
    "team_added_to_org": (Later, ""),
    "org_login_required": (Later, ""),
    "missing_scope": (Forbidden, _FORBIDDEN),
    "no_permission": (Forbidden, _FORBIDDEN),
    "not_allowed_token_type": (Forbidden, _FORBIDDEN),
    "access_denied": (Forbidden, _FORBIDDEN),
    "team_access_not_granted": (Forbidden, _FORBIDDEN),
    "enterprise_is_restricted": (Forbidden, _FORBIDDEN),
    "invalid_auth": (Revoked, _REVOKED),
    "not_authed": (Revoked, _REVOKED),
    "token_revoked": (Revoked, _REVOKED),
    "token_expired": (Revoked, _REVOKED),
    "account_inactive": (Revoked, _REVOKED),
}
#: "It's possible some aspect of the operation succeeded before the error was raised", as Slack documents the first two.
_IN_DOUBT = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})


class Slack:
    """
    The calls we make. *client* has no retry handlers: they send a message again blindly.

    While *is_known* is false nobody has seen yet whose the token is, and nothing but questions is sent.
    """

    def __init__(self, client: AsyncWebClient, redactor: Redactor, answers_to: str = "") -> None:
        self.client = client
        self._redactor = redactor
        self._answers_to = answers_to
        self.is_known = True

    async def call(self, method: str, **arguments: Any) -> Json:
        """Call *method* of the Web API, with no secret in *arguments*; raises a SlackTrouble."""
        if not self.is_known:
            raise Later("not asked yet whose the token is", is_away=True)
        return await self._sent(self.client.api_call(method, json=self._redactor.tree(arguments)))

    async def read(self, method: str, **arguments: Any) -> Json:
        """Call a reading *method*, which takes its arguments as a form only; raises a SlackTrouble."""
        return await self._sent(self.client.api_call(method, data=self._redactor.tree(arguments)))

    async def post(self, channel: str, post: Post, *, thread: str | None = None, token: str = "") -> Standing:
        """Post a new message; *token* is opaque and goes into its metadata."""
        more: Json = {"thread_ts": thread} if thread else {}
        if token:
            more["metadata"] = {"event_type": METADATA_EVENT, "event_payload": {"id": token}}
        more |= {"unfurl_links": False, "unfurl_media": False}
        answer = await self.call("chat.postMessage", channel=channel, **self.body(post), **more)
        return Standing(str(answer["channel"]), str(answer["ts"]))

    async def edit(self, stands: Standing, post: Post) -> Standing:
        """Change a message of ours."""
        await self.call("chat.update", channel=stands.channel, ts=stands.ts, **self.body(post))
        return stands

    async def direct_channel(self, person: str) -> str:
        """Return the id of the direct conversation with *person*."""
        answer = await self.call("conversations.open", users=person)
        return str(answer["channel"]["id"])

    async def open_view(self, trigger: str, view: Json) -> None:
        """Open a modal; the trigger lives for three seconds."""
        await self.call("views.open", trigger_id=trigger, view=view)

    async def push_view(self, trigger: str, view: Json) -> None:
        """Open a modal on top of the one that is open."""
        await self.call("views.push", trigger_id=trigger, view=view)

    async def publish_home(self, person: str, view: Json) -> None:
        """Show *view* on the Home tab of *person*."""
        await self.call("views.publish", user_id=person, view=view)

    async def respond(self, url: str, post: Post) -> bool:
        """
        Answer a command or button where only its person sees it; False where that is not possible any more.

        *url* came from outside with the payload, so it is used only where it is Slack's own, or the local workspace's.
        """
        own = ("https://hooks.slack.com/", "https://hooks.slack-gov.com/", *filter(None, [self._answers_to]))
        if not url.startswith(own) or self.client.session is None:
            return False
        body = {"response_type": "ephemeral", "replace_original": False, **self._redactor.tree(self.body(post))}
        try:
            async with self.client.session.post(
                url, json=body, allow_redirects=False, timeout=aiohttp.ClientTimeout(total=10)
            ) as answer:
                return answer.status < 300  # noqa: PLR2004 - HTTP: done
        except (aiohttp.ClientError, TimeoutError, OSError):
            return False

    async def try_listening(self, app_token: str) -> None:
        """Ask for a connection with *app_token*, without opening it; raises a SlackTrouble where it is not accepted."""
        await self._answered(self.client.apps_connections_open(app_token=app_token))

    async def headers(self, method: str) -> dict[str, str]:
        """Call *method* for its answer's headers, by name in small letters; raises a SlackTrouble."""
        answer = await self._answered(self.client.api_call(method))
        return {name.lower(): str(value) for name, value in answer.headers.items()}

    async def _sent(self, call: Awaitable[AsyncSlackResponse]) -> Json:
        return cast("Json", (await self._answered(call)).data)

    async def _answered(self, call: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
        try:
            async with asyncio.timeout(_PATIENCE_S):
                return await call
        except SlackApiError as error:
            raise _meaning(error) from None
        except aiohttp.ClientConnectorError as error:  # before anything was sent
            raise Later(type(error).__name__, is_away=True) from None
        except (aiohttp.ClientError, TimeoutError, OSError, SlackClientError) as error:
            raise Later(type(error).__name__, in_doubt=True, is_away=True) from None
        except AttributeError:
            # The SDK's words for an answer that is no JSON object, as a proxy in between may give.
            raise Later("not an answer of Slack's", in_doubt=True, is_away=True) from None

    def body(self, post: Post) -> Json:
        """Return what is sent of *post*, with nothing that is not ours turned into a link."""
        body = {"text": post.text, "blocks": list(post.blocks), "parse": "none", "link_names": False}
        if not post.blocks:
            del body["blocks"]
        return body


def _meaning(error: SlackApiError) -> SlackTrouble:
    response: Any = error.response
    # The SDK hands over its own answer, or aiohttp's where that was no JSON.
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 200))
    data = getattr(response, "data", None)
    word = str(data.get("error") or "") if isinstance(data, dict) else ""
    if status == _HTTP_TOO_MANY or word in {"ratelimited", "rate_limited"}:
        return Later(word or "ratelimited", _seconds(getattr(response, "headers", {})))
    if status >= _HTTP_FAULT or not word:
        return Later(word or f"HTTP {status}", in_doubt=True, is_away=True)
    if word in _IN_DOUBT:
        return Later(word, in_doubt=True)
    kind, words = _MEANINGS.get(word, (Unfit, ""))
    return kind(word, words) if kind is not Later else Later(word)


def _seconds(headers: Any) -> float:
    """Read Retry-After; Slack sends whole seconds."""
    value = next((headers[name] for name in headers if name.lower() == "retry-after"), "1")
    value = value[0] if isinstance(value, list) else value
    try:
        return min(_LONGEST_PAUSE_S, max(1.0, float(value)))
    except ValueError:
        return 1.0
