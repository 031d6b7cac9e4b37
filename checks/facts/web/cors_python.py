"""CORS as Python sets it: flask-cors, Starlette's and Django's middlewares, Socket.IO, settings, headers by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tree_sitter import Node

from checks.facts.code.literals import arguments_of, callee_of, short, string_of
from checks.facts.code.syntax import line_of, nodes_of, text_of
from checks.facts.secrets.fallback_judgement import shape_of
from checks.facts.web.open_origin import OpenOrigin, placed
from checks.facts.web.options import SPREAD, bindings, entries, keywords, resolved
from checks.facts.web.origins import Origins, checked_first, origins_of

_HEADER = "access-control-allow-origin"
_SETS = re.compile(r"\.(?:send_header|add|set|setdefault|add_header|__setitem__)$")
_FLASK = re.compile(r"(?:^|\.)(?:CORS|cross_origin)$")
_SWITCH = re.compile(r"^CORS_(?:ORIGIN_ALLOW_ALL|ALLOW_ALL_ORIGINS)$")
_SETTING = re.compile(r"^(?:self\.)?\w*(?:cors\w*origins?|allowed_?origins?)$", re.IGNORECASE)
_ON = frozenset({"True", "1"})
_SENT = re.compile(r"access-control-allow-credentials[\"'\]]{0,3}\s*[,:=]{1,2}\s*[\"']?true", re.IGNORECASE)


def python(text: str) -> Iterator[OpenOrigin]:
    """Yield each place of *text* that lets any page in."""
    names = bindings(text, "python")
    elsewhere = "CORS_ORIGINS" in text or re.search(r"\.init_app\([^)\n]{0,200}origins", text) is not None
    sent = _SENT.search(text) is not None
    used: set[str] = set()  # variables that a call was already judged by
    found: list[tuple[Node, OpenOrigin]] = []
    for node in nodes_of(text, "python", "[(call) (pair) (assignment)] @it"):
        one: OpenOrigin | None = None
        if node.type == "call":
            one = _of_call(node, names, used, elsewhere=elsewhere, sent=sent)
        elif node.type == "pair":
            key = (string_of(node.child_by_field_name("key")) or "").lower()
            one = _header(node, node.child_by_field_name("value"), names, sent=sent) if key == _HEADER else None
        else:
            one = _of_assignment(node, names, sent=sent)
        if one is not None:
            found.append((node, one))
    for node, one in found:
        here = placed(node, one)
        judged = one.way == "setting" and text_of(node.child_by_field_name("left")) in used
        if here is not None and not judged:
            yield here


def _of_call(
    call: Node, names: Mapping[str, Node], used: set[str], *, elsewhere: bool, sent: bool
) -> OpenOrigin | None:
    function, arguments, named = callee_of(call), arguments_of(call), keywords(call)
    first = short(arguments[0], 80).rpartition(".")[2] if arguments else ""
    if _SETS.search(function) and len(arguments) > 1 and (string_of(arguments[0]) or "").lower() == _HEADER:
        return _header(call, arguments[1], names, sent=sent)
    if "CORSMiddleware" in (first, function.rpartition(".")[2]):
        return _starlette(named, names, used)
    if "cors_allowed_origins" in named:
        origins = origins_of(named["cors_allowed_origins"], names)
        return (
            None
            if origins is None
            else OpenOrigin(line_of(named["cors_allowed_origins"]), origins.value, "socket", shape_of("socket"))
        )
    if _FLASK.search(function) and not (elsewhere and not named):
        return _flask(call, named, names, used)
    return None


def _starlette(named: Mapping[str, Node], names: Mapping[str, Node], used: set[str]) -> OpenOrigin | None:
    """Return whom Starlette's middleware lets in: with credentials it names whichever page asks."""
    for key in ("allow_origins", "allow_origin_regex"):
        value = named.get(key)
        if value is None:
            continue
        used.add(text_of(value))
        origins = origins_of(value, names)
        pattern = string_of(resolved(value, names)) if key == "allow_origin_regex" else None
        if pattern is not None and re.match(r"^\^?\(?(?:https\??:(?://|\\/\\/))?\.[*+]\)?\$?$", pattern):
            origins = Origins.REFLECTED
        if origins is not None:
            credentials = short(resolved(named.get("allow_credentials"), names)) in _ON
            return OpenOrigin(
                line_of(value), origins.value, "middleware", shape_of("CORSMiddleware"), credentials, whole=True
            )
    return None


def _flask(call: Node, named: Mapping[str, Node], names: Mapping[str, Node], used: set[str]) -> OpenOrigin | None:
    """Return whom flask-cors lets in: everybody where nobody says otherwise."""
    options = dict(named)
    if SPREAD in options:
        spread = next(iter(options.pop(SPREAD).named_children), None)
        held = resolved(spread, names)
        if held is None or held.type != "dictionary":
            return None
        options |= entries(held)
    value = options.get("origins")
    line = line_of(call)
    origins: Origins | None = Origins.ANY
    rules = entries(resolved(options.get("resources"), names))
    if value is not None:
        used.add(text_of(value))
        origins, line = origins_of(value, names), line_of(value)
    elif "resources" in options:
        origins = next((found for rule in rules.values() if (found := _of_rule(rule, names))), None)
    if origins is None:
        return None
    every = [
        options,
        *(entries(resolved(rule, names)) for rule in entries(resolved(options.get("resources"), names)).values()),
    ]
    credentials = any(short(resolved(each.get("supports_credentials"), names)) in _ON for each in every)
    whole = not callee_of(call).endswith("cross_origin")
    return OpenOrigin(line, origins.value, "flask", shape_of("CORS"), credentials, whole)


def _of_rule(rule: Node, names: Mapping[str, Node]) -> Origins | None:
    held = entries(resolved(rule, names))
    if "origins" in held:
        return origins_of(held["origins"], names)
    return Origins.ANY if held or rule.type == "dictionary" else origins_of(rule, names)


def _of_assignment(node: Node, names: Mapping[str, Node], *, sent: bool) -> OpenOrigin | None:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    name = short(left, 200)
    if left is None or right is None:
        return None
    if _HEADER in name.lower():
        return _header(node, right, names, sent=sent)
    if _SWITCH.match(name):
        if short(right) not in _ON:
            return None
        credentials = short(names.get("CORS_ALLOW_CREDENTIALS")) in _ON
        origins = Origins.REFLECTED if credentials else Origins.ANY
        return OpenOrigin(line_of(node), origins.value, "django", shape_of(name), credentials, whole=True)
    if _SETTING.match(name):
        origins_set = origins_of(right, names)
        if origins_set in {Origins.ANY, Origins.DEFAULT}:
            return OpenOrigin(line_of(node), str(origins_set), "setting", shape_of(name), whole=True)
    return None


def _header(node: Node, value: Node | None, names: Mapping[str, Node], *, sent: bool) -> OpenOrigin | None:
    """Return what a header set by hand lets in; beside the star browsers show nothing that they sent cookies for."""
    origins = origins_of(value, names)
    if origins is None or (origins is Origins.REFLECTED and checked_first(node)):
        return None
    credentials = origins is Origins.REFLECTED and sent
    return OpenOrigin(line_of(node), origins.value, "header", shape_of("header"), credentials)
