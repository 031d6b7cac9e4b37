"""
`groundcrew try-route`: sends a test by a second route, or to the dead man's switch, and says what came back.

Exit 0: it was taken; 1: it was not; 2: the route is not set up, or the command was wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import secrets
import sys
from datetime import UTC, datetime

import aiohttp
import msgspec

from bot.dead_man import ask, is_taken
from bot.route_addresses import is_mail_address
from bot.routes.make import make_routes, pagerduty_route
from bot.settings import Settings
from bot.settings_load import WrongSettings, load
from bot.trouble import Later, SlackTrouble
from commands.news import Said
from storage.model import SET, Destination, Message

_NEEDS = {
    "email": "GROUNDCREW_SMTP_URL and GROUNDCREW_SMTP_FROM",
    "webhook": "GROUNDCREW_PAGE_WEBHOOK_URL and GROUNDCREW_PAGE_WEBHOOK_SECRET",
    "pagerduty": "GROUNDCREW_PAGERDUTY_ROUTING_KEY",
    "dead-man": "GROUNDCREW_DEAD_MAN_URL",
}
_TEST = "This is a test of Groundcrew: pages reach you by this route. There is nothing to do."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the route, and for e-mail the address."""
    parser.add_argument("route", choices=tuple(_NEEDS), help="the second route to try, or the dead man's switch")
    parser.add_argument("address", nargs="?", default="", help="whom to write to, by email")


def main(arguments: argparse.Namespace) -> int:
    """Send the test, print what came of it, and return the exit status."""
    route, address = str(arguments.route), str(arguments.address)
    if (route == "email") != bool(address) or (address and not is_mail_address(address)):
        usage = "email ADDRESS" if route == "email" else route
        return _complain(f"The command is: groundcrew try-route {usage}", 2)
    try:
        settings = load(os.environ)
    except WrongSettings as wrong:
        return _complain(str(wrong), 2)
    if route == "dead-man":
        return asyncio.run(_try_dead_man(settings))
    return asyncio.run(_try(settings, route, address or SET))


async def _try(settings: Settings, route: str, address: str) -> int:
    now = datetime.now(UTC)
    message = Message(
        id=0,
        token=secrets.token_hex(12),
        key="test",
        to=Destination(route=route, address=address),
        kind="Said",
        news=msgspec.to_builtins(Said(_TEST)),
        urgent=True,
        made_at=now,
        due_at=now,
    )
    async with aiohttp.ClientSession(trust_env=True) as session:
        made = make_routes(settings, session).get(route)
        if made is None:
            return _complain(f"{route} is not set up: it needs {_NEEDS[route]} (docs/paging.md).", 2)
        try:
            await made.deliver(message)
            duty = pagerduty_route(settings, session) if route == "pagerduty" else None
            if duty is not None:
                await duty.send("resolve", message.token)
        except Later as trouble:
            return _complain(f"{route}: not taken now: {trouble}. A page would be tried again.", 1)
        except SlackTrouble as trouble:
            return _complain(f"{route}: not taken: {trouble}.", 1)
    print(_taken(route, address, message.token))
    return 0


async def _try_dead_man(settings: Settings) -> int:
    if settings.dead_man_url is None:
        return _complain(f"dead-man is not set up: it needs {_NEEDS['dead-man']} (docs/operate.md).", 2)
    try:
        status = await ask(settings.dead_man_url.get_secret_value())
    except (aiohttp.ClientError, OSError, ValueError) as error:  # a TimeoutError, too; its own words hold the address
        return _complain(f"dead-man: it could not be asked ({type(error).__name__}).", 1)
    if not is_taken(status):
        return _complain(f"dead-man: it does not take that (HTTP {status}).", 1)
    print("dead-man: it was asked, as the bot does. Stop the bot once, and see that it alarms somebody.")
    return 0


def _taken(route: str, address: str, token: str) -> str:
    return {
        "email": f"email: the mail server took a test for {address}. Look whether it arrives (also among the spam).",
        "webhook": f"webhook: the test was taken; its Groundcrew-Delivery is {token}.",
        "pagerduty": f"pagerduty: an alert was triggered and resolved at once; its dedup_key is {token}.",
    }[route]


def _complain(words: str, status: int) -> int:
    print(words, file=sys.stderr)
    return status
