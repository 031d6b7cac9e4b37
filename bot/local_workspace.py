"""
The local workspace, started for those who have no Slack at hand: a process of its own on this machine.

It stays when the bot ends, so that its page and its messages outlive a restart of the bot, and is used again by the
next start.
"""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import aiohttp

from commands.command import all_commands

_log = logging.getLogger(__name__)

BOT_TOKEN = "xoxb-local-workspace"  # noqa: S105 - opens nothing but a process on this machine, and is its own default
APP_TOKEN = "xapp-local-workspace"  # noqa: S105 - the same
RELIABILITY_CHANNEL = "#reliability"
_TEAM = "T0LOCAL"
_START_S = 15.0


class NotStarted(Exception):  # noqa: N818 - it is the answer to a start, printed as it is
    """The local workspace cannot be used; the text is a sentence."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to try first: what the page calls it, and what it types."""

    label: str
    command: str


async def ensure(home: Path, port: int, offers: Sequence[Offer]) -> str:
    """
    Return the address of the local workspace on *port*, started where it does not run yet.

    Its messages are kept under *home*. Raises NotStarted.
    """
    address = f"http://127.0.0.1:{port}"
    folder = home / "workspace"
    if await _is_ours(address, port, folder):
        _say_if_older(home)
        return address
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    log = folder / "log"
    process = _start(folder, port, log, offers)
    try:
        async with asyncio.timeout(_START_S):
            while not await _is_ours(address, port, folder):
                if process.poll() is not None:
                    said = log.read_text("utf-8", "replace").strip().splitlines()
                    raise NotStarted(said[-1] if said else "The local workspace ended at once and said nothing.")
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise NotStarted(f"The local workspace does not answer at {address}; its log is {log}.") from None
    (folder / "pid").write_text(str(process.pid), "ascii")
    return address


def _start(folder: Path, port: int, log: Path, offers: Sequence[Offer]) -> subprocess.Popen[bytes]:
    commands = folder / "commands.json"
    commands.write_text(_commands(), "utf-8")
    offered = folder / "offers.json"
    offered.write_text(json.dumps([asdict(offer) for offer in offers]), "utf-8")
    arguments = ["--state", str(folder), "--port", str(port), "--commands", str(commands), "--offers", str(offered)]
    with log.open("wb") as written:
        # A session of its own: Ctrl-C in the bot's terminal, or its death, is not meant for the workspace.
        return subprocess.Popen(
            [sys.executable, "-I", "-m", "workspace", *arguments],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _say_if_older(home: Path) -> None:
    """Say how to renew a workspace that was started with other commands than there are now."""
    folder = home / "workspace"
    try:
        known, pid = (folder / "commands.json").read_text("utf-8"), (folder / "pid").read_text("ascii")
    except OSError:
        return
    if known != _commands():
        _log.warning("the local workspace knows the commands of another version: end it (kill %s), start again", pid)


def _commands() -> str:
    """Return the slash commands as the workspace's page lists them, as JSON."""
    listed = [
        {"command": one.slash, "usage": one.usage.removeprefix(one.slash).strip(), "description": one.summary}
        for one in sorted(all_commands().values(), key=lambda one: one.name)
        if one.slash
    ]
    return json.dumps(listed)


async def _is_ours(address: str, port: int, folder: Path) -> bool:
    """Whether the local workspace of *folder* answers at *address*; raises NotStarted where that of another does."""
    kept_in = await _kept_in(address)
    if kept_in is None or kept_in == str(folder):
        return kept_in is not None
    # Its page would speak with two bots in turn, which do not know each other's apps.
    whose = kept_in.removesuffix("/workspace") or "of another version"
    raise NotStarted(
        f"Port {port} is used by the local workspace of another home ({whose}): set GROUNDCREW_LOCAL_PORT, or stop it."
    )


async def _kept_in(address: str) -> str | None:
    """Return the folder of the local workspace that answers at *address*; None where something else or nothing does."""
    headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
    timeout = aiohttp.ClientTimeout(total=3)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, headers=headers) as session,
            session.post(f"{address}/api/auth.test") as answer,
        ):
            said = await answer.json(content_type=None)
    except (aiohttp.ClientError, TimeoutError, ValueError, OSError):
        return None
    return str(said.get("kept_in", "")) if isinstance(said, dict) and said.get("team_id") == _TEAM else None
