"""The messenger that orders post through: it writes the outbox, and wakes the sender once the row is committed."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

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
        self, transaction: Transaction, to: Destination, news: News, *, key: str, urgent: bool = False
    ) -> None:
        """Have *news* delivered to *to*; the same *key* at the same place later edits the message."""
        kind, body = type(news).__name__, msgspec.to_builtins(news)
        await outbox.add(transaction, to, kind, body, key=key, now=self.clock.now(), urgent=urgent)
        transaction.afterwards("nudge", self.clock.nudge)
