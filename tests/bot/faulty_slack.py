"""A Slack in this process that keeps what is posted, in the time of a town, and answers as badly as it is told to."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

Json = dict[str, Any]

#: How often each fault happens while the weather is bad, of a hundred calls.
BAD = {"500 after": 10, "500 before": 5, "silence after": 5, "silence before": 3, "refused": 4, "429": 8, "fault": 3}


@dataclass
class FaultySlack:
    """
    What stands in each channel, and what came when. *late* is how many seconds pass before history shows a message.

    *now* gives the town's time in seconds. *script* are the faults of the next calls by method, of BAD or Slack's own
    words for errors. What came too soon is in *too_soon*.
    """

    now: Callable[[], float]
    random: Random
    faults: dict[str, int] = field(default_factory=dict)
    late: float = 0.0
    readable: bool = True
    stands: defaultdict[str, list[Json]] = field(default_factory=lambda: defaultdict(list))
    too_soon: list[str] = field(default_factory=list)
    calls: list[tuple[str, Json]] = field(default_factory=list)
    script: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _posted_at: dict[str, float] = field(default_factory=dict)
    _paused_until: dict[str, float] = field(default_factory=dict)
    _asked_now: dict[str, float] = field(default_factory=dict)
    _last: int = 0

    def client(self, step: Callable[[], None] = lambda: None) -> AsyncWebClient:
        """The SDK's client, whose every call comes here; *step* is taken before and after."""
        return _Client(self, step)

    def forget_pauses(self) -> None:
        """Whoever was asked for a pause at this moment died before it could keep that."""
        self._paused_until = {place: end for place, end in self._paused_until.items() if place not in self._asked_now}

    async def called(self, method: str, given: Json) -> AsyncSlackResponse:
        """Answer one call of *method*, or not."""
        place = str(given.get("channel") or method)
        if self.now() < self._paused_until.get(place, 0.0):
            self.too_soon.append(f"{method} in a pause")
        self.calls.append((method, given))
        await asyncio.sleep(0)
        fault = self._fault(method)
        if fault == "refused":
            raise aiohttp.ClientConnectionError
        if fault == "silence before":
            raise TimeoutError
        if fault == "500 before":
            return _answer({}, 503)
        if fault == "429" and method != "auth.test":
            pause = self.random.randint(1, 30)
            self._paused_until[place] = self.now() + pause
            self._asked_now = {one: at for one, at in self._asked_now.items() if at == self.now()} | {place: self.now()}
            return _answer({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": str(pause)})
        if fault == "fault":
            fault = "internal_error"
        if fault and fault not in {"500 after", "silence after"}:
            return _answer({"ok": False, "error": fault})
        done = self._do(method, given)
        await asyncio.sleep(0)
        if fault == "silence after":
            raise TimeoutError
        return _answer({}, 500) if fault == "500 after" else _answer({"ok": "error" not in done, **done})

    def asked(self, method: str) -> int:
        """How often *method* was called."""
        return sum(1 for called, _ in self.calls if called == method)

    def texts(self, channel: str) -> list[str]:
        """What stands in *channel* now, in the order in which it was posted."""
        return [message["text"] for message in self.stands[channel]]

    def _fault(self, method: str) -> str:
        if self.script[method]:
            return self.script[method].pop(0)
        number = self.random.randrange(100)
        for name, share in self.faults.items():
            number -= share
            if number < 0:
                return name
        return ""

    def _do(self, method: str, given: Json) -> Json:
        channel = str(given.get("channel"))
        match method:
            case "conversations.open":
                return {"channel": {"id": "D" + str(given["users"])[1:]}}
            case "chat.postMessage":
                if self.now() - self._posted_at.get(channel, 0.0) < 1:
                    self.too_soon.append(f"two messages a second in {channel}")
                self._posted_at[channel] = self.now()
                self._last += 1
                ts = f"{self.now():.0f}.{self._last:06d}"
                self.stands[channel].append({**given, "ts": ts, "shown_at": self.now() + self.late})
                return {"channel": channel, "ts": ts}
            case "chat.update":
                message = next(one for one in self.stands[channel] if one["ts"] == given["ts"])
                message["text"] = given["text"]
                return {"channel": channel, "ts": given["ts"]}
            case "conversations.history" | "conversations.replies":
                return self._history(channel, given)
        return {}

    def _history(self, channel: str, given: Json) -> Json:
        if not self.readable:
            return {"error": "missing_scope"}
        thread = given.get("ts")
        found = [
            message
            for message in reversed(self.stands[channel])
            if message["ts"] > given["oldest"]
            and message["shown_at"] <= self.now()
            and message.get("thread_ts") == thread
        ]
        start = int(given.get("cursor") or 0)
        more = len(found) > start + 2  # pages of two, so that they are turned
        return {
            "messages": found[start : start + 2],
            "response_metadata": {"next_cursor": str(start + 2) if more else ""},
        }


class _Client(AsyncWebClient):
    def __init__(self, slack: FaultySlack, step: Callable[[], None]) -> None:
        super().__init__("xoxb-1")
        self._slack = slack
        self._step = step

    async def api_call(self, api_method: str, **more: Any) -> AsyncSlackResponse:
        self._step()
        try:
            return await self._slack.called(api_method, more.get("json") or more.get("data") or {})
        finally:
            self._step()


def _answer(body: Json, status: int = 200, headers: dict[str, str] | None = None) -> AsyncSlackResponse:
    answer = AsyncSlackResponse(
        client=None, http_verb="POST", api_url="", req_args={}, data=body, headers=headers or {}, status_code=status
    )
    answer.validate()  # type: ignore[no-untyped-call]
    return answer
