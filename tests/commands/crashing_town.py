"""A town whose bot dies at the boundaries of transactions and between a post and its mark, for state machines."""

import asyncio
import contextlib
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from hypothesis.stateful import RuleBasedStateMachine, invariant
from sqlalchemy import select

from commands.command import CLOCK, Refused, Request, all_commands
from storage import inbox, outbox, outbox_queue, owners, pages, tables
from storage.database import Transaction
from storage.model import Acceptance, Incoming, Message, Page, Role, Standing, Step
from tests.left_over import undone
from tests.registries import FileRegistries, PostgresRegistries
from tests.world import APPS, CY, DEE, Town
from tests.world import town as a_town

MINUTE = timedelta(minutes=1)
_SHARED = Path("/dev/shm")  # memory, where the machine has it: a flush to the disk is not what is tested here
PAGERS = (CY, DEE)  # they own nothing, and as admins may answer


class Crash(BaseException):
    """The process dies here: nothing may catch it."""


@dataclass
class Known:
    """What the model holds of a page."""

    steps: tuple[Step, ...]
    acknowledgements: int = 0
    told_when_resolved: int | None = None


@dataclass
class KnownApp:
    """What the model holds of an app: who has each role, and whether they accepted it."""

    id: str
    owner: str
    backup: str
    accepted: bool = True  # the owner; a backup always has

    @property
    def chain(self) -> list[tuple[str, str]]:
        """Whom a page is told to that is made now, with their roles, before its channels."""
        return [("owner", self.owner), ("backup", self.backup)]


@dataclass
class Model:
    """Apps by name, and pages by what is wrong; no two pages say the same."""

    apps: dict[str, KnownApp] = field(default_factory=dict)
    pages: dict[str, Known] = field(default_factory=dict)


class CrashingTown(RuleBasedStateMachine):
    """A town whose bot is killed at any moment, and started again."""

    registries: FileRegistries | PostgresRegistries
    counted: ClassVar[Counter[str]] = Counter()  # examples, steps and crashes of this process

    def __init__(self) -> None:
        super().__init__()
        self.counted["examples"] += 1
        self.runner = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp(prefix="groundcrew-state-", dir=_SHARED if _SHARED.is_dir() else None))
        self.url = self.registries.make(self.folder)
        self.stack = AsyncExitStack()
        self.model = Model()
        self.arrived: dict[str, Standing] = {}  # by token
        self.numbers = 0
        self.town: Town | None = None
        self.do(self.start())
        self.latest = self.here.clock.time

    @invariant()
    def took_a_step(self) -> None:
        """Count it."""
        self.counted["steps"] += 1

    def do(self, what: Coroutine[Any, Any, Any]) -> Any:
        """Run *what* in the machine's own loop."""
        return self.runner.run(what)

    @property
    def here(self) -> Town:
        """The town, which stands."""
        assert self.town is not None
        return self.town

    async def start(self) -> None:
        """Start a bot; the one before it is dead, and what it held is free."""
        await self.stack.aclose()
        self.town = await self.stack.enter_async_context(
            a_town(self.folder, self.town, url=self.url, admins=frozenset(PAGERS))
        )
        async with self.here.world.database.write() as transaction:
            await outbox_queue.let_go(transaction)

    @contextlib.contextmanager
    def crashing(self, after: int) -> Any:
        """Have the process die at the so-manieth boundary of a transaction, before or after it; 0: it does not."""
        database: Any = self.here.world.database
        left = after

        def pass_boundary() -> None:
            nonlocal left
            left -= 1
            if left == 0:
                self.counted["crashes"] += 1
                raise Crash

        write = type(database).write

        @asynccontextmanager
        async def dying() -> AsyncIterator[Transaction]:
            pass_boundary()
            async with write(database) as transaction:
                yield transaction
            pass_boundary()

        if after:
            database.write = dying
        try:
            yield
        finally:
            database.__dict__.pop("write", None)

    async def take(self, key: str, by: str, typed: str, crash: int) -> None:
        """Take a command in as the front door does: kept once under its own id, then worked off."""
        world, now = self.here.world, self.here.clock.now()
        async with world.database.write() as transaction:
            new = await inbox.keep(transaction, [Incoming(key, "slash", {}, now)], {}, now)
        if key in new:
            with self.crashing(crash):
                await self.ask_to_page(key, by, typed)
            async with world.database.write() as transaction:
                await inbox.done(transaction, [key], now)

    async def ask_to_page(self, key: str, by: str, typed: str) -> None:
        """Give the order that pages, as the dispatch gives it."""
        request = Request(by, typed, channel=APPS, once=key)
        await all_commands()["page-owner"].give(request, self.here.world)

    async def take_up(self, key: str, by: str, typed: str) -> None:
        """Work off what a dead bot left in its inbox."""
        async with self.here.world.database.read() as transaction:
            left = await undone(transaction)
        if key in {one.id for one in left}:
            self.here.clock.time += MINUTE  # another process may take it up later than pages are joined
            self.latest = max(self.latest, self.here.clock.time)
            await self.ask_to_page(key, by, typed)
            async with self.here.world.database.write() as transaction:
                await inbox.done(transaction, [key], self.here.clock.now())

    async def both_answer(self, order: str, page_id: str) -> list[Any]:
        """Have two people press the same button at once."""
        asked = (self.here.ask(person, order, id=page_id) for person in PAGERS)
        both = await asyncio.gather(*asked, return_exceptions=True)
        for one in both:
            if isinstance(one, BaseException) and not isinstance(one, Refused):
                raise one
        return both

    async def happen(self) -> None:
        """Give the clock's order, and deliver."""
        await all_commands()["escalate-pages"].run(Request(CLOCK), self.here.world)
        await self.deliver()

    async def deliver(self, die_at: int = 0) -> None:
        """Send what waits as the sender does; with *die_at* die over so-manieth new message, which arrived."""
        database = self.here.world.database
        while True:
            async with database.write() as transaction:
                claimed = await outbox_queue.claim(transaction, self.here.clock.now())
            if not claimed:
                return
            for message in claimed:
                die_at -= message.stands is None
                await self.send(message, dies=die_at == 0 and message.stands is None)

    async def send(self, message: Message, *, dies: bool) -> None:
        """Send one message; what may have arrived is looked for first."""
        database, now = self.here.world.database, self.here.clock.now()
        standing = self.arrived.get(message.token)
        if standing is None or message.stands is not None:
            async with database.write() as transaction:
                mine = await outbox.handed_over(transaction, message, now, new=message.stands is None)
            assert mine
            standing = self.arrived[message.token] = self.here._post(message)
            if dies:
                self.counted["crashes"] += 1
                raise Crash
        async with database.write() as transaction:
            await outbox.mark_sent(transaction, message, standing, now)

    async def owner_of(self, app_id: str) -> tuple[str, bool]:
        """Return who owns the app or is asked to, and whether they accepted it."""
        async with self.here.world.database.read() as transaction:
            (owner,) = [one for one in await owners.of_app(transaction, app_id) if one.role is Role.OWNER]
        return owner.person, owner.acceptance is Acceptance.ACCEPTED

    async def all_pages(self) -> list[Page]:
        """Return every page of the registry."""
        async with self.here.world.database.read() as transaction:
            ids = (await transaction.connection.execute(select(tables.pages.c.id))).scalars().all()
            found = [await pages.get(transaction, page_id) for page_id in ids]
        return [page for page in found if page is not None]
