"""Stands before every request: only the page itself and programs of this machine may come in.

A page of another site could otherwise reach loopback, by naming it (cross-site requests) or by letting its own name
point here (DNS rebinding), and act as anybody.
"""

from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from workspace.state import Workspace

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def door(workspace: Workspace) -> Middleware:
    """Make the middleware for one workspace."""

    @web.middleware
    async def look(request: web.Request, handler: Handler) -> web.StreamResponse:
        reason = refusal(workspace, request)
        response = web.Response(status=403, text=reason) if reason else await handler(request)
        if not response.prepared:
            response.headers.update(_HEADERS)
        return response

    return look


def refusal(workspace: Workspace, request: web.Request) -> str:
    """Say why *request* may not come in, or give an empty text."""
    port = urlsplit(workspace.address).port
    hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
    if request.host not in hosts:
        return f"This workspace answers only to {workspace.address}, and the request was for another host."
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{request.host}":
        return "This workspace takes requests only from its own page, and this one came from another site."
    visit = request.method == "GET" and request.headers.get("Sec-Fetch-Mode") == "navigate"
    following_a_link = visit and (request.path == "/" or request.path.startswith("/archives/"))
    if request.headers.get("Sec-Fetch-Site", "none") not in {"same-origin", "none"} and not following_a_link:
        return "This workspace takes requests only from its own page, and this one came from another site."
    return ""
