"""A small Slack that answers what a test tells it to, also what the local workspace never would."""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient

from bot.redact import Redactor
from bot.slack import Slack

Json = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What the server answers once."""

    body: Json | str
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def refusal(error: str) -> Answer:
    """An answer that is not ok, with Slack's word for why."""
    return Answer({"ok": False, "error": error})


@dataclass
class SlackServer:
    """What was asked, in order, and what is answered next; without a script every call is answered well."""

    calls: list[tuple[str, Json]] = field(default_factory=list)
    script: defaultdict[str, deque[Answer]] = field(default_factory=lambda: defaultdict(deque))
    silent: set[str] = field(default_factory=set)  # methods that are never answered
    address: str = ""
    _last: int = 0

    def sent(self, method: str = "chat.postMessage") -> list[Json]:
        """The arguments of every call of *method*."""
        return [arguments for called, arguments in self.calls if called == method]

    async def handle(self, request: web.Request) -> web.Response:
        """Note the call and answer it."""
        method = request.match_info["method"]
        given = await request.json() if request.content_type == "application/json" else dict(await request.post())
        self.calls.append((method, given))
        if method in self.silent:
            await asyncio.Event().wait()
        if self.script[method]:
            answer = self.script[method].popleft()
            if isinstance(answer.body, str):
                return web.Response(text=answer.body, status=answer.status, headers=answer.headers)
            return web.json_response(answer.body, status=answer.status, headers=answer.headers)
        return web.json_response({"ok": True, **self._well(method, given)})

    def _well(self, method: str, given: Json) -> Json:
        self._last += 1
        if method == "conversations.open":
            return {"channel": {"id": "D" + str(given["users"])[1:]}}
        return {"channel": given.get("channel"), "ts": given.get("ts") or f"{self._last}.000100"}


@asynccontextmanager
async def slack_server() -> AsyncIterator[tuple[SlackServer, Slack]]:
    """Give a server and our client of it."""
    fake = SlackServer()
    app = web.Application()
    app.router.add_post("/api/{method}", fake.handle)
    app.router.add_post("/hook", fake.handle)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        fake.address = str(server.make_url("/")).rstrip("/")
        client = AsyncWebClient("xoxb-1-secret", f"{fake.address}/api/", session=session, timeout=2, retry_handlers=[])
        yield fake, Slack(client, Redactor(["xoxb-1-secret", "hunter2-hunter2"]))
