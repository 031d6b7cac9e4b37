"""
The clock's order to write the newest digest of the audit log to the program's log, once a day.

The program's log is kept elsewhere, so whoever cuts off the end of the audit log, or writes it anew, is seen:
`groundcrew audit verify --head DIGEST`.
"""

from __future__ import annotations

import logging

import structlog

from commands.command import Command, Request
from commands.people import clock_only
from commands.world import World
from storage import audit_chain, marks

_log = logging.getLogger(__name__)
_MARK = "audit-head"


async def run(request: Request, world: World) -> None:
    """Write it where the day is another one, in UTC, than when it was written last."""
    clock_only(request)
    today = world.clock.now().date().isoformat()
    async with world.database.read() as transaction:
        if await marks.get(transaction, _MARK) == today:
            return
        rows, head = await audit_chain.count(transaction), await audit_chain.head(transaction)
    if not rows:
        return
    with structlog.contextvars.bound_contextvars(audit_head=head, audit_rows=rows):
        _log.info("the newest digest of the audit log")
    async with world.database.write() as transaction:
        await marks.put(transaction, _MARK, today)


command = Command("note-audit-head", run)
