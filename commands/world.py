"""The world an order acts in: the registry, the clock, and the ports to people and to heavy work. Fakes stand here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from checks.engine import Engine
from checks.gather.live import Network
from commands.news import News
from storage.database import Database, Transaction
from storage.model import Destination


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the workspace, as Slack knows them now."""

    id: str
    name: str
    handle: str = ""
    email: str = ""
    is_admin: bool = False
    is_bot: bool = False
    is_guest: bool = False
    is_gone: bool = False  # deactivated
    is_outsider: bool = False  # of another workspace, through a shared channel


class Clock(Protocol):
    """The time, and a nudge that wakes whatever waits for the next due row."""

    def now(self) -> datetime:
        """Return the time, aware UTC."""

    def nudge(self) -> None:
        """Have due rows looked at now rather than at the next tick."""


class Messenger(Protocol):
    """The only way to say something unasked: a row of the outbox in the transaction of its cause."""

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


class Directory(Protocol):
    """People and channels of the workspace."""

    async def person(self, person_id: str) -> Person | None:
        """Return the person with this id, or None."""

    async def acting(self, person_id: str) -> Person | None:
        """Return the person with this id, who acts, as they are at this moment; or None."""

    async def find_person(self, text: str) -> Person | None:
        """Return whom *text* means: `<@U1|ann>`, `@ann`, an id or an e-mail address; None where nobody or several."""

    async def channel_name(self, channel_id: str) -> str | None:
        """Return the channel's name without #, or None where the bot cannot see it."""

    async def find_channel(self, text: str) -> str | None:
        """Return the id of the channel that *text* means: `<#C1|apps>`, `#apps` or an id; or None."""

    async def is_member(self, channel_id: str) -> bool:
        """Whether the bot is in the channel."""

    async def find_group(self, text: str) -> str | None:
        """Return the id of the user group that *text* means: `<!subteam^S1|sre>`, `@sre` or an id; or None."""

    async def group_members(self, group_id: str) -> tuple[str, ...]:
        """Return the ids of the people in a user group, in Slack's order; empty where there is no such group."""


class Jobs(Protocol):
    """Heavy work apart from the answer: an order, which a process that works gives itself, and which no stop ends."""

    async def start(self, order: str, row_id: str) -> None:
        """
        Have *order* given soon, for what *row_id* names; twice for the same has one effect.

        An empty *row_id* is a round that is made again and again: no second one waits beside the first. What cannot be
        started now is logged; its row, or the clock, brings it back.
        """


@dataclass(frozen=True, slots=True)
class House:
    """What the settings say that orders need."""

    reliability_channel: str
    engine: Engine
    admins: frozenset[str] = frozenset()
    approvers: str = ""  # the user group, by its handle or id; empty: nobody is an approver
    escalation: tuple[str, ...] = ("owner", "backup", "channel", "reliability")
    owner_wait: timedelta = timedelta(minutes=5)
    backup_wait: timedelta = timedelta(minutes=5)
    channel_wait: timedelta = timedelta(minutes=10)
    group_wait: timedelta = timedelta(minutes=5)
    repeat_every: timedelta = timedelta(minutes=10)
    ack_stale: timedelta = timedelta(minutes=30)
    second_route_after: timedelta = timedelta(minutes=2)
    pages_per_hour: int = 20
    look_every: timedelta = timedelta(minutes=10)
    check_every: timedelta = timedelta(hours=24)
    checks_at_once: int = 2  # in each process that works
    keep_messages: timedelta = timedelta(days=30)
    keep_reports: timedelta = timedelta(days=180)
    keep_pages: timedelta = timedelta(days=400)
    local_folders: tuple[Path, ...] = ()  # below these, local mode may check folders of this machine
    own_domains: tuple[str, ...] = ()  # whose live apps may be asked without an admin's leave
    second_routes: tuple[str, ...] = ()  # those that are set up: email, webhook, pagerduty
    network: Network = field(default_factory=Network)  # in which calendars are asked for; tests have one of their own


@dataclass(frozen=True, slots=True)
class World:
    """Everything an order may touch."""

    database: Database
    clock: Clock
    messenger: Messenger
    directory: Directory
    jobs: Jobs
    house: House
