"""The addresses of the workspace: Web API, Socket Mode, response URLs, and the page with its own small API."""

import functools
from pathlib import Path

from aiohttp import web

from workspace import api, page, responses
from workspace.door import door
from workspace.state import Workspace
from workspace.wire import Refusal

STATIC = Path(__file__).parent / "static"


def make_app(workspace: Workspace) -> web.Application:
    """Make the application that serves *workspace*, whose address must be known before the first request."""
    app = web.Application(middlewares=[door(workspace)])
    call = functools.partial(api.handle, workspace)
    app.add_routes(
        [
            web.get("/api/{method}", call),
            web.post("/api/{method}", call),
            web.get("/link/", workspace.bot.serve),
            web.post("/response/{token}", functools.partial(responses.handle, workspace)),
            web.get("/local/state", functools.partial(_state, workspace)),
            web.get("/local/live", functools.partial(_live, workspace)),
            web.post("/local/{act}", functools.partial(page.act, workspace)),
            web.get("/", _index),
            web.get("/archives/{channel}/{ts}", _index),
            web.static("/static", STATIC),
        ]
    )

    async def stop(_: web.Application) -> None:
        await workspace.close()

    app.on_shutdown.append(stop)
    return app


async def _index(_: web.Request) -> web.FileResponse:
    return web.FileResponse(STATIC / "index.html")


async def _state(workspace: Workspace, request: web.Request) -> web.Response:
    try:
        person = page.who(request.query.get("person", ""))
    except Refusal as refusal:
        return web.json_response({"error": refusal.error}, status=400)
    return web.json_response(page.snapshot(workspace, person))


async def _live(workspace: Workspace, request: web.Request) -> web.StreamResponse:
    try:
        person = page.who(request.query.get("person", ""))
    except Refusal as refusal:
        return web.json_response({"error": refusal.error}, status=400)
    return await workspace.feed.serve(request, person.id, page.snapshot(workspace, person))
