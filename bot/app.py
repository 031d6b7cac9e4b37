"""
The composition root: from the settings to a bot that stands, the one place that constructs what the ports need.

    settings -> database, clock, Slack -> World -> dispatch and sender -> the front that hears Slack
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot import metrics
from bot.acquaintance import Asked, get_acquainted
from bot.answers import Answers
from bot.auditor import Auditor
from bot.clock import WallClock
from bot.dead_man import DeadMan
from bot.directory import SlackDirectory
from bot.dispatch import Dispatch
from bot.durable import Durable
from bot.front import make_front
from bot.health import Health
from bot.hearing import Hearing, make_hearing
from bot.heartbeat import this_process
from bot.house import make_house
from bot.jobs import DurableJobs
from bot.lead import Lead
from bot.messenger import OutboxMessenger
from bot.reaper import Reaper
from bot.redact import Redactor
from bot.routes.make import make_routes
from bot.sender import Sender
from bot.settings import Settings
from bot.slack import Slack
from commands.world import World
from storage import check_requests, leases, outbox_queue, processes
from storage.database import Database
from storage.errors import in_words
from storage.migrate import migrate

_log = logging.getLogger(__name__)

#: What a process does: hear and speak, make what was promised, or both. Several processes need PostgreSQL.
ROLES = ("all", "bot", "worker")


@dataclass(frozen=True, slots=True)
class Connection:
    """Which workspace the bot speaks in. *is_local* for the stand-in on this machine."""

    api_url: str
    bot_token: str
    app_token: str
    reliability_channel: str
    is_local: bool = False

    @property
    def answers_to(self) -> str:
        """Return the address under which the local workspace takes answers; Slack's own are known."""
        return self.api_url.removesuffix("api/") + "response/" if self.is_local else ""


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot that stands: its parts that run. *process_id* is another at each start; *role* is one of ROLES."""

    process_id: str
    role: str
    world: World
    clock: WallClock
    health: Health
    lead: Lead
    jobs: DurableJobs
    reaper: Reaper
    dispatch: Dispatch
    sender: Sender
    hearing: Hearing
    me: dict[str, Any]
    auditor: Auditor
    dead_man: DeadMan | None


@asynccontextmanager
async def standing(
    settings: Settings, connection: Connection, redactor: Redactor, role: str = "all"
) -> AsyncIterator[Bot]:
    """
    Make a bot, and take it down at the end. A worker neither hears nor speaks: it makes what others have promised.

    Raises WrongSettings, StorageError, or a SlackTrouble where Slack does not take the token.
    """
    async with AsyncExitStack() as stack:
        clock, health, process_id = WallClock(), Health(), secrets.token_hex(8)
        database = await Database.open(settings.registry, alone=True)
        stack.push_async_callback(database.close)
        await migrate(database)
        await _sign_on(database, clock, process_id, role)
        stack.push_async_callback(_sign_off, database, clock, process_id)
        # One session: without it the SDK opens a new connection for every call.
        session = await stack.enter_async_context(aiohttp.ClientSession(trust_env=not connection.is_local))
        client = _client(connection, session)
        slack = Slack(client, redactor, connection.answers_to)
        hears = role != "worker"
        asked = Asked(connection.reliability_channel, settings.approvers or "", connection.app_token if hears else "")
        acquaintance = await get_acquainted(slack, database, asked)
        me = acquaintance.me
        team, called = str(me["team_id"]), str(me.get("team") or "us")
        directory = SlackDirectory(slack, team)
        jobs = _jobs(settings, database, process_id, role)
        routes = make_routes(settings, session, directory)
        house = make_house(settings, acquaintance.last_resort, tuple(routes), is_local=connection.is_local)
        world = World(database, clock, OutboxMessenger(clock), directory, jobs, house)
        jobs.world = replace(world, database=database.apart("jobs"))
        dispatch = Dispatch(world, Answers(world, slack), redactor, team, called, process_id, health)
        stack.push_async_callback(dispatch.stop)
        front = make_front(client, me, dispatch, slack)
        hearing = make_hearing(settings, dispatch, front, connection.app_token, speaks=hears)
        lead = Lead(database, clock, process_id)
        metrics.lead.set_function(lambda: float(lead.is_mine))
        speaking = replace(world, database=database.apart("sender"))
        sender = Sender(speaking, clock, slack, lead, health, process_id, routes)
        reaper = Reaper(process_id, database, clock, lead, jobs)
        auditor = Auditor(world, health)
        url, every = settings.dead_man_url, settings.dead_man_every
        switch = DeadMan(url.get_secret_value(), every, world, clock, lead, health, auditor) if url else None
        await jobs.open()
        stack.push_async_callback(jobs.stop)
        parts = (dispatch, sender, hearing, me, auditor, switch)
        yield Bot(process_id, role, world, clock, health, lead, jobs, reaper, *parts)


def _client(connection: Connection, session: aiohttp.ClientSession) -> AsyncWebClient:
    return AsyncWebClient(
        token=connection.bot_token,
        base_url=connection.api_url,
        session=session,
        timeout=10,
        retry_handlers=[],  # they send again blindly, and a message would stand twice
    )


def _jobs(settings: Settings, database: Database, process_id: str, role: str) -> DurableJobs:
    at_once, works = settings.checks_at_once, role != "bot"
    durable = Durable(database, process_id, works=works, checks_at_once=at_once)
    alone = database.url.get_backend_name() == "sqlite"
    return DurableJobs(durable, process_id, at_once, works=works, alone=alone)


async def _sign_on(database: Database, clock: WallClock, process_id: str, role: str) -> None:
    """Note this process, and let go of what dead ones held where there can be no other."""
    async with database.write() as transaction:
        if database.url.get_backend_name() == "sqlite":  # which this process has to itself, see `alone`
            await processes.stop_all(transaction, clock.now())
            await leases.let_go(transaction)
            await outbox_queue.let_go(transaction)
            await check_requests.let_go(transaction)
        await processes.start(transaction, this_process(process_id, role, clock.now()))


async def _sign_off(database: Database, clock: WallClock, process_id: str) -> None:
    try:
        async with database.write() as transaction:
            await processes.stop(transaction, process_id, clock.now())
    except Exception as error:  # noqa: BLE001 - the database is away; the others see that there is no sign of life
        _log.warning("the end could not be noted: %s", in_words(error))
