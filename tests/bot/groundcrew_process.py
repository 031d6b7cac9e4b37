"""`groundcrew run` as its user starts it: a process of its own, and the workspace that it leaves behind."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.workspace_client import WorkspaceClient

_PATIENCE = 60.0  # seconds; a start takes one or two on a quiet machine


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def environment(home: Path, **more: str) -> dict[str, str]:
    """What the process is given: nothing of the machine's own settings."""
    quiet = dict.fromkeys(("GROUNDCREW_PYPI_INDEX", "GROUNDCREW_NPM_REGISTRY", "GROUNDCREW_ADVISORIES_URL"), "off")
    return {"PATH": os.environ["PATH"], "HOME": str(home), "GROUNDCREW_HOME": str(home), **quiet, **more}


async def start(given: dict[str, str], *words: str) -> asyncio.subprocess.Process:
    """Start `groundcrew run` with *words* behind it, in the environment *given*."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-m", "bot", "run", *words, cwd="/", env=given,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip


async def until(process: asyncio.subprocess.Process, words: str) -> str:
    """Read what the process prints until a line holds *words*; fails where it ends before."""
    assert process.stdout is not None
    printed = ""
    async with asyncio.timeout(_PATIENCE):
        while words not in printed:
            line = (await process.stdout.readline()).decode()
            assert line, f"it ended without saying {words!r}, but:\n{printed}"
            printed += line
    return printed


async def end(process: asyncio.subprocess.Process, number: int = signal.SIGTERM) -> str:
    """Send the signal *number*, wait for the end, and give what was still printed."""
    if process.returncode is None:
        process.send_signal(number)
    printed, _ = await asyncio.wait_for(process.communicate(), _PATIENCE)
    return printed.decode()


@asynccontextmanager
async def local_workspace(home: Path, port: int) -> AsyncIterator[WorkspaceClient]:
    """Give a client of the workspace that a bot at *home* started, and end that workspace at the end."""
    try:
        async with WorkspaceClient(f"http://127.0.0.1:{port}") as client:
            yield client
    finally:
        end_workspace(home)


def end_workspace(home: Path) -> None:
    """End the workspace that a bot at *home* started, where it did."""
    with contextlib.suppress(OSError):
        os.kill(int((home / "workspace" / "pid").read_text()), signal.SIGTERM)
