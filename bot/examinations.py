"""What `groundcrew doctor` looks at, one function each: git, the sandbox, the registry, advisories, Slack, outside."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot import outside
from bot.diagnosis import Finding, State
from bot.house import make_engine
from bot.manifest import SCOPES
from bot.promises import dead_man, fingerprints, people
from bot.redact import Redactor
from bot.routes.examine import routes
from bot.settings import Settings
from bot.slack import Slack
from bot.trouble import SlackTrouble
from checks.engine import SettingError, prepare_home
from checks.gather.advisories import HOW, holdings
from checks.gather.git_version import git_problem
from checks.policy import PolicyError, load
from checks.sandbox import Level, sandbox_level
from storage.database import Database, file_of, shown
from storage.errors import StorageError
from storage.migrate import try_out

_STALE = timedelta(days=14)  # advisories come out daily; those of the last weeks are the ones that are exploited
_CLOCK_OFF = timedelta(seconds=60)  # Slack's signatures would fail at 300 s


async def examine(settings: Settings, *, with_slack: bool = True) -> list[Finding]:
    """Look at everything, and return what was found in order; Slack only *with_slack*."""
    found = [await _git(), await _sandbox(), _home(settings), _policy(settings), fingerprints(settings)]
    found += [await _registry(settings), await _advisories(settings)]
    engine = make_engine(settings)
    found += [await outside.github(engine), *[one async for one in outside.indexes(engine)]]
    found += [one async for one in routes(settings)]
    found += [dead_man(settings), *people(settings)]
    if not with_slack:
        return found
    if settings.in_slack:
        found += [one async for one in _slack(settings)]
    else:
        found.append(Finding(State.WARN, "slack", "no tokens are set: the bot starts the local workspace"))
    return found


async def _git() -> Finding:
    problem = await asyncio.to_thread(git_problem)
    if problem:
        return Finding(State.FAIL, "git", problem)
    return Finding(State.OK, "git", "it has no known holes that others' code could use")


async def _sandbox() -> Finding:
    level = await asyncio.to_thread(sandbox_level)
    if level is Level.BUBBLEWRAP:
        return Finding(State.OK, "sandbox", "code is read in bubblewrap, without network")
    words = {
        Level.LANDLOCK: "code is read under Landlock and limits; install bubblewrap for more",
        Level.LIMITS: "code is read under limits of memory and time only; install bubblewrap",
    }
    return Finding(State.WARN, "sandbox", words[level])


def _home(settings: Settings) -> Finding:
    if not settings.home.exists():  # made by whoever asks, it could not be the bot's
        return Finding(State.OK, "home", f"{settings.home} is not there yet: the first start makes it")
    try:
        prepare_home(settings.home)
    except SettingError as error:
        return Finding(State.FAIL, "home", str(error))
    if settings.home.stat().st_mode & 0o077:
        return Finding(State.WARN, "home", f"others can look into {settings.home}: chmod 700 {settings.home}")
    return Finding(State.OK, "home", str(settings.home))


def _policy(settings: Settings) -> Finding:
    try:
        load(settings.policy)
    except PolicyError as error:
        return Finding(State.FAIL, "policy", str(error))
    own = settings.policy is not None
    return Finding(State.OK, "policy", "your own" if own else "the default one; GROUNDCREW_POLICY sets your own")


async def _registry(settings: Settings) -> Finding:
    file = file_of(settings.registry)
    if file is not None and not file.exists():
        return Finding(State.OK, "registry", f"{file} is not there yet: the first start makes it")
    try:
        database = await Database.open(settings.registry)
        try:
            role = await try_out(database)
        finally:
            await database.close()
    except StorageError as error:
        return Finding(State.FAIL, "registry", str(error))
    as_whom = f" as {role}" if role else ""
    return Finding(State.OK, "registry", f"{shown(settings.registry)} can be opened and written{as_whom}")


async def _advisories(settings: Settings) -> Finding:
    held = await asyncio.to_thread(holdings, settings.home)
    if held is None:
        words = f"no known vulnerabilities are here, so dependencies are not checked: {HOW}"
        return Finding(State.WARN, "advisories", words)
    newest = held.data.date
    if newest is None or datetime.now(UTC) - newest > _STALE:
        age = f"the newest is of {newest:%d %b %Y}" if newest else "none has a date"
        return Finding(State.WARN, "advisories", f"{age}: {HOW}")
    return Finding(State.OK, "advisories", f"the newest is of {newest:%d %b %Y}")


async def _slack(settings: Settings) -> AsyncIterator[Finding]:
    assert settings.bot_token is not None
    token = settings.bot_token.get_secret_value()
    async with aiohttp.ClientSession(trust_env=True) as session:
        client = AsyncWebClient(token, settings.slack_api_url, session=session, timeout=10, retry_handlers=[])
        slack = Slack(client, Redactor(settings.secrets()))
        try:
            answer = await slack.headers("auth.test")
        except SlackTrouble as trouble:
            yield Finding(State.FAIL, "slack", str(trouble))
            return
    yield Finding(State.OK, "slack", "the bot token is accepted")
    yield _scopes(answer.get("x-oauth-scopes", ""))
    yield _time(answer.get("date", ""))


def _scopes(header: str) -> Finding:
    granted = {one.strip() for one in header.split(",")}
    missing = [one for one in SCOPES if one not in granted]
    if missing:
        words = (
            f"missing: {', '.join(missing)}. Take the manifest of `groundcrew manifest` over and install the app again"
        )
        return Finding(State.FAIL, "scopes", words)
    return Finding(State.OK, "scopes", "all that are needed are granted")


def _time(header: str) -> Finding:
    try:
        off = abs(datetime.now(UTC) - parsedate_to_datetime(header))
    except ValueError:
        return Finding(State.WARN, "clock", "Slack did not say what time it is")
    if off > _CLOCK_OFF:
        words = f"this machine's clock is {off.total_seconds():.0f} s off Slack's: set it, or waits and times are wrong"
        return Finding(State.WARN, "clock", words)
    return Finding(State.OK, "clock", "it agrees with Slack's")
