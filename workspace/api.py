"""The Web API: reads a call, looks at its token, and answers with JSON as Slack does."""

import json
from collections.abc import Callable

from aiohttp import web

from workspace import chat, conversations, users, views
from workspace.people import APP_ID, APP_TOKEN, BOT_TOKEN
from workspace.state import Workspace
from workspace.wire import Json, Refusal, decode

SCOPES = (
    "commands,chat:write,im:write,users:read,users:read.email,usergroups:read,channels:read,channels:join,"
    "channels:history,im:history,app_mentions:read"
)
_BOT_PREFIX = BOT_TOKEN.removesuffix("workspace")
_APP_PREFIX = APP_TOKEN.removesuffix("workspace")

METHODS: dict[str, Callable[[Workspace, Json], Json]] = {
    **chat.METHODS,
    **conversations.METHODS,
    **users.METHODS,
    **views.METHODS,
}


async def handle(workspace: Workspace, request: web.Request) -> web.Response:
    """Answer one call of ``/api/{method}``; refusals too have the status 200."""
    try:
        args = decode(await _arguments(request))
        body = {"ok": True, **_call(workspace, request, args)}
    except Refusal as refusal:
        body = refusal.body()
    return web.json_response(body, headers={"x-oauth-scopes": SCOPES})


def _call(workspace: Workspace, request: web.Request, args: Json) -> Json:
    method = request.match_info["method"]
    token = request.headers.get("Authorization", "").removeprefix("Bearer ") or str(args.get("token", ""))
    if not token:
        raise Refusal("not_authed")
    if not token.startswith((_BOT_PREFIX, _APP_PREFIX)):
        raise Refusal("invalid_auth", f"[ERROR] here the tokens are {BOT_TOKEN} and {APP_TOKEN}")
    opens_socket = method == "apps.connections.open"
    if method != "auth.test" and token.startswith(_APP_PREFIX) != opens_socket:
        raise Refusal("not_allowed_token_type")
    if opens_socket:
        address = workspace.address.replace("http", "ws", 1)
        return {"url": f"{address}/link/?ticket={workspace.bot.issue_ticket()}&app_id={APP_ID}"}
    if method not in METHODS:
        raise Refusal("unknown_method", f"[ERROR] this workspace has no {method}")
    return METHODS[method](workspace, args)


async def _arguments(request: web.Request) -> Json:
    args: Json = dict(request.query)
    if request.method != "POST":
        return args
    if request.content_type != "application/json":
        return args | {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    try:
        body = json.loads(await request.read() or b"{}")
    except ValueError:
        raise Refusal("invalid_json") from None
    if not isinstance(body, dict):
        raise Refusal("json_not_object")
    return args | body
