"""
The routes an app serves, each with what guards it.

Python and JavaScript files become outlines (`read`, cached); `join` looks up names across them and lets each
framework's reader say what is served. Tests, examples, docs and copies of other people's code serve nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from checks.fact import Collector, Listing
from checks.facts.code.module_graph import Program
from checks.facts.code.outline import Outline
from checks.facts.code.outline_javascript import read_javascript
from checks.facts.code.outline_openapi import read_openapi
from checks.facts.code.outline_python import read_python
from checks.facts.code.syntax import PARSERS, language_of
from checks.facts.routes.aiohttp import aiohttp
from checks.facts.routes.bottle import bottle
from checks.facts.routes.django import django
from checks.facts.routes.expected import with_expected
from checks.facts.routes.express import express
from checks.facts.routes.fastapi import fastapi
from checks.facts.routes.flask import flask
from checks.facts.routes.functions import functions, read_config
from checks.facts.routes.guards import Judge
from checks.facts.routes.litestar import litestar
from checks.facts.routes.nest import nest
from checks.facts.routes.next import next_js
from checks.facts.routes.next_actions import actions
from checks.facts.routes.next_pages import next_pages
from checks.facts.routes.node_servers import node_servers
from checks.facts.routes.openapi import openapi
from checks.facts.routes.python_pages import pages_in, python_pages
from checks.facts.routes.python_servers import python_servers
from checks.facts.routes.remix import remix
from checks.facts.routes.served import Served, settled
from checks.facts.routes.servers import servers_in, unread_servers
from checks.facts.routes.streamlit import marks_in, streamlit
from checks.facts.routes.sveltekit import sveltekit
from checks.facts.routes.tornado import tornado
from checks.facts.routes.trpc import trpc
from checks.facts.routes.uncalled import Callers
from checks.facts.tier import Tier, is_earlier_version, tier_of

_DOCUMENT = re.compile(r"(?:openapi|swagger|api|spec)[^/]*\.(?:ya?ml|json)$", re.IGNORECASE)
_BROWSER = re.compile(r"(^|/)(public|static|assets)/.*\.[cm]?jsx?$")


@dataclass(frozen=True, slots=True)
class Routes:
    """
    Every route served, in the order of files and lines.

    *servers* names packages in use that serve HTTP, *unread* the files of which only a part was read; *health* says
    that a package which answers health checks is in use. *unread_servers* are those of *servers* none of whose routes
    could be read, though others' could. *program* is all outlines, for who follows names further.
    """

    served: tuple[Served, ...]
    servers: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    health: bool = False
    unread_servers: tuple[str, ...] = ()
    program: Program = field(default_factory=lambda: Program({}), compare=False, repr=False)


_HEALTH = re.compile(r"health_?check|fastapi_health|(?:^|/)terminus$|lightship|healthz", re.IGNORECASE)

_READERS = (
    *(flask, fastapi, aiohttp, django, express, nest, next_js, actions, functions, openapi),
    *(sveltekit, remix, trpc, streamlit, tornado, bottle, litestar, node_servers, python_servers, next_pages),
)


def _kind_of(path: str) -> str | None:
    tier = tier_of(path)
    if path.endswith("supabase/config.toml"):
        return "supabase"
    if path == "vercel.json" or path.endswith("/vercel.json"):
        return "vercel"
    if _DOCUMENT.search(path):
        return None if tier is Tier.VENDORED else "openapi"  # a folder called spec holds no tests of these
    aside = tier is not Tier.CODE or _BROWSER.search(path) or is_earlier_version(path)
    return None if aside else language_of(path)


def read(text: str, kind: str) -> Outline | None:
    """Return the outline of *text*, a file of language *kind*."""
    match kind:
        case "python":
            return pages_in(text, marks_in(text, read_python(text)))
        case "openapi":
            return read_openapi(text)
        case "supabase" | "vercel":
            return read_config(text, kind)
    return read_javascript(text, kind)


def join(parts: Mapping[str, Outline], _listing: Listing) -> Routes:
    """Return what all outlines together serve."""
    program = Program(parts)
    judge = Judge(program)
    callers = Callers(program)
    served: dict[tuple[str, str, str, int], Served] = {}
    for surface in (*(reader(program) for reader in _READERS), *python_pages(program)):
        for event in surface.reached():
            route = settled(surface, judge, event)
            if event.site.scope and callers.miss(event.site):
                route = replace(route, traits=route.traits | {"uncalled"})
            served.setdefault((route.method, route.path, route.file, route.line), route)
    ordered = with_expected(
        sorted(served.values(), key=lambda route: (route.file, route.line, route.method, route.path))
    )
    unread = tuple(path for path, part in parts.items() if part.truncated)
    health = any(
        _HEALTH.search(one.module) and one.module[:1] != "." for part in parts.values() for one in part.imports
    )
    servers = servers_in(parts)
    return Routes(tuple(ordered), servers, unread, health, unread_servers(servers, ordered), program)


source = Collector(
    fact=Routes,
    part=Outline,
    kind_of=_kind_of,
    read=read,
    join=join,
    parsers=(*PARSERS, "pyyaml"),
)
