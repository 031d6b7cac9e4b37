"""
Pushes to repositories, as GitHub tells them: an app whose code was pushed is looked at now rather than at its turn.

A push is a hint and carries nothing further: what is checked is what the repository itself says afterwards.
https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
"""

from __future__ import annotations

import hmac
import logging
import re
from typing import Any

from aiohttp import web

from bot import metrics
from bot.dispatch import Dispatch
from bot.incoming import Incoming
from bot.intake import NotKept
from bot.request_body import read_body, read_json
from commands.command import CLOCK, Request
from storage import apps

_log = logging.getLogger(__name__)
_DELIVERY = re.compile(r"[A-Za-z0-9-]{1,72}")
_LONGEST = 500  # characters of an address


class Pushes:
    """Takes GitHub's requests, signed with *secret*."""

    def __init__(self, secret: str, dispatch: Dispatch) -> None:
        self._secret = secret.encode()
        self._dispatch = dispatch

    async def handle(self, request: web.Request) -> web.Response:
        """Answer a delivery: 202 where it was taken or is none of ours, 200 where it came before."""
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType(text="Set the webhook's content type to application/json.")
        body = await read_body(request)
        self._verify(request, body)
        delivery = request.headers.get("X-GitHub-Delivery", "")
        if not _DELIVERY.fullmatch(delivery):
            raise web.HTTPBadRequest(text="It has no delivery id.")
        event = request.headers.get("X-GitHub-Event", "")
        payload = read_json(body)
        if event == "ping":
            return web.Response(text="pong")
        try:
            return await self._take(f"github:{delivery}", event, payload)
        except NotKept:
            raise web.HTTPServiceUnavailable(text="It could not be kept. Send it again.") from None

    def _verify(self, request: web.Request, body: bytes) -> None:
        """Raise HTTP error 401 where the delivery is not signed by GitHub with SHA-256; its SHA-1 is not looked at."""
        given = request.headers.getall("X-Hub-Signature-256", [])
        made = f"sha256={hmac.digest(self._secret, body, 'sha256').hex()}".encode()
        if len(given) != 1 or not hmac.compare_digest(made, given[0].encode(errors="surrogateescape")):
            _log.warning("a request to %s was refused: it is not signed by GitHub", request.path)
            metrics.webhook.labels("github_refused").inc()
            raise web.HTTPUnauthorized(text="It is not signed with the secret of this webhook.")

    async def _take(self, key: str, event: str, payload: Any) -> web.Response:
        repository = _repository(payload) if event == "push" else ""
        outcome = await self._outcome(repository)
        if outcome == "github_taken":
            fields = {"repository": repository}
            push = Incoming(key, "push", "note-push", Request(CLOCK, fields=fields), self._dispatch.team)
            is_new = await self._dispatch.take_silently(push)
        else:
            is_new = await self._dispatch.note(key, "push")
        outcome = outcome if is_new else "github_repeated"
        metrics.webhook.labels(outcome).inc()
        return web.Response(status=202 if is_new else 200, text=_WORDS[outcome])

    async def _outcome(self, repository: str) -> str:
        if not repository:
            return "github_other_event"
        async with self._dispatch.world.database.read() as transaction:
            found = await apps.of_pushed(transaction, repository)
        return "github_taken" if found else "github_unregistered"


_WORDS = {
    "github_taken": "taken",
    "github_unregistered": "ignored: no app is registered for this repository",
    "github_other_event": "ignored: not a push",
    "github_repeated": "already handled",
}


def _repository(payload: Any) -> str:
    """Return the address of the repository that was pushed to; raises HTTP error 400 where there is none."""
    repository = payload.get("repository") if isinstance(payload, dict) else None
    address = repository.get("html_url") if isinstance(repository, dict) else None
    if not isinstance(address, str) or not address.startswith("https://") or len(address) > _LONGEST:
        raise web.HTTPBadRequest(text="It names no repository.")
    return address.removesuffix(".git")
