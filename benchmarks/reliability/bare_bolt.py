"""
Bolt by itself, to compare with: it verifies each slash command, acknowledges it, and does nothing else.

`python -m benchmarks.reliability.bare_bolt PORT` serves it on this machine, and prints a line when it does. The signing
secret is in SLACK_SIGNING_SECRET.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import sys
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

_EVERY = re.compile(".*", re.DOTALL)


def make() -> web.Application:
    """Make the server, with the one setting that makes Bolt fast."""
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_user_id="UBOT", bot_id="B1")

    bolt = AsyncApp(
        signing_secret=os.environ["SLACK_SIGNING_SECRET"], authorize=authorize, process_before_response=True
    )

    @bolt.command(_EVERY)
    async def command(ack: Any) -> None:
        await ack()

    async def handle(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await bolt.async_dispatch(await to_bolt_request(request)))

    application = web.Application()
    application.router.add_post("/slack/events", handle)
    return application


async def main(port: int) -> None:
    """Serve until the process is ended."""
    runner = web.AppRunner(make(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, backlog=2048).start()
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
