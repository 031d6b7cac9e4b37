"""
`groundcrew run`: start the bot, in Slack where its tokens are set, else in the local workspace.

It ends cleanly on Ctrl-C and SIGTERM. Whatever it promised stands in the registry, so it may also end in any other way.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import os
import resource
import signal
import sys
from collections.abc import Coroutine, Iterator
from typing import Any

from bot import advisories, local_examples, local_workspace, log, supervisor, tracing
from bot.app import ROLES, Bot, Connection, standing
from bot.at_work import at_work
from bot.heaps import share_heaps
from bot.redact import Redactor
from bot.settings import Settings
from bot.settings_load import WrongSettings, load
from bot.trouble import Later, SlackTrouble
from checks import policy
from checks.engine import SettingError, prepare_home
from checks.gather.advisories_osv import DEFAULT
from checks.gather.git_version import git_problem
from storage.errors import StorageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the role of this process; everything else is set by the environment (docs/settings.md)."""
    parser.add_argument(
        "--role",
        choices=ROLES,
        default=ROLES[0],
        help="what this process does: hear and speak (bot), make checks (worker), or all; several need PostgreSQL",
    )


def main(arguments: argparse.Namespace) -> int:
    """Run the bot until it is stopped; return 1, with the reasons printed, where it cannot start or go on."""
    # A core dump of the bot would hold its tokens.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o077)
    share_heaps()
    try:
        settings = load(os.environ)
        return asyncio.run(_run(settings, arguments.role))
    except asyncio.CancelledError:
        print("Groundcrew stops. It had not started.", flush=True)
        return 0
    except WrongSettings as wrong:
        reasons = wrong.faults
    except Later as trouble:
        reasons = [f"Slack cannot be reached ({trouble.error}). Look at this machine's network, and start again."]
    except (StorageError, SettingError, local_workspace.NotStarted, SlackTrouble) as trouble:
        reasons = [str(trouble)]
    except Exception:
        logging.getLogger(__name__).exception("the bot ended by a fault of its own")
        return 1
    print("Groundcrew cannot start:" if len(reasons) > 1 else "Groundcrew cannot start.", file=sys.stderr)
    for reason in reasons:
        print(f"- {reason}", file=sys.stderr)
    return 1


async def _run(settings: Settings, role: str) -> int:
    redactor = Redactor(settings.secrets())
    log.set_up(settings.log_level, redactor, settings.log_format)
    tracing.set_up(os.environ)
    await asyncio.to_thread(_look_first, settings, role)
    prepare_home(settings.home)
    stop = asyncio.Event()
    starting = asyncio.current_task()
    assert starting is not None
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, starting.cancel)  # which may wait for Slack
    connection = _to_slack(settings) if settings.in_slack else await _to_local(settings)
    try:
        async with standing(settings, connection, redactor, role) as bot:
            for number in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(number, stop.set)
            _spare_the_collector()
            async with at_work(bot, *_more(settings, role)):
                _say_where(settings, connection, bot)
                await stop.wait()
            print("Groundcrew stops. What it promised it goes on with at the next start.", flush=True)
    except* (SlackTrouble, WrongSettings) as troubles:
        raise troubles.exceptions[0] from None
    finally:
        await asyncio.to_thread(tracing.end)
    return 0


def _more(settings: Settings, role: str) -> Iterator[Coroutine[Any, Any, None]]:
    """Yield what runs beside the bot: whoever makes checks keeps the advisories that they need."""
    yield supervisor.keep_telling(os.environ)
    if role != "bot":
        yield advisories.keep_fresh(_source(settings), settings.home)


def _spare_the_collector() -> None:
    """Have the garbage collector leave alone what stands now, some 600,000 objects: a third of each command's cost."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _look_first(settings: Settings, role: str) -> None:
    """Refuse a start after which no check could be made: raises WrongSettings with a sentence for each cause."""
    faults = []
    if role != ROLES[0] and not settings.registry.startswith("postgresql"):
        faults.append(
            f"--role {role} needs PostgreSQL (GROUNDCREW_DATABASE_URL=postgresql+psycopg://...): a registry in a "
            "SQLite file has one process, which does everything. Start it without --role."
        )
    if role == "worker" and not settings.in_slack and not (settings.home / "workspace").is_dir():
        faults.append(
            "--role worker needs the settings of the bot that it works for, Slack's tokens too (SLACK_BOT_TOKEN and "
            "the rest). Without Slack all processes share one home: start `groundcrew run --role bot` there first."
        )
    problem = git_problem()
    if problem:
        faults.append(problem)
    try:
        policy.load(settings.policy)
    except policy.PolicyError as error:
        faults += [f"GROUNDCREW_POLICY cannot be used: {fault}" for fault in error.faults]
    if faults:
        raise WrongSettings(faults)


def _source(settings: Settings) -> str | None:
    """Return where known vulnerabilities are fetched from; a first try on this machine fetches nothing unasked."""
    return settings.advisories_url or (DEFAULT if settings.in_slack else None)


def _to_slack(settings: Settings) -> Connection:
    assert settings.bot_token is not None
    return Connection(
        settings.slack_api_url,
        settings.bot_token.get_secret_value(),
        settings.app_token.get_secret_value() if settings.app_token else "",
        settings.reliability_channel or "",
    )


async def _to_local(settings: Settings) -> Connection:
    try:
        offers = local_examples.prepare(settings.home)
        address = await local_workspace.ensure(settings.home, settings.local_port, offers)
        known = await advisories.first_try(settings.home)
    except OSError as error:
        mend = "Make room on its disk, make it writable, or set GROUNDCREW_HOME to another folder."
        raise SettingError(f"The folder {settings.home} cannot be written: {error.strerror}. {mend}") from None
    if known:
        print(known, flush=True)
    channel = settings.reliability_channel or local_workspace.RELIABILITY_CHANNEL
    return Connection(f"{address}/api/", local_workspace.BOT_TOKEN, local_workspace.APP_TOKEN, channel, is_local=True)


def _say_where(settings: Settings, connection: Connection, bot: Bot) -> None:
    if bot.role == "worker":
        print("Groundcrew makes checks here. It is heard and answered by another process.", flush=True)
        return
    if not connection.is_local:
        print(f"Groundcrew runs in the Slack workspace {bot.me.get('team', '')}. Type /apps there.", flush=True)
        return
    page = connection.api_url.removesuffix("api/")
    print(
        f"""
Groundcrew runs in a local workspace, a stand-in for Slack on this machine:

    {page}

Open it, and try what it offers. Everything is kept in {settings.home}.

To use your own Slack instead:
  1. `{_program()} manifest` prints a link that creates the Slack app; create it and install it.
  2. Make an app-level token with the scope connections:write (Basic Information > App-Level Tokens).
  3. Set SLACK_BOT_TOKEN, SLACK_APP_TOKEN and GROUNDCREW_RELIABILITY_CHANNEL, and start again.
""",
        flush=True,
    )


def _program() -> str:
    """Return how the command was called, which need not be on the PATH."""
    return sys.argv[0] if sys.argv[0].endswith("groundcrew") else "groundcrew"
