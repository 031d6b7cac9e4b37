"""Signed slash commands, all at once, and what they cost the process that takes them."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import re
import socket
import time
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

SECRET = "the-signing-secret-of-the-load"  # noqa: S105 - of a bot that lives for a minute
_NUMBERS = count(1)
_PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Load:
    """What came of *sent* commands: how many were not answered 200, how long an answer took, and the CPU a command."""

    sent: int
    errors: int
    p50_s: float
    p99_s: float
    slowest_s: float
    cpu_ms: float


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def cpu_s(pid: int) -> float:
    """Return the seconds of CPU that the threads of a process have used."""
    spent = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it ended meanwhile
            spent += int((task / "schedstat").read_text(encoding="utf-8").split()[0])
    return spent / 1e9


def peak_mib(pid: int) -> float:
    """Return the most memory that a process has had, in MiB."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(encoding="utf-8"))
    assert found is not None
    return int(found[1]) / 1024


def signed(team: str, text: str) -> bytes:
    """Return the request of a command of somebody of *team*, as Slack signs it, on a connection of its own."""
    number = next(_NUMBERS)
    body = urlencode(
        {"token": "x", "team_id": team, "team_domain": "acme", "channel_id": "C1", "channel_name": "apps",
         "user_id": f"U{number:06}", "user_name": f"u{number}", "command": "/apps", "text": text, "api_app_id": "A1",
         "response_url": "", "trigger_id": f"{number}.{team}"}
    ).encode()  # fmt: skip
    stamp = str(int(time.time()))
    made = hmac.digest(SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hex()
    head = (
        "POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        f"X-Slack-Request-Timestamp: {stamp}\r\nX-Slack-Signature: v0={made}\r\n\r\n"
    )
    return head.encode() + body


class _Asked(asyncio.Protocol):
    """
    One request; *answered* gives the seconds until its answer, None where it was not done.

    A library for HTTP would take longer here than the server that is measured.
    """

    def __init__(self, request: bytes) -> None:
        self._request = request
        self._start = time.monotonic()
        self.answered: asyncio.Future[float | None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send it."""
        assert isinstance(transport, asyncio.WriteTransport)
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Look at the status alone."""
        if not self.answered.done():
            is_done = data.startswith(b"HTTP/1.1 200 ")
            self.answered.set_result(time.monotonic() - self._start if is_done else None)

    def connection_lost(self, exc: Exception | None) -> None:
        """Count what was never answered."""
        del exc
        if not self.answered.done():
            self.answered.set_result(None)


async def load(port: int, pid: int, commands: int, team: str, text: str = "all") -> Load:
    """Send *commands* at once, each on a connection of its own, to the server of process *pid*."""
    ready = [signed(team, text) for _ in range(commands)]

    async def send(request: bytes) -> float | None:
        asked = _Asked(request)
        try:
            transport, _ = await asyncio.get_running_loop().create_connection(lambda: asked, "127.0.0.1", port)
            async with asyncio.timeout(_PATIENCE_S):
                took = await asked.answered
        except (OSError, TimeoutError):
            return None
        transport.close()
        return took

    before = cpu_s(pid)
    found = await asyncio.gather(*map(send, ready))
    used = cpu_s(pid) - before
    took = sorted(one for one in found if one is not None) or [_PATIENCE_S]
    p50, p99 = took[len(took) // 2], took[min(len(took) - 1, int(len(took) * 0.99))]
    return Load(commands, found.count(None), p50, p99, took[-1], used / commands * 1000)
