"""Cookies as Python sets them: set_cookie, the settings of Flask and Django, session middlewares and storages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import re2
from tree_sitter import Node

from checks.facts.code.literals import arguments_of, callee_of, keyword_of, name_of, short, string_of
from checks.facts.code.syntax import line_of, nodes_of
from checks.facts.secrets.fallback_judgement import shape_of
from checks.facts.web.cookie_fault import Attributes, CookieFault, Fault, faults_of, signs_in
from checks.facts.web.options import (
    SPREAD,
    bindings,
    conditions_of,
    context_of,
    entries,
    keywords,
    only_in_development,
    resolved,
)

_HINT = re2.compile(r"(?i)cookie|SessionMiddleware|https_only|httponly")
_SETTING = re.compile(
    r"^(?P<whose>SESSION|REMEMBER|JWT(?:_AUTH)?|AUTH|ACCESS|REFRESH)\w*?_(?:COOKIE_)?(?P<what>SECURE|HTTPONLY"
    r"|HTTP_ONLY|SAMESITE)$"
)
_MIDDLEWARE = re.compile(r"(?:^|\.)SessionMiddleware$")
_TLS = re.compile(r"ssl|tls|https|is_?secure", re.IGNORECASE)
_STORAGE = re.compile(r"(?:Storage|CookieTransport)$")
_OWN_DEFAULTS = re.compile(r"Immutable|default", re.IGNORECASE)


def python(text: str) -> Iterator[CookieFault]:
    """Yield each cookie of *text* that keeps people signed in, with what is wrong with it: mostly nothing."""
    if _HINT.search(text.encode("utf-8", "replace")) is None:
        return
    names = bindings(text, "python")
    for node in nodes_of(text, "python", "[(call) (assignment) (pair)] @it"):
        found = _of_call(node, names) if node.type == "call" else _of_setting(node, names)
        if found is not None and not only_in_development(node) and not _without_tls(node):
            yield found


def _without_tls(node: Node) -> bool:
    """Whether an if around *node* asks whether connections are encrypted: then a cookie follows them."""
    return any(_TLS.search(condition) for condition, _ in conditions_of(node))


def _of_call(call: Node, names: Mapping[str, Node]) -> CookieFault | None:
    function, arguments = callee_of(call), arguments_of(call)
    if function.endswith(".set_cookie"):
        return _set_cookie(call, arguments, names)
    first = short(arguments[0], 80) if arguments else ""
    if _MIDDLEWARE.search(function) or (function.endswith("add_middleware") and _MIDDLEWARE.search(first)):
        return _middleware(call, names)
    if _STORAGE.search(function):
        named = keywords(call)
        one = Attributes(
            _flag(named, names, "httponly", "cookie_httponly"), _flag(named, names, "secure", "cookie_secure")
        )
        return _fault(call, "session", faults_of(one, readable=False, plain=False), sure=True)
    if function.endswith(("config.update", "config.from_mapping")):
        for key, value in keywords(call).items():
            if (found := _setting(value, key, resolved(value, names))) is not None:
                return found
    return None


def _set_cookie(call: Node, arguments: list[Node], names: Mapping[str, Node]) -> CookieFault | None:
    named = keywords(call)
    spread = named.pop(SPREAD, None)
    if spread is not None:
        held = resolved(next(iter(spread.named_children), None), names)
        if held is None or held.type != "dictionary":
            return None
        named |= entries(held)
    key = named.get("key") or (arguments[0] if arguments else None)
    value = named.get("value") or (arguments[1] if len(arguments) > 1 else None)
    name = string_of(resolved(key, names)) or name_of(key)
    keeps = signs_in(name)
    gone = value is None or short(value) in {'""', "''", "None"} or short(named.get("max_age")) == "0"
    if keeps is False or gone or (short(named.get("expires")) == "0"):
        return None
    stated = {real for real, key_ in (("httpOnly", "httponly"), ("secure", "secure")) if key_ in named}
    same_site = (string_of(named.get("samesite")) or "").lower()
    one = Attributes(_flag(named, names, "httponly"), _flag(named, names, "secure"), same_site, frozenset(stated))
    return _fault(call, name, faults_of(one, readable=True, plain=True), sure=keeps is True)


def _middleware(call: Node, names: Mapping[str, Node]) -> CookieFault | None:
    """Return what is wrong with Starlette's sessions; their cookie is never readable by scripts."""
    named = keywords(call)
    if SPREAD in named:
        return None
    stated = frozenset({"httpOnly", *(["secure"] if "https_only" in named else [])})
    same_site = (string_of(named.get("same_site")) or "").lower()
    one = Attributes(None, _flag(named, names, "https_only"), same_site, stated)
    return _fault(call, "session", faults_of(one, readable=False, plain=True), sure=True)


def _of_setting(node: Node, names: Mapping[str, Node]) -> CookieFault | None:
    """Return what is wrong with `SESSION_COOKIE_SECURE = False` as a setting, an item of app.config or of a dict."""
    if node.type == "pair":
        if node.parent is not None and _OWN_DEFAULTS.search(context_of(node.parent)):
            return None
        key, value = string_of(node.child_by_field_name("key")) or "", node.child_by_field_name("value")
    else:
        left, value = node.child_by_field_name("left"), node.child_by_field_name("right")
        key = name_of(left)
    return _setting(node, key, resolved(value, names))


def _setting(node: Node, key: str, value: Node | None) -> CookieFault | None:
    match = _SETTING.match(key)
    if match is None or value is None:
        return None
    off = short(value) == "False"
    unless = value.type == "call" and short(keyword_of(value, "default")) == "False"
    if match["what"] == "SAMESITE":
        if (string_of(value) or "").lower() != "none":
            return None
        return _fault(node, key, (Fault.ANY_SITE,), sure=False)
    if not off and not unless:
        return None
    fault = Fault.PLAIN if match["what"] == "SECURE" else Fault.READABLE
    return _fault(node, key, (fault,), sure=off)


def _flag(named: Mapping[str, Node], names: Mapping[str, Node], *keys: str) -> bool | None:
    for key in keys:
        value = short(resolved(named.get(key), names))
        if value in {"True", "False"}:
            return value == "True"
    return None


def _fault(node: Node, name: str, faults: tuple[Fault, ...], *, sure: bool) -> CookieFault:
    said = tuple(each.value for each in faults)
    return CookieFault(line_of(node), name[:60], said, shape_of("cookie", name), sure)
