"""
A stand-in for Slack that writes down every arrival and answers as badly as its weather says.

It knows everybody whose id begins with U, and is in every channel whose id begins with C. What is said in a direct
conversation with U1 stands in D1. History can be read with the messages' metadata, as Slack gives it, or refused.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from benchmarks.reliability.weather import WRITES, Fault, Weather
from workspace.socket_mode import Connections

Json = dict[str, Any]

TEAM, BOT_USER, RELIABILITY = "T0TEST", "UGROUNDCREW", "CRELIABILITY"
BOT_TOKEN, APP_TOKEN = "xoxb-reliability", "xapp-reliability"
_ACKNOWLEDGE = "acknowledge-page"
_PATIENCE_S = 3.0  # https://docs.slack.dev/interactivity/handling-user-interaction: an acknowledgement within 3 s


@dataclass(frozen=True, slots=True)
class Arrival:
    """
    One call as it came in: *at* in seconds of the monotonic clock.

    *ts* names the message that stands now, empty where none was made. *token* is the id in its metadata; *page* the id
    of the page that it lets somebody acknowledge.
    """

    at: float
    method: str
    channel: str
    text: str
    token: str
    page: str
    ts: str
    fault: Fault

    @property
    def stands(self) -> bool:
        """Whether it made a message that people see."""
        return self.method == "chat.postMessage" and bool(self.ts)


@dataclass(slots=True)
class StandIn:
    """The workspace: *weather* is how it is; *readable* says whether history may be read."""

    weather: Weather
    readable: bool = True
    address: str = ""
    arrivals: list[Arrival] = field(default_factory=list)
    edits: int = 0
    calls: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    limited_until: dict[str, float] = field(default_factory=dict)  # by channel, monotonic
    too_early: int = 0  # posts before the end of a pause that was asked for
    gone: set[str] = field(default_factory=set)
    archived: set[str] = field(default_factory=set)
    posted: Callable[[Arrival], None] = lambda _: None
    keeps_edits: bool = False
    bots: Connections = field(init=False)
    _history: defaultdict[str, list[Json]] = field(default_factory=lambda: defaultdict(list))
    _stalled: set[asyncio.Event] = field(default_factory=set)
    _last: int = 0

    def __post_init__(self) -> None:
        self.bots = Connections(time.monotonic, _PATIENCE_S, lambda _: None)

    @property
    def messages(self) -> list[Arrival]:
        """What people see that was posted, in the order of its arrival."""
        return [one for one in self.arrivals if one.stands]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Take one call of the Web API, and answer it or not."""
        method = request.match_info["method"]
        given = await _arguments(request)
        self.calls[method] += 1
        fault = self.weather.fault(method)
        is_done = fault in {Fault.NONE, Fault.POSTED_500, Fault.POSTED_SILENT}
        answer = self._answer(method, given) if is_done else {}
        if method in WRITES:
            self._write_down(method, given, str(answer.get("ts", "")), fault)
        return await self._reply(fault, answer, str(given.get("channel", "")))

    async def _reply(self, fault: Fault, answer: Json, channel: str) -> web.StreamResponse:
        match fault:
            case Fault.NONE:
                return web.json_response({"ok": "error" not in answer, **answer})
            case Fault.AWAY:
                return web.Response(status=503, text="upstream is away")
            case Fault.POSTED_500:
                return web.Response(status=500, text="it was posted, and this is not said")
            case Fault.REVOKED:
                return web.json_response({"ok": False, "error": "token_revoked"})
            case Fault.LIMITED:
                pause = self.weather.pause_s()
                if channel:
                    self.limited_until[channel] = time.monotonic() + pause
                error = {"ok": False, "error": "ratelimited"}
                return web.json_response(error, status=429, headers={"Retry-After": str(pause)})
        await self._silence()
        return web.Response(status=503)

    async def _silence(self) -> None:
        ended = asyncio.Event()
        self._stalled.add(ended)
        try:
            await ended.wait()
        finally:
            self._stalled.discard(ended)

    def _write_down(self, method: str, given: Json, ts: str, fault: Fault) -> None:
        if method == "chat.update" and not self.keeps_edits:
            self.edits += 1
            return
        channel, now = str(given["channel"]), time.monotonic()
        if method == "chat.postMessage" and now < self.limited_until.get(channel, 0.0):
            self.too_early += 1
        metadata = _parsed(given.get("metadata")) or {}
        token = str((metadata.get("event_payload") or {}).get("id", ""))
        shown = f"{given.get('text', '')} {json.dumps(given.get('blocks') or '')}"
        one = Arrival(now, method, channel, shown, token, _page(_parsed(given.get("blocks")) or []), ts, fault)
        self.arrivals.append(one)
        if one.stands:
            self.posted(one)

    def _answer(self, method: str, given: Json) -> Json:
        known = getattr(self, f"_{method.replace('.', '_')}", None)
        return {} if known is None else known(given)

    def _auth_test(self, _given: Json) -> Json:
        me = {"team": "Reliability", "team_id": TEAM, "user": "groundcrew", "user_id": BOT_USER, "bot_id": "BTEST"}
        return {"url": self.address, **me}

    def _apps_connections_open(self, _given: Json) -> Json:
        return {"url": f"{self.address.replace('http', 'ws', 1)}/socket?ticket={self.bots.issue_ticket()}"}

    def _users_info(self, given: Json) -> Json:
        user = str(given["user"])
        if not user.startswith("U"):
            return {"error": "user_not_found"}
        profile = {"display_name": user.title(), "email": f"{user.lower()}@acme.example"}
        more = {"deleted": user in self.gone, "is_admin": user == "UADMIN", "is_bot": False, "profile": profile}
        return {"user": {"id": user, "team_id": TEAM, "name": user.lower(), **more}}

    def _users_list(self, _given: Json) -> Json:
        return {"members": []}

    def _users_lookupByEmail(self, given: Json) -> Json:  # noqa: N802 - named after Slack's method
        return self._users_info({"user": str(given["email"]).partition("@")[0].upper()})

    def _usergroups_list(self, _given: Json) -> Json:
        return {"usergroups": []}

    def _usergroups_users_list(self, _given: Json) -> Json:
        return {"users": []}

    def _conversations_list(self, _given: Json) -> Json:
        return {"channels": []}

    def _conversations_open(self, given: Json) -> Json:
        return {"channel": {"id": "D" + str(given["users"])[1:]}}

    def _conversations_info(self, given: Json) -> Json:
        channel = str(given["channel"])
        more = {"is_member": True, "is_im": channel.startswith("D"), "is_archived": channel in self.archived}
        return {"channel": {"id": channel, "name": channel.lower(), **more}}

    def _conversations_history(self, given: Json) -> Json:
        return self._read(given, lambda message: "thread_ts" not in message)

    def _conversations_replies(self, given: Json) -> Json:
        root = str(given["ts"])
        return self._read(given, lambda message: root in {message["ts"], message.get("thread_ts")})

    def _read(self, given: Json, fits: Callable[[Json], bool]) -> Json:
        """Return what stands in a channel, newest first; with metadata only where it is asked for, like Slack."""
        if not self.readable:
            return {"error": "missing_scope", "needed": "channels:history", "provided": "chat:write"}
        oldest = float(given.get("oldest") or 0)
        latest = float(given.get("latest") or "inf")
        found = [one for one in self._history[str(given["channel"])] if oldest <= float(one["ts"]) <= latest]
        newest = [one for one in reversed(found) if fits(one)]
        limit, start = int(given.get("limit") or 100), int(given.get("cursor") or 0)
        some = newest[start : start + limit]
        if str(given.get("include_all_metadata")).lower() not in {"1", "true"}:
            some = [{name: value for name, value in one.items() if name != "metadata"} for one in some]
        more = len(newest) > start + limit
        cursor = {"next_cursor": str(start + limit) if more else ""}
        return {"messages": some, "has_more": more, "response_metadata": cursor}

    def _chat_postMessage(self, given: Json) -> Json:  # noqa: N802 - named after Slack's method
        channel = str(given["channel"])
        if channel in self.archived:
            return {"error": "is_archived"}
        self._last += 1
        ts = f"{time.time():.0f}.{self._last:06d}"
        message = {"type": "message", "ts": ts, "user": BOT_USER, "bot_id": "BTEST", "text": given.get("text", "")}
        more = {name: value for name in ("thread_ts",) if (value := given.get(name))}
        metadata = _parsed(given.get("metadata"))
        self._history[channel].append(message | more | ({"metadata": metadata} if metadata else {}))
        return {"channel": channel, "ts": ts}

    def _chat_update(self, given: Json) -> Json:
        return {"channel": given["channel"], "ts": given["ts"]}

    def end_silence(self) -> None:
        """Answer whoever was left waiting, so that the server can end."""
        for ended in list(self._stalled):
            ended.set()


@asynccontextmanager
async def stand_in(weather: Weather) -> AsyncIterator[StandIn]:
    """Serve a stand-in on loopback."""
    slack = StandIn(weather)
    app = web.Application(client_max_size=4 * 1024**2)
    app.router.add_post("/api/{method}", slack.handle)
    app.router.add_get("/socket", slack.bots.serve)
    async with TestServer(app) as server:
        slack.address = str(server.make_url("/")).rstrip("/")
        try:
            yield slack
        finally:
            slack.end_silence()
            await slack.bots.close()


async def _arguments(request: web.Request) -> Json:
    given = await request.json() if request.content_type == "application/json" else dict(await request.post())
    return given if isinstance(given, dict) else {}


def _parsed(value: Any) -> Any:
    """Return what a form holds as JSON text, or what JSON holds as it is."""
    return json.loads(value) if isinstance(value, str) and value else value


def _page(blocks: list[Json]) -> str:
    """Return the page that a message lets somebody acknowledge, or an empty text."""
    buttons = (one for block in blocks if isinstance(block, dict) for one in block.get("elements", ()))
    found = (str(one.get("value", "")) for one in buttons if isinstance(one, dict) and _is_acknowledge(one))
    return next(found, "")


def _is_acknowledge(element: Json) -> bool:
    return str(element.get("action_id", "")).partition(":")[0] == _ACKNOWLEDGE
