"""The messenger that orders post through: it writes the outbox, and wakes the sender once the row is committed."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from bot import log, metrics
from commands.news import News
from commands.world import Clock
from storage import outbox
from storage.database import Transaction
from storage.model import Destination


@dataclass(frozen=True, slots=True)
class OutboxMessenger:
    """Keeps news in the outbox."""

    clock: Clock

    async def post(
        self,
        transaction: Transaction,
        to: Destination,
        news: News,
        *,
        key: str,
        urgent: bool = False,
        told: tuple[str, int] | None = None,
    ) -> None:
        """
        Have *news* delivered to *to*; the same *key* at the same place later edits the message.

        *told* is the entry (page, number) of a page's log that it delivers.
        """
        await outbox.add(
            transaction,
            to,
            type(news).__name__,
            msgspec.to_builtins(news),
            key=key,
            now=self.clock.now(),
            urgent=urgent,
            told=told,
            request_id=log.request_id(),
        )
        if told is not None and urgent and not to.route:  # an edit of a step that went out is not urgent
            transaction.afterwards(f"count {told}", metrics.escalations.inc)
        transaction.afterwards("nudge", self.clock.nudge)
