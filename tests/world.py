"""
A world whose clock can be pushed: a real registry in a file, the real outbox and checks, and stand-ins at the ports.

Five people: Ann and Bo build apps, Cy is a colleague, Dee is an admin, Eve is a guest. Cy and Dee are the
user group @sre. The bot is in #apps and
#reliability, and not in #quiet. What the outbox sends arrives in `chat`, where the same message is edited in place.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from bot.messenger import OutboxMessenger
from checks.engine import Engine, Limits
from commands.command import CLOCK, Request, all_commands
from commands.news import KINDS, Checked, Unchanged
from commands.world import House, Person, World
from storage import outbox, outbox_queue
from storage.database import Database
from storage.migrate import migrate
from storage.model import Destination, Message, Standing

ANN, BO, CY, DEE, EVE = "UANN", "UBO", "UCY", "UDEE", "UEVE"
APPS, RELIABILITY, QUIET = "CAPPS", "CRELIABILITY", "CQUIET"
SRE = "SSRE"
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

_PEOPLE = {
    ANN: Person(ANN, "Ann", "ann", "ann@acme.example"),
    BO: Person(BO, "Bo", "bo", "bo@acme.example"),
    CY: Person(CY, "Cy", "cy", "cy@acme.example"),
    DEE: Person(DEE, "Dee", "dee", "dee@acme.example", is_admin=True),
    EVE: Person(EVE, "Eve", "eve", "eve@elsewhere.example", is_guest=True),
}
_CHANNELS = {APPS: "apps", RELIABILITY: "reliability", QUIET: "quiet"}
_NUMBERS = count(1)
News = TypeVar("News")


class PushedClock:
    """A clock that stands until it is pushed."""

    def __init__(self) -> None:
        self.time = MONDAY
        self.nudges = 0

    def now(self) -> datetime:
        """Return the time to which it was pushed."""
        return self.time

    def nudge(self) -> None:
        """Count the nudge: a test gives the clock's orders itself."""
        self.nudges += 1


@dataclass
class Phonebook:
    """The people and channels of the workspace; tests deactivate people and take the bot out of channels."""

    people: dict[str, Person] = field(default_factory=lambda: dict(_PEOPLE))
    joined: set[str] = field(default_factory=lambda: {APPS, RELIABILITY})
    is_away: bool = False  # Slack does not answer whoever asks
    groups: dict[str, tuple[str, ...]] = field(default_factory=lambda: {SRE: (CY, DEE)})

    async def person(self, person_id: str) -> Person | None:
        """Return the person with this id."""
        self._answer()
        return self.people.get(person_id)

    async def acting(self, person_id: str) -> Person | None:
        """Return the person with this id."""
        return await self.person(person_id)

    async def find_person(self, text: str) -> Person | None:
        """Find by `<@U1|ann>`, `@ann`, id or e-mail address."""
        self._answer()
        word = text.strip("<>@").partition("|")[0]
        found = [one for one in self.people.values() if word in {one.id, one.handle, one.email}]
        return found[0] if len(found) == 1 else None

    async def channel_name(self, channel_id: str) -> str | None:
        """Return the name of a channel the bot is in."""
        self._answer()
        return _CHANNELS.get(channel_id)

    async def find_channel(self, text: str) -> str | None:
        """Find by `<#C1|apps>`, `#apps` or id."""
        self._answer()
        word = text.strip("<>#").partition("|")[0]
        return next((one for one, name in _CHANNELS.items() if word in {one, name}), None)

    async def is_member(self, channel_id: str) -> bool:
        """Whether the bot is in the channel."""
        self._answer()
        return channel_id in self.joined

    async def find_group(self, text: str) -> str | None:
        """Find by `<!subteam^S1|sre>`, `@sre` or id."""
        self._answer()
        word = text.strip("<>!@").removeprefix("subteam^").partition("|")[0]
        return SRE if word in {SRE, "sre"} else None

    async def group_members(self, group_id: str) -> tuple[str, ...]:
        """Return the members of a group."""
        self._answer()
        return self.groups.get(group_id, ())

    def _answer(self) -> None:
        if self.is_away:
            raise TimeoutError

    def deactivate(self, person_id: str) -> None:
        """Have a person leave the company."""
        self.people[person_id] = replace(self.people[person_id], is_gone=True)


@dataclass
class Jobs:
    """Work that waits until the test has it done."""

    waiting: list[tuple[str, str]] = field(default_factory=list)

    async def start(self, order: str, row_id: str) -> None:
        """Remember the work; twice for the same row is once."""
        if (order, row_id) not in self.waiting:
            self.waiting.append((order, row_id))


@dataclass
class Posted:
    """One message as it stands in the chat: where, what it says now, and what it said before."""

    place: str  # a person's or channel's id
    thread: str | None
    ts: str
    news: Any
    before: list[Any] = field(default_factory=list)
    route: str = ""  # a second route; empty for Slack


@dataclass
class Town:
    """A world and everything around it that a story needs."""

    world: World
    clock: PushedClock
    people: Phonebook
    jobs: Jobs
    chat: list[Posted]
    closed: dict[str, str] = field(default_factory=dict)  # why Slack refuses messages to a person or channel
    is_away: bool = False  # Slack does not answer

    async def ask(self, person: str, order: str, text: str = "", /, *, at: str | None = APPS, **fields: str) -> Any:
        """Have *person* type a command, press a button (id=...) or submit a form (its fields); return the answer."""
        return await all_commands()[order].give(Request(person, text, fields, at), self.world)

    async def press(self, person: str, order: str, value: str, channel: str, message: str) -> Any:
        """Have *person* press a button of the message at *message* in *channel*; return the answer."""
        request = Request(person, fields={"id": value}, channel=channel, message=message)
        return await all_commands()[order].give(request, self.world)

    def limit(self, limits: Limits) -> None:
        """Have checks read no more than *limits*."""
        engine = replace(self.world.house.engine, limits=limits)
        self.world = replace(self.world, house=replace(self.world.house, engine=engine))

    async def tick(self) -> None:
        """Give the clock's orders, do the work that waits, and deliver what is to be said, until all is quiet."""
        for order in (
            "escalate-pages",
            "reroute-pages",
            "learn-addresses",
            "recheck-apps",
            "match-advisories",
            "tidy-registry",
            "fetch-schedules",
            "note-audit-head",
        ):
            await all_commands()[order].run(Request(CLOCK), self.world)
        while self.jobs.waiting:
            order, row_id = self.jobs.waiting.pop(0)
            await all_commands()[order].run(Request(CLOCK, fields={"id": row_id}), self.world)
        await self.deliver()

    async def push(self, **time: float) -> None:
        """Let time pass, and let happen what then happens."""
        self.clock.time += timedelta(**time)
        await self.tick()

    async def deliver(self) -> None:
        """Send what waits in the outbox."""
        while True:
            async with self.world.database.write() as transaction:
                messages = await outbox_queue.claim(transaction, self.clock.now())
            if not messages:
                return
            for message in messages:
                await self._deliver(message)

    async def _deliver(self, message: Message) -> None:
        now, place = self.clock.now(), message.to.person or message.to.channel or ""
        if message.to.route == "" and self.is_away:
            async with self.world.database.write() as transaction:
                again_at = now + timedelta(seconds=5)
                await outbox.retry(transaction, message, again_at, "no answer", in_doubt=False)
        elif message.to.route == "" and place in self.closed:
            async with self.world.database.write() as transaction:
                await outbox.give_up(transaction, message, now, "cannot")
            fields = {"id": str(message.id), "why": self.closed[place]}
            await all_commands()["note-unreached"].run(Request(CLOCK, fields=fields), self.world)
        else:
            standing = self._post(message)
            async with self.world.database.write() as transaction:
                await outbox.mark_sent(transaction, message, standing, now)

    def _post(self, message: Message) -> Standing:
        news: Any = msgspec.convert(message.news, KINDS[message.kind])
        if message.stands is not None:
            posted = next(one for one in self.chat if one.ts == message.stands.ts)
            posted.before.append(posted.news)
            posted.news = news
            return message.stands
        place = message.to.person or message.to.channel or message.to.route
        assert place
        ts = f"{next(_NUMBERS)}.0"
        self.chat.append(Posted(place, message.to.thread, ts, news, route=message.to.route))
        return Standing(place, ts)

    def said(self, kind: type[News], place: str | None = None, *, in_thread: bool | None = None) -> list[News]:
        """Return what stands in the chat now of this *kind*, at *place* where given, oldest first."""
        return [
            one.news
            for one in self.chat
            if isinstance(one.news, kind) and place in {None, one.place} and in_thread in {None, one.thread is not None}
        ]

    def verdicts(self, place: str | None = None) -> list[Checked | Unchanged]:
        """Return the verdicts that stand in the chat now, at *place* where given: whole, or that nothing changed."""
        return [
            one.news for one in self.chat if isinstance(one.news, Checked | Unchanged) and place in {None, one.place}
        ]


@asynccontextmanager
async def town(folder: Path, before: Town | None = None, *, url: str = "", **house: Any) -> AsyncIterator[Town]:
    """
    Give a town with its registry in *folder*, or at *url*.

    With the town *before*, its bot was killed and is started again.
    """
    database = await Database.open(url or f"sqlite+aiosqlite:///{folder}/registry.db")
    await migrate(database)
    clock, people, chat = (before.clock, before.people, before.chat) if before else (PushedClock(), Phonebook(), [])
    jobs = Jobs()
    settings = House(RELIABILITY, Engine(folder / "home"), **{"local_folders": (Path("/"),), **house})
    world = World(database, clock, OutboxMessenger(clock), people, jobs, settings)
    try:
        yield Town(world, clock, people, jobs, chat)
    finally:
        await database.close()


def direct(person: str) -> Destination:
    """Name the direct conversation with a person."""
    return Destination(person=person)
