"""CORS as JavaScript sets it: the cors middlewares, NestJS, socket.io, and headers by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tree_sitter import Node

from checks.facts.code.literals import arguments_of, callee_of, short, string_of
from checks.facts.code.syntax import line_of, nodes_of
from checks.facts.secrets.fallback_judgement import shape_of
from checks.facts.web.open_origin import OpenOrigin, placed
from checks.facts.web.options import (
    bindings,
    context_of,
    entries,
    holder,
    resolved,
)
from checks.facts.web.origins import Origins, checked_first, has_credentials, origins_of

_HEADER = "access-control-allow-origin"
_SETS = re.compile(r"(?:^|\.)(?:setHeader|header|set|append|setResponseHeader)$")
_PACKAGE = re.compile(
    r"""(?:from\s*|require\(\s*|import\(\s*)["'](?P<package>cors|@koa/cors|koa2?-cors|kcors|hono/cors"""
    r"""|@elysiajs/cors|@fastify/cors|fastify-cors)["']"""
)
#: Packages that name whichever page asks where nobody says otherwise; the others answer with the star.
_REFLECTING = frozenset({"@koa/cors", "koa2-cors", "koa-cors", "kcors", "@elysiajs/cors"})
_CORS = re.compile(r"cors", re.IGNORECASE)
_BESIDE = frozenset({"credentials", "methods", "allowedHeaders", "exposedHeaders", "optionsSuccessStatus", "maxAge"})
_CREDENTIALS = re.compile(r"access-control-allow-credentials[\"'\]]?\s*[,:=]{1,2}\s*[\"']?true", re.IGNORECASE)
#: Where anybody may have an address.
_RENTED = re.compile(
    r"(?:vercel|netlify|replit|lovable|github|pages|workers|onrender|herokuapp|web|firebaseapp|fly|railway|ngrok[\w-]*)"
    r"\\?\.(?:app|dev|co|io|com)\b|repl\\?\.co\b|lovableproject\\?\.com"
)
_ORIGIN = re.compile(r"(?:^|\.)(?:req|request|incoming)?_?origin$", re.IGNORECASE)
_ALL_PATHS = re.compile(r"^/(?:api/)?(?:\(\.\*\)|:\w+\*|\*)$")


def javascript(text: str, language: str) -> Iterator[OpenOrigin]:
    """Yield each place of *text* that lets any page in."""
    names = bindings(text, language)
    package = _PACKAGE.search(text)
    sent = _CREDENTIALS.search(text) is not None
    query = "[(call_expression) (pair) (assignment_expression)] @it"
    for node in nodes_of(text, language, query):
        if node.type == "pair":
            found = _of_pair(node, names, sent=sent)
        elif node.type == "assignment_expression":
            found = _of_assignment(node, names, sent=sent)
        elif (part := _of_part(node)) is not None:
            found = part
        else:
            found = _of_call(node, names, package["package"] if package else "", sent=sent)
        here = placed(node, found) if found is not None else None
        if here is not None:
            yield here


def _of_call(call: Node, names: Mapping[str, Node], package: str, *, sent: bool) -> OpenOrigin | None:
    function, arguments = callee_of(call), arguments_of(call)
    if _SETS.search(function) and len(arguments) > 1 and (string_of(arguments[0]) or "").lower() == _HEADER:
        return _header(call, arguments[1], names, sent=sent)
    last = function.rpartition(".")[2]
    if last == "register" and arguments and _CORS.search(short(arguments[0], 80)) and package:
        arguments = arguments[1:]
    elif not (last == "enableCors" or (function == "cors" and package) or function == "fastifyCors"):
        return None
    options = resolved(arguments[0], names) if arguments else None
    if arguments and (
        options is None or options.type != "object" or "origin" in entries(options) or "..." in entries(options)
    ):
        return None  # the entry `origin` is judged where it stands; what cannot be seen is not
    reflecting = package in _REFLECTING
    origins = Origins.REFLECTED if reflecting else Origins.ANY
    credentials = reflecting and (package == "@elysiajs/cors" or has_credentials(options, names))
    return OpenOrigin(line_of(call), origins.value, "default", shape_of("cors"), credentials, whole=True)


def _of_part(call: Node) -> OpenOrigin | None:
    """Return what a comparison with a piece of the asking page's address lets in: `origin.includes(".example.dev")`."""
    subject, _, method = callee_of(call).replace("?", "").rpartition(".")
    arguments = arguments_of(call)
    if len(arguments) != 1:
        return None
    what = short(arguments[0], 200)
    if method in {"includes", "indexOf"}:
        piece = string_of(arguments[0])
        near = arguments[0].type == "identifier" or (
            piece is not None and "." in piece and not piece.startswith(("http://localhost", "http://127."))
        )
        open_ = _ORIGIN.search(subject) is not None and near
    elif method == "endsWith":
        open_ = _ORIGIN.search(subject) is not None and _RENTED.search(what) is not None
    else:
        open_ = method == "test" and _ORIGIN.search(what) is not None and _RENTED.search(short(call, 200)) is not None
    return OpenOrigin(line_of(call), Origins.PART.value, "header", shape_of("part")) if open_ else None


def _of_pair(  # noqa: PLR0911 - one answer a form reads best in order
    pair: Node, names: Mapping[str, Node], *, sent: bool
) -> OpenOrigin | None:
    key = short(pair.child_by_field_name("key"), 120).strip("\"'[]`")
    value, object_ = pair.child_by_field_name("value"), holder(pair)
    if value is None or object_ is None:
        return None
    if key.lower() == _HEADER:
        return _header(pair, value, names, sent=sent)
    if key == "key" and (string_of(value) or "").lower() == _HEADER:
        return _header(pair, entries(object_).get("value"), names, sent=sent, whole=_for_all(object_))
    if key == "cors" and short(value) == "true" and "NestFactory" in context_of(object_):
        return OpenOrigin(line_of(pair), Origins.ANY.value, "nest", shape_of("nest"), whole=True)
    if key not in {"origin", "origins"}:
        return None
    context = context_of(object_)
    if not _CORS.search(context) and not (len(_BESIDE & entries(object_).keys()) > 1):
        return None
    origins = origins_of(value, names)
    if origins is None:
        return None
    credentials = origins is Origins.REFLECTED and has_credentials(object_, names)
    way = "socket" if re.search(r"\bServer\b|socket|gateway|\bio\b", context, re.IGNORECASE) else "option"
    return OpenOrigin(line_of(pair), origins.value, way, shape_of("origin"), credentials, whole=way == "option")


def _for_all(object_: Node) -> bool:
    """Whether the `headers` of a next.config.js that *object_* stands in hold for all paths, or for all of the API."""
    listed = object_.parent
    around = listed.parent.parent if listed is not None and listed.parent is not None else None
    source = string_of(entries(around).get("source"))
    return source is not None and _ALL_PATHS.match(source) is not None


def _of_assignment(node: Node, names: Mapping[str, Node], *, sent: bool) -> OpenOrigin | None:
    """Return what `headers["Access-Control-Allow-Origin"] = value` lets in."""
    left = short(node.child_by_field_name("left"), 200).lower()
    if _HEADER not in left:
        return None
    return _header(node, node.child_by_field_name("right"), names, sent=sent)


def _header(
    node: Node, value: Node | None, names: Mapping[str, Node], *, sent: bool, whole: bool = False
) -> OpenOrigin | None:
    """Return what a header set by hand lets in; beside the star browsers show nothing that they sent cookies for."""
    origins = origins_of(value, names)
    if origins is None or (origins is Origins.REFLECTED and checked_first(node)):
        return None
    credentials = origins is Origins.REFLECTED and sent
    return OpenOrigin(line_of(node), origins.value, "header", shape_of("header"), credentials, whole)
