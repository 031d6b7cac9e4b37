"""Somebody who is posted to: a real HTTP server that keeps what came and answers what a test says."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer


@dataclass
class Receiver:
    """What came, and what is answered."""

    session: aiohttp.ClientSession
    url: str = ""
    status: int = 202
    headers: dict[str, str] = field(default_factory=dict)
    silent: bool = False
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Keep what came, and answer or not."""
        self.got.append((dict(request.headers), await request.read()))
        if self.silent:
            await asyncio.sleep(3600)
        return web.Response(status=self.status, headers=self.headers, text="a body that nobody may log")

    def bodies(self) -> list[Any]:
        """Return what came, as JSON."""
        return [json.loads(body) for _, body in self.got]


@asynccontextmanager
async def receiver() -> AsyncIterator[Receiver]:
    """Serve on loopback."""
    async with aiohttp.ClientSession() as session:
        taker = Receiver(session)
        app = web.Application()
        app.router.add_post("/{any:.*}", taker.answer)
        async with TestServer(app, shutdown_timeout=0.1) as server:
            taker.url = str(server.make_url("/pages?key=t0p-s3cret-in-the-address"))
            yield taker
