"""Which packages that serve HTTP a repository uses, by its imports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from checks.facts.code.outline import Import, Outline
from checks.facts.routes.served import Served

_PYTHON = (
    "flask fastapi starlette django tornado bottle falcon sanic quart uvicorn http.server socketserver wsgiref cherrypy"
    " pyramid litestar connexion gunicorn waitress streamlit gradio dash nicegui reflex chainlit shiny hypercorn ninja"
)
_JAVASCRIPT = (
    "express fastify koa hapi @hapi/hapi @nestjs/core hono restify polka @sveltejs/kit nuxt @remix-run/node h3 elysia"
    " sails @adonisjs/core"
)
#: These are clients as well: they count where a server is made.
_BOTH_WAYS = {
    "http": "createServer",
    "https": "createServer",
    "node:http": "createServer",
    "node:https": "createServer",
}
#: Frameworks that an app has for its own sake and not beside another one, by the reader's name for their routes.
_UNREAD = "falcon cherrypy pyramid nicegui reflex shiny sails @adonisjs/core nuxt h3 hapi @hapi/hapi"
_OWN_WORLDS = dict.fromkeys(_UNREAD.split(), "") | {
    "tornado": "Tornado",
    "bottle": "Bottle",
    "litestar": "Litestar",
    "gradio": "Gradio",
    "dash": "Dash",
    "chainlit": "Chainlit",
    "elysia": "Express",
    "restify": "Express",
}
_SERVERS = {"python": frozenset(_PYTHON.split()), "javascript": frozenset(_JAVASCRIPT.split())}


def servers_in(parts: Mapping[str, Outline]) -> tuple[str, ...]:
    """Return the names of packages in use that serve HTTP, in order."""
    found: set[str] = set()
    for part in parts.values():
        known = _SERVERS.get(part.language, frozenset())
        if part.language == "javascript" and _makes(part, "serve", "Bun.serve"):
            found.add("Bun.serve")
        for one in part.imports:
            found.update(name for name in _names(one) if name in known)
            if one.module in _BOTH_WAYS and _makes(part, _BOTH_WAYS[one.module]):
                found.add(one.module)
            if one.module == "aiohttp.web" or (one.module == "aiohttp" and one.name == "web"):
                found.add("aiohttp")
    return tuple(sorted(found))


def unread_servers(servers: Iterable[str], served: Iterable[Served]) -> tuple[str, ...]:
    """Return those of *servers* that have routes of their own, none of which is among *served*."""
    read = {route.framework for route in served}
    return tuple(name for name in servers if name in _OWN_WORLDS and _OWN_WORLDS[name] not in read)


def _names(one: Import) -> tuple[str, str, str]:
    return one.module, one.module.partition(".")[0], one.module.partition("/")[0]


def _makes(part: Outline, call: str, whole: str = "") -> bool:
    """Whether something in *part* is called *call*, or as a whole *whole*."""
    named = [name for function in part.functions for name in function.calls]
    named += [assign.value.name for assign in part.assigns] + [made.value.name for made in part.calls]
    return any(name == whole if whole else name.rpartition(".")[2] == call for name in named)
