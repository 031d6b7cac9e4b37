"""The bot as its users start it: a process of its own in the stand-in Slack, started, killed and listened to."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.reliability.slack import APP_TOKEN, BOT_TOKEN, RELIABILITY

_READY = (b"Groundcrew runs in", b"Groundcrew makes checks")  # a bot, and a worker
_START_S = 60.0
_OFF = ("GROUNDCREW_PYPI_INDEX", "GROUNDCREW_NPM_REGISTRY", "GROUNDCREW_ADVISORIES_URL", "GROUNDCREW_LISTEN")
#: `groundcrew run`, whatever stands where it is called.
COMMAND = (sys.executable, "-I", "-m", "bot", "run")


def environment(home: Path, slack: str, **more: str) -> dict[str, str]:
    """Return what a bot at *home* is given to run in the Slack at the address *slack*: nothing of this machine's."""
    tokens = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "SLACK_API_URL": f"{slack}/api/"}
    here = {"PATH": os.environ["PATH"], "HOME": str(home), "GROUNDCREW_HOME": str(home)}
    return (
        here
        | dict.fromkeys(_OFF, "off")
        | tokens
        | {"GROUNDCREW_RELIABILITY_CHANNEL": RELIABILITY, "GROUNDCREW_LISTEN": "off"}
        | more
    )


@dataclass(slots=True)
class BotProcess:
    """One running bot; *log* is the end of what it printed."""

    process: asyncio.subprocess.Process
    log: deque[str] = field(default_factory=lambda: deque(maxlen=400))
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    _reader: asyncio.Task[None] | None = None

    @classmethod
    async def start(cls, given: Mapping[str, str], command: Sequence[str] = COMMAND) -> BotProcess:
        """Start `groundcrew run` with the environment *given*, in a session of its own."""
        process = await asyncio.create_subprocess_exec(
            *command, cwd="/", env=dict(given), start_new_session=True,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        bot = cls(process)
        bot._reader = asyncio.create_task(bot._read())
        return bot

    @property
    def pid(self) -> int:
        """The id of its process."""
        return self.process.pid

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self.process.returncode is None

    async def until_ready(self) -> bool:
        """Wait until it says that it runs; False where it ended instead."""
        ended = asyncio.create_task(self.process.wait())
        ready = asyncio.create_task(self.ready.wait())
        await asyncio.wait({ended, ready}, timeout=_START_S, return_when=asyncio.FIRST_COMPLETED)
        for task in (ended, ready):
            task.cancel()
        return self.ready.is_set() and self.is_running

    async def kill(self) -> None:
        """Kill it as an operating system does that is out of memory: without a word."""
        await self.end(signal.SIGKILL)

    async def end(self, number: int = signal.SIGTERM) -> None:
        """Send the signal *number* and wait for the end."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)
        await self.process.wait()
        if self._reader is not None:
            await self._reader

    async def _read(self) -> None:
        assert self.process.stdout is not None
        with contextlib.suppress(ValueError):  # a line longer than the reader's limit
            async for line in self.process.stdout:
                self.log.append(line.decode(errors="replace").rstrip())
                if any(words in line for words in _READY):
                    self.ready.set()
