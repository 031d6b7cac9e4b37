"""
The composition root: from the settings to a bot that stands, the one place that constructs what the ports need.

    settings -> database, clock, Slack -> World -> dispatch and sender -> the front that hears Slack
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
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
from bot.jobs import DurableJobs
from bot.lead import Lead
from bot.messenger import OutboxMessenger
from bot.reaper import Reaper
from bot.redact import Redactor
from bot.routes.make import make_routes
from bot.sender import Sender
from bot.settings import Settings
from bot.slack import Slack
from checks.engine import Engine, host_of_api, index_address, probe_ports
from commands.world import House, World
from storage import check_requests, leases, outbox_queue, processes
from storage.database import Database
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
        client = AsyncWebClient(
            token=connection.bot_token,
            base_url=connection.api_url,
            session=session,
            timeout=10,
            retry_handlers=[],  # they send again blindly, and a message would stand twice
        )
        slack = Slack(client, redactor, connection.answers_to)
        hears = role != "worker"
        asked = Asked(connection.reliability_channel, settings.approvers or "", connection.app_token if hears else "")
        acquaintance = await get_acquainted(slack, database, asked)
        me = acquaintance.me
        team, called = str(me["team_id"]), str(me.get("team") or "us")
        directory = SlackDirectory(slack, team)
        jobs = _jobs(settings, database, process_id, role)
        routes = make_routes(settings, session, directory)
        house = _house(settings, connection, acquaintance.last_resort, tuple(routes))
        world = World(database, clock, OutboxMessenger(clock), directory, jobs, house)
        jobs.world = world
        dispatch = Dispatch(world, Answers(world, slack), redactor, team, called, process_id, health)
        stack.push_async_callback(dispatch.stop)
        front = make_front(client, me, dispatch, slack)
        hearing = make_hearing(settings, dispatch, front, connection.app_token, speaks=hears)
        lead = Lead(database, clock, process_id)
        metrics.lead.set_function(lambda: float(lead.is_mine))
        sender = Sender(world, clock, slack, lead, health, process_id, routes)
        reaper = Reaper(process_id, database, clock, lead, jobs)
        auditor = Auditor(world, health)
        url, every = settings.dead_man_url, settings.dead_man_every
        switch = DeadMan(url.get_secret_value(), every, world, clock, lead, health, auditor) if url else None
        await jobs.open()
        stack.push_async_callback(jobs.stop)
        parts = (dispatch, sender, hearing, me, auditor, switch)
        yield Bot(process_id, role, world, clock, health, lead, jobs, reaper, *parts)


def make_engine(settings: Settings) -> Engine:
    """Return what the checks need of the settings."""
    token, key = settings.github_token, settings.fingerprint_key
    return Engine(
        home=settings.home,
        hosts=settings.code_hosts,
        token=token.get_secret_value() if token else None,
        token_host=host_of_api(settings.github_api),
        github_api=settings.github_api,
        policy=settings.policy,
        fingerprint_key=key.get_secret_value() if key else None,
        ca_file=settings.git_ca_file,
        allow_cidrs=settings.git_allow_cidrs,
        probe_ports=probe_ports(settings.probe_ports),
        probe_cidrs=settings.allow_probe_cidrs,
        pypi_index=index_address("GROUNDCREW_PYPI_INDEX", settings.pypi_index),
        npm_registry=index_address("GROUNDCREW_NPM_REGISTRY", settings.npm_registry),
        advisories_max_age=settings.advisories_max_age,
    )


def _house(settings: Settings, connection: Connection, last_resort: str, routes: tuple[str, ...]) -> House:
    local = (Path.cwd(), settings.home / "examples", *settings.local_folders)
    return House(
        reliability_channel=last_resort,
        engine=make_engine(settings),
        admins=settings.admins,
        approvers=settings.approvers or "",
        escalation=settings.escalation,
        owner_wait=settings.owner_wait,
        backup_wait=settings.backup_wait,
        channel_wait=settings.channel_wait,
        group_wait=settings.group_wait,
        repeat_every=settings.repeat_every,
        ack_stale=settings.ack_stale,
        second_route_after=settings.second_route_after,
        pages_per_hour=settings.pages_per_hour,
        look_every=settings.look_every,
        check_every=settings.check_every,
        checks_at_once=settings.checks_at_once,
        keep_messages=settings.keep_messages,
        keep_reports=settings.keep_reports,
        keep_pages=settings.keep_pages,
        local_folders=local if connection.is_local else (),
        own_domains=settings.own_domains,
        second_routes=routes,
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
        _log.warning("the end could not be noted: %s", type(error).__name__)
