"""Serverless functions as routes: Supabase's, Vercel's api folder, Netlify's and Firebase's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.facts.code.module_graph import Program
from checks.facts.code.modules import Module
from checks.facts.code.outline import Expr, Outline
from checks.facts.routes.registration import split
from checks.facts.routes.surface import Event, Handler, Site, Surface

_SUPABASE = re.compile(r"(?:^|/)supabase/functions/(?P<name>[^/_][^/]*)/index\.(?:ts|js|tsx)$")
_VERCEL = re.compile(
    r"^(?!(?:.*/)?(?:app|pages|src)/api/)(?P<base>(?:.*?/)??)api/(?P<inner>(?:[^_/][^/]*/)*[^_/][^/]*)\.(?:ts|js|mjs)$"
)
_NETLIFY = re.compile(r"(?:^|/)netlify/(?:edge-)?functions/(?P<name>[^/]+?)(?:/index)?\.(?:ts|js|mjs|mts)$")
_CONFIG = re.compile(r"(?:^|/)supabase/config\.toml$")
_FIREBASE = re.compile(r"^firebase-functions(?:/v\d)?(?:/https)?\.(?:.*\.)?(?P<kind>onRequest|onCall)$")
_SECTION = re.compile(r"\s*\[functions\.[\"']?(?P<name>[\w-]+)[\"']?\]")
_NO_KEY = re.compile(r"\s*verify_jwt\s*=\s*false\b")
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_PUBLIC_KEY = "the project's public key, which every visitor's browser holds"


def functions(program: Program) -> Surface:
    """Return the serverless functions of *program*."""
    surface = Surface("function", "a check of the caller's token that answers 401", program)
    without_key = {
        name for path, module in program.modules.items() if _CONFIG.search(path) for name in module.outline.directives
    }
    deployed = {path.rpartition("/")[0] for path in program.modules if path.endswith("vercel.json")}
    for path, module in program.modules.items():
        if module.outline.language != "javascript":
            continue
        if match := _SUPABASE.search(path):
            known = "" if match["name"] in without_key else _PUBLIC_KEY
            surface.direct.extend(_served(module, f"/functions/v1/{match['name']}", known))
        elif match := _NETLIFY.search(path):
            surface.direct.extend(_exported(program, module, f"/.netlify/functions/{match['name']}"))
        elif (match := _VERCEL.match(path)) and (
            match["base"].rstrip("/") in deployed or _imports(module, "@vercel/node")
        ):
            surface.direct.extend(_exported(program, module, f"/api/{match['inner'].removesuffix('/index')}"))
        if _imports(module, "firebase-functions"):
            surface.direct.extend(_firebase(program, module))
    return surface


def read_config(text: str, kind: str) -> Outline | None:
    """Return as directives the Supabase functions that *text*, a config.toml, asks no key for; vercel.json is empty."""
    if kind == "vercel":
        return Outline("json")
    name = ""
    found: list[str] = []
    for line in text.splitlines():
        if line.lstrip().startswith("["):
            section = _SECTION.match(line)
            name = section["name"] if section is not None else ""
        elif name and _NO_KEY.match(line):
            found.append(name)
    return Outline("toml", directives=tuple(found[:500])) if found else None


def _imports(module: Module, package: str) -> bool:
    return any(one.module.startswith(package) for one in module.outline.imports)


def _served(module: Module, url: str, key: str) -> Iterator[Event]:
    """Yield the route of `serve(handler)` or `Deno.serve(handler)`; *key* is what the gateway asks for before it."""
    for call in module.outline.calls:
        if call.value.name in {"serve", "Deno.serve"} and call.value.items and not call.scope:
            site = Site(module.path)
            handlers = (Handler(site, call.value.items[-1], url.rpartition("/")[2]),)
            yield Event("route", site, call.value.line, url, "POST", handlers=handlers, behind=key)


def _exported(program: Program, module: Module, url: str) -> Iterator[Event]:
    """Yield the routes of a file that exports its handler: as default, as `handler`, or one for each method."""
    site = Site(module.path)
    named = [(name, module.exports[name]) for name in _METHODS if name in module.exports]
    whole = module.exports.get("default") or module.exports.get("handler") or module.exports.get("=")
    if whole is not None and not named:
        function = program.function(program.body_of(program.evaluate(module.path, "", whole)))
        if function is None or not function.parameters:
            return  # data or a component, not a function that is called with a request
        methods = [method for method in function.methods if method in _METHODS] or ["ANY"]
        named = [(method, whole) for method in methods]
    for method, value in named:
        found = program.function(program.evaluate(module.path, "", value))
        line = found.line if found is not None else value.line
        yield Event("route", site, line, url, method, handlers=(Handler(site, value, "handler"),))


def _firebase(program: Program, module: Module) -> Iterator[Event]:
    """Yield the routes of `exports.x = onRequest(handler)` and `onCall(handler)`."""
    for name, value in module.exports.items():
        found = program.evaluate(module.path, "", value)
        made: Expr | None = found.value if found.kind == "value" else None
        if made is None or made.kind != "call" or not made.items or split(made)[1] not in {"onRequest", "onCall"}:
            continue
        origin = program.callee(found.path, found.scope, made)
        match = _FIREBASE.match(origin.name) if origin.kind == "external" else None
        handler = made.items[-1]
        if match is None or handler.kind not in {"function", "name"}:
            continue
        body = program.function(program.evaluate(found.path, found.scope, handler))
        if body is not None:
            site = Site(found.path, found.scope)
            method = "POST" if match["kind"] == "onCall" else "ANY"
            yield Event("route", site, made.line, f"/{name}", method, handlers=(Handler(site, handler, name),))
