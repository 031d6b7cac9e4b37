"""
A directory that always answers soon: paging must never depend on whether Slack's Web API answers.

What cannot be asked is assumed in favour of telling somebody: the person is still here, the channel can be reached.
Only orders that page use it; rights over other things are never assumed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from dataclasses import replace
from typing import TypeVar

from commands.world import Directory, Person, World
from storage import addresses
from storage.database import Database

_log = logging.getLogger(__name__)

#: Longer than Slack needs on a bad day, and short beside the wait of any step.
PATIENCE_S = 3.0
Answer = TypeVar("Answer")


class SteadyDirectory:
    """
    Asks *directory*, for one order: once it did not answer, nothing more is asked.

    Addresses are then as *database* knows them.
    """

    def __init__(self, directory: Directory, database: Database, patience_s: float = PATIENCE_S) -> None:
        self._directory = directory
        self._database = database
        self._patience_s = patience_s
        self.is_away = False

    async def asked(self, question: Awaitable[Answer], otherwise: Answer) -> Answer:
        """Return the answer to *question*; *otherwise* where it raises, takes too long, or one before did."""
        if self.is_away:
            if asyncio.iscoroutine(question):
                question.close()
            return otherwise
        try:
            async with asyncio.timeout(self._patience_s):
                return await question
        except Exception as error:  # noqa: BLE001 - whatever it is must not keep a page from going out
            _log.warning("Slack cannot be asked (%s); paging goes on from what is known", type(error).__name__)
            self.is_away = True
            return otherwise

    async def person(self, person_id: str) -> Person | None:
        """Return the person; where Slack is away somebody of whom the id and perhaps the address are known."""
        return await self._known(person_id, self._directory.person(person_id))

    async def acting(self, person_id: str) -> Person | None:
        """Return the person who acts; where Slack is away as `person` does."""
        return await self._known(person_id, self._directory.acting(person_id))

    async def _known(self, person_id: str, question: Awaitable[Person | None]) -> Person | None:
        unknown = Person(person_id, person_id)
        found = await self.asked(question, unknown)
        if found is not unknown:
            return found
        async with self._database.read() as transaction:
            return replace(unknown, email=await addresses.known(transaction, person_id))

    async def find_person(self, text: str) -> Person | None:
        """Return whom *text* means; None also where Slack is away."""
        return await self.asked(self._directory.find_person(text), None)

    async def channel_name(self, channel_id: str) -> str | None:
        """Return the channel's name; None also where Slack is away."""
        return await self.asked(self._directory.channel_name(channel_id), None)

    async def find_channel(self, text: str) -> str | None:
        """Return the channel's id; None also where Slack is away."""
        return await self.asked(self._directory.find_channel(text), None)

    async def is_member(self, channel_id: str) -> bool:
        """Whether the bot is in the channel; where Slack is away it may be."""
        return await self.asked(self._directory.is_member(channel_id), otherwise=True)

    async def find_group(self, text: str) -> str | None:
        """Return the group's id; None also where Slack is away."""
        return await self.asked(self._directory.find_group(text), None)

    async def group_members(self, group_id: str) -> tuple[str, ...]:
        """Return the group's people; nobody also where Slack is away."""
        return await self.asked(self._directory.group_members(group_id), ())


def steady(world: World) -> tuple[World, SteadyDirectory]:
    """Return *world* with a directory that always answers, and that directory."""
    known = world.directory
    directory = known if isinstance(known, SteadyDirectory) else SteadyDirectory(known, world.database)
    return replace(world, directory=directory), directory
