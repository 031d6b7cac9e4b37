"""What a scrape asks the registry: how much waits and how late it is, at most once in a few seconds."""

from __future__ import annotations

import asyncio
import importlib.metadata
import logging
import time
from dataclasses import dataclass, field

from bot import metrics
from bot.health import Health
from commands.world import World
from storage.figures import Figures, figures

_log = logging.getLogger(__name__)
_FRESH_S = 3.0  # several scrapers, or one that asks every second, cost the registry no more than one
_PATIENCE_S = 5.0  # a scrape gives up after ten by default


@dataclass(slots=True)
class Scrape:
    """Answers scrapes for the bot that lives in *world*; *health* tells which of its parts do not work."""

    world: World
    health: Health
    _asked_at: float | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def answer(self) -> tuple[bytes, str]:
        """Return every metric as it is now, and the content type."""
        async with self._turn:
            if self._asked_at is None or time.monotonic() - self._asked_at > _FRESH_S:
                await self._ask()
                self._asked_at = time.monotonic()
        _tell_health(self.health)
        return metrics.exposition()

    async def _ask(self) -> None:
        try:
            async with asyncio.timeout(_PATIENCE_S), self.world.database.read() as transaction:
                _tell(await figures(transaction, self.world.clock.now()))
        except Exception:  # noqa: BLE001 - a registry that does not answer is itself what the scrape has to say
            _log.exception("the registry did not answer a scrape")
            _tell_nothing()


def _tell(found: Figures) -> None:
    metrics.registry_up.set(1)
    metrics.inbox_waiting.set(found.inbox_waiting)
    metrics.inbox_oldest_seconds.set(found.inbox_oldest_s)
    metrics.outbox_waiting.labels("no").set(found.outbox_waiting)
    metrics.outbox_waiting.labels("yes").set(found.outbox_urgent_waiting)
    metrics.outbox_oldest_due_seconds.set(found.outbox_oldest_due_s)
    for state, number in found.pages_open.items():
        metrics.pages_open.labels(state.value).set(number)
    metrics.page_oldest_due_seconds.set(found.page_oldest_due_s)
    metrics.checks_waiting.set(found.checks_waiting)
    metrics.checks_running.set(found.checks_running)


def _tell_nothing() -> None:
    # A figure of before would look like a queue that stands still; NaN matches no alert but the one on registry_up.
    metrics.registry_up.set(0)
    unknown = float("nan")
    for gauge in (
        metrics.inbox_waiting,
        metrics.inbox_oldest_seconds,
        metrics.outbox_oldest_due_seconds,
        metrics.page_oldest_due_seconds,
        metrics.checks_waiting,
        metrics.checks_running,
    ):
        gauge.set(unknown)
    metrics.outbox_waiting.clear()
    metrics.pages_open.clear()


def _tell_health(health: Health) -> None:
    metrics.fault.clear()
    for part in health.faults:
        metrics.fault.labels(part).set(1)
    metrics.info.labels(importlib.metadata.version("groundcrew-bot")).set(1)
