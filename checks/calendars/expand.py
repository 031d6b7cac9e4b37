"""Lists the events of an iCalendar, in a process of its own that is ended when it takes too long."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import msgspec

from checks.calendars.exchange import Answer, Asked, Event, Unreadable
from checks.sandbox import sandbox_level, worker

#: How far ahead events are known; every reading moves it on.
AHEAD = timedelta(days=14)
_BEHIND = timedelta(hours=1)
_SECONDS = 20.0
_LARGEST = 4 * 1024 * 1024  # bytes of an answer


async def expand(text: str, now: datetime, seconds: float = _SECONDS) -> tuple[Event, ...]:
    """Return the events around *now*; raises Unreadable with the end of a sentence about the calendar."""
    asked = msgspec.json.encode(Asked(text, now - _BEHIND, now + AHEAD))
    try:
        async with asyncio.timeout(seconds), worker(sandbox_level(), "checks.calendars.child") as process:
            printed, _ = await process.communicate(asked)
    except (TimeoutError, OSError):
        raise Unreadable(f"it takes more than {seconds:.0f} s to read") from None
    try:
        answer = msgspec.json.decode(printed[:_LARGEST], type=Answer)
    except msgspec.DecodeError:
        raise Unreadable("reading it broke off") from None
    if answer.trouble:
        raise Unreadable(answer.trouble)
    return answer.events
