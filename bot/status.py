"""What the listener says of this process: whether it is well, whether it can be given work, and what it counts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from bot.health import Health
from bot.lead import NAME
from bot.metrics_scrape import Scrape
from storage import leases
from storage.database import Database

_PATIENCE_S = 2.0  # whoever probes us gives up after a few seconds


@dataclass(frozen=True, slots=True)
class Status:
    """Answers for the process that *health* is about. *hears* says whether it hears Slack, in its own way."""

    health: Health
    database: Database
    scrape: Scrape
    hears: Callable[[], bool]

    async def healthz(self, request: web.Request) -> web.Response:
        """Answer with a sentence for each part that does not work; bad, a 503, only where a restart could mend one."""
        del request
        return _said(dict(sorted(self.health.faults.items())), is_bad=bool(self.health.stuck()))

    async def readyz(self, request: web.Request) -> web.Response:
        """Answer 200 where the registry answers, Slack is heard and some process leads; else 503, with what lacks."""
        del request
        faults = {} if self.hears() else {"ears": "Slack is not heard."}
        try:
            async with asyncio.timeout(_PATIENCE_S), self.database.read() as transaction:
                lease = await leases.get(transaction, NAME)
        except Exception:  # noqa: BLE001 - whatever it is, the answer is that it does not answer
            faults["registry"] = "The registry does not answer."
        else:
            if lease is None or lease.holder is None:
                faults["lead"] = "No process leads yet."
        return _said(faults, is_bad=bool(faults))

    async def metrics(self, request: web.Request) -> web.Response:
        """Answer with every metric, in Prometheus' text form."""
        del request
        body, kind = await self.scrape.answer()
        return web.Response(body=body, headers={"Content-Type": kind})


def _said(faults: dict[str, str], *, is_bad: bool) -> web.Response:
    word = "bad" if is_bad else "degraded" if faults else "good"
    body = {"status": word, "faults": faults}
    return web.json_response(body, status=503 if is_bad else 200, headers={"Cache-Control": "no-store"})
