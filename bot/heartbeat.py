"""The signs of life of this process: a row that others read, from its start to its end."""

from __future__ import annotations

import asyncio
import importlib.metadata
import logging
import os
import socket
from datetime import datetime

from commands.world import Clock
from storage import processes
from storage.database import Database
from storage.errors import in_words
from storage.model import Process

_log = logging.getLogger(__name__)
_BEAT_S = 2.0


def this_process(process_id: str, role: str, now: datetime) -> Process:
    """Describe this process, which goes by *process_id* and does what *role* says."""
    version = importlib.metadata.version("groundcrew-bot")
    return Process(process_id, role, socket.gethostname()[:255], os.getpid(), version, now, now)


async def keep_beating(database: Database, clock: Clock, process_id: str, role: str) -> None:
    """Give a sign of life every two seconds until cancelled."""
    while True:
        await asyncio.sleep(_BEAT_S)
        try:
            async with database.write() as transaction:
                now = clock.now()
                if not await processes.beat(transaction, process_id, now):  # it slept for days
                    await processes.start(transaction, this_process(process_id, role, now))
        except Exception as error:  # noqa: BLE001 - the database is away; whoever sees us silent takes our work up
            _log.warning("no sign of life could be given: %s", in_words(error))
