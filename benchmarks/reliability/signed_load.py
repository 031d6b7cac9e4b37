"""Signed slash commands, all at once, and what they cost the process that takes them."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import re
import socket
import time
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

import aiohttp

SECRET = "the-signing-secret-of-the-load"  # noqa: S105 - of a bot that lives for a minute
_NUMBERS = count(1)
_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


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
    """Return the seconds of CPU that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * _TICK_S


def peak_mib(pid: int) -> float:
    """Return the most memory that a process has had, in MiB."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(encoding="utf-8"))
    assert found is not None
    return int(found[1]) / 1024


def signed(team: str, text: str) -> tuple[bytes, dict[str, str]]:
    """Return the body of a command of somebody of *team*, and the headers with which Slack signs it."""
    number = next(_NUMBERS)
    body = urlencode(
        {"token": "x", "team_id": team, "team_domain": "acme", "channel_id": "C1", "channel_name": "apps",
         "user_id": f"U{number:06}", "user_name": f"u{number}", "command": "/apps", "text": text, "api_app_id": "A1",
         "response_url": "", "trigger_id": f"{number}.{team}"}
    ).encode()  # fmt: skip
    stamp = str(int(time.time()))
    made = hmac.digest(SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hex()
    kind = "application/x-www-form-urlencoded"
    return body, {
        "Content-Type": kind,
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={made}",
    }


async def load(port: int, pid: int, commands: int, team: str, text: str = "all") -> Load:
    """Send *commands* at once, each on a connection of its own, to the server of process *pid*."""
    ready = [signed(team, text) for _ in range(commands)]
    took: list[float] = []
    errors = 0
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=60)) as session:

        async def send(body: bytes, headers: dict[str, str]) -> None:
            nonlocal errors
            start = time.monotonic()
            try:
                async with session.post(f"http://127.0.0.1:{port}/slack/events", data=body, headers=headers) as answer:
                    await answer.read()
                    errors += answer.status != 200  # noqa: PLR2004 - HTTP: done
            except (aiohttp.ClientError, OSError, TimeoutError):
                errors += 1
            took.append(time.monotonic() - start)

        before = cpu_s(pid)
        await asyncio.gather(*(send(*one) for one in ready))
        used = cpu_s(pid) - before
    took.sort()
    p50, p99 = took[len(took) // 2], took[min(len(took) - 1, int(len(took) * 0.99))]
    return Load(commands, errors, p50, p99, took[-1], used / commands * 1000)
