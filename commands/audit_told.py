"""
What the auditor found, told once in the reliability channel: a message for each kind of fault, edited until it is over.

Several processes audit: a mark in the registry says what was told already.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from commands.moments import clock_time
from commands.news import Said
from commands.world import World
from storage import marks
from storage.database import Transaction
from storage.model import Destination

_LISTED = 10  # faults in a message; the others are counted
_KEPT = 200


async def tell(world: World, found: Mapping[str, tuple[str, Mapping[str, str]]]) -> None:
    """Tell what is *found*, by kind: a heading, and the words of each fault by its key. No faults end what was told."""
    async with world.database.read() as transaction:
        known = {kind: await marks.get(transaction, _mark(kind)) for kind in found}
    for kind, (heading, faults) in found.items():
        if faults or known[kind] is not None:
            async with world.database.write() as transaction:
                await _tell(transaction, world, kind, heading, faults)


async def _tell(transaction: Transaction, world: World, kind: str, heading: str, faults: Mapping[str, str]) -> None:
    now = world.clock.now()
    written = await marks.get(transaction, _mark(kind), lock=True)
    if written is None:
        if faults:
            episode: dict[str, Any] = {"since": now.isoformat(), "faults": dict(faults)}
            if await marks.put_first(transaction, _mark(kind), json.dumps(episode)):
                await _post(transaction, world, kind, episode["since"], _text(heading, episode))
        return
    episode = json.loads(written)
    if not faults:
        await marks.drop(transaction, _mark(kind))
        await _post(transaction, world, kind, episode["since"], _text(heading, episode, over_at=now))
        return
    new = {key: words for key, words in faults.items() if key not in episode["faults"]}
    if new and len(episode["faults"]) < _KEPT:
        episode["faults"] |= new
        await marks.put(transaction, _mark(kind), json.dumps(episode))
        await _post(transaction, world, kind, episode["since"], _text(heading, episode))


async def _post(transaction: Transaction, world: World, kind: str, since: str, text: str) -> None:
    key = f"audit:{kind}:{datetime.fromisoformat(since).timestamp():.0f}"
    to = Destination(channel=world.house.reliability_channel)
    await world.messenger.post(transaction, to, Said(text), key=key)


def _text(heading: str, episode: Mapping[str, Any], over_at: datetime | None = None) -> str:
    lines = list(episode["faults"].values())
    text = [heading, *(f"• {line}" for line in lines[:_LISTED])]
    if len(lines) > _LISTED:
        text.append(f"and {len(lines) - _LISTED} more")
    if over_at:
        since = clock_time(datetime.fromisoformat(episode["since"]), over_at)
        text.append(f"Seen from {since} on; all is well since {clock_time(over_at, over_at)}.")
    return "\n".join(text)


def _mark(kind: str) -> str:
    return f"audit:{kind}"
