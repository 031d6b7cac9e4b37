"""
Slack's requests over HTTP, before Bolt: whose signature is wrong, and what is malformed, goes no further.

Bolt answers 500 with a traceback to many a request whose signature it has not looked at, and logs the bodies of those
whose signature is wrong; so it is asked only about requests that are signed, fresh and of the shape Slack documents.
https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.response import BoltResponse

from bot import metrics
from bot.front import hear
from bot.request_body import read_body, read_json
from commands.world import Clock

_log = logging.getLogger(__name__)

_TIMESTAMP = re.compile(r"[0-9]{10}")
_FRESH_S = 300
_MOST_FIELDS = 100  # of a form; a slash command has some fifteen


class FrontDoor:
    """Lets in what was signed with one of *secrets*, and has *app* take it in."""

    def __init__(self, secrets: Sequence[str], clock: Clock, app: AsyncApp) -> None:
        self._secrets = [one.encode() for one in secrets]
        self._clock = clock
        self._app = app

    async def handle(self, request: web.Request) -> web.Response:
        """Answer a request: 401 where the signature does not hold, 400 for what is malformed, else as Bolt does."""
        body = await read_body(request)
        digest = self._digest(request, body)
        payload = _payload(request, body)
        if payload.get("type") == "url_verification":
            return _challenge(payload)
        if not _is_shaped(payload):
            raise web.HTTPBadRequest(text="It is not of the shape that Slack documents.")
        return _answer(await hear(self._app, payload, digest))

    def _digest(self, request: web.Request, body: bytes) -> str:
        """Return the digest of the request's timestamp and signature; raises HTTP error 401 where they do not hold."""
        why, stamp, signature = _signed(request)
        if not why and abs(self._clock.now().timestamp() - int(stamp)) > _FRESH_S:
            why = "its timestamp is not of the last five minutes"
        if not why and not self._is_ours(stamp, signature, body):
            why = "its signature is not Slack's"
        if why:
            _log.warning("a request to %s was refused: %s", request.path, why)
            metrics.webhook.labels("slack_refused").inc()
            raise web.HTTPUnauthorized(text="It is not signed by Slack.")
        return hashlib.sha256(f"{stamp}:".encode() + signature).hexdigest()

    def _is_ours(self, stamp: str, signature: bytes, body: bytes) -> bool:
        signed = b"v0:%b:%b" % (stamp.encode(), body)
        made = [b"v0=" + hmac.digest(one, signed, "sha256").hex().encode() for one in self._secrets]
        return any([hmac.compare_digest(one, signature) for one in made])  # noqa: C419 - each takes as long as all


def _signed(request: web.Request) -> tuple[str, str, bytes]:
    """Return what is wrong with the request's headers, its timestamp and its signature."""
    stamps = request.headers.getall("X-Slack-Request-Timestamp", [])
    signatures = request.headers.getall("X-Slack-Signature", [])
    if len(stamps) != 1 or len(signatures) != 1:
        return "it is not signed", "", b""
    if not _TIMESTAMP.fullmatch(stamps[0]):
        return "its timestamp is none", "", b""
    return "", stamps[0], signatures[0].encode(errors="surrogateescape")


def _payload(request: web.Request, body: bytes) -> dict[str, Any]:
    """Return the payload, which Slack sends as JSON or as a form that may hold JSON; raises HTTP error 400."""
    if request.content_type == "application/json":
        payload = read_json(body)
    else:
        try:
            fields = dict(
                parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
            )
        except ValueError:
            raise web.HTTPBadRequest(text="It is not a form.") from None
        payload = read_json(fields["payload"]) if "payload" in fields else fields
    if not isinstance(payload, dict):
        raise web.HTTPBadRequest(text="It is not an object.")
    return payload


def _challenge(payload: dict[str, Any]) -> web.Response:
    challenge = payload.get("challenge")
    if not isinstance(challenge, str) or not challenge.isprintable():
        raise web.HTTPBadRequest(text="It has no challenge.")
    return web.Response(text=challenge)


def _answer(heard: BoltResponse) -> web.Response:
    kind = heard.first_headers().get("content-type", "application/json")
    kind = "application/json" if kind.startswith("application/json") else "text/plain"
    return web.Response(status=heard.status, text=heard.body, content_type=kind)


def _has(value: Any, **kinds: type) -> bool:
    """Whether *value* is an object whose members are of these *kinds*."""
    return isinstance(value, dict) and all(isinstance(value.get(name), kind) for name, kind in kinds.items())


def _is_press(payload: dict[str, Any]) -> bool:
    actions = payload.get("actions")
    return (
        _has(payload, user=dict, trigger_id=str)
        and _has(payload["user"], id=str)
        and isinstance(actions, list)
        and bool(actions)
        and all(_has(one, action_id=str) for one in actions)
        and all(isinstance(payload.get(name) or {}, dict) for name in ("team", "container", "channel", "message"))
    )


def _is_form(payload: dict[str, Any]) -> bool:
    return (
        _has(payload, user=dict, view=dict)
        and _has(payload["user"], id=str)
        and _has(payload["view"], id=str, type=str, callback_id=str)
    )


def _is_event(payload: dict[str, Any]) -> bool:
    return _has(payload, event=dict, event_id=str) and _has(payload["event"], type=str)


_SHAPES: dict[str, Callable[[dict[str, Any]], bool]] = {
    "event_callback": _is_event,
    "block_actions": _is_press,
    "view_submission": _is_form,
    "view_closed": _is_form,
}


def _is_shaped(payload: dict[str, Any]) -> bool:
    """Whether what is read of *payload* is where Slack puts it. Bolt itself looks at teams and users of anything."""
    kind = payload.get("type")
    if kind is None:
        return _has(payload, command=str, user_id=str, trigger_id=str, team_id=str)
    if not isinstance(kind, str) or not all(
        isinstance(payload.get(name) or {}, dict | str) for name in ("team", "user", "enterprise")
    ):
        return False
    is_shape = _SHAPES.get(kind)
    return is_shape is None or is_shape(payload)
