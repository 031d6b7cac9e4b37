"""Everything one running workspace holds; each part knows its own rules."""

import time
from collections.abc import Callable
from pathlib import Path

from workspace import limits
from workspace.feed import Feed
from workspace.response_urls import ResponseUrls, Source
from workspace.socket_mode import Connections
from workspace.store import Store
from workspace.triggers import Triggers
from workspace.wire import Json


class Workspace:
    """One workspace.

    *folder* is where its file is; *address* is ``http://127.0.0.1:PORT``; *commands* are the slash commands of the
    bot, as a list of ``{"command", "usage", "description"}``, empty when unknown; *offers* are
    ``{"label", "command"}`` to try first. *clock* gives Unix seconds and *patience* the seconds an envelope may
    stay unacknowledged; tests push both.
    """

    def __init__(
        self,
        folder: Path,
        address: str = "",
        *,
        commands: list[Json] | None = None,
        offers: list[Json] | None = None,
        clock: Callable[[], float] = time.time,
        patience: float = limits.ACK_SECONDS,
    ) -> None:
        self.folder = folder
        self.address = address
        self.commands = commands or []
        self.offers = offers or []
        self.clock = clock
        self.store = Store(folder)
        self.feed = Feed()
        self.bot = Connections(clock, patience, lambda count: self.feed.tell({"type": "bot", "connections": count}))
        self.triggers = Triggers(clock)
        self.response_urls = ResponseUrls(clock)
        self.modals: dict[str, list[Json]] = {}  # person id -> the views open on their screen, the last one on top
        self.unread: dict[tuple[str, str], tuple[int, int]] = {}  # (person, room) -> unread messages, and mentions
        self._last_ts = self.store.last_ts()

    def next_ts(self) -> str:
        """Give the ts of a new message: seconds and microseconds, and later than every other."""
        seconds, micros = divmod(int(self.clock() * 1_000_000), 1_000_000)
        last_seconds, last_micros = (int(part) for part in self._last_ts.split("."))
        if (seconds, micros) <= (last_seconds, last_micros):
            seconds, micros = divmod(last_seconds * 1_000_000 + last_micros + 1, 1_000_000)
        self._last_ts = f"{seconds:010d}.{micros:06d}"
        return self._last_ts

    def response_url(self, source: Source) -> str:
        """Make the URL that answers to *source*."""
        return f"{self.address}/response/{self.response_urls.issue(source)}"

    async def close(self) -> None:
        """Let go of pages, bots and the file."""
        self.feed.close()
        await self.bot.close()
        self.store.close()
