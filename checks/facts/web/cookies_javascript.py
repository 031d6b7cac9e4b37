"""Cookies as JavaScript sets them: sessions, res.cookie, Next's cookies(), headers by hand, scripts and storage."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tree_sitter import Node

from checks.facts.code.literals import arguments_of, callee_of, name_of, short, string_of
from checks.facts.code.syntax import line_of, nodes_of
from checks.facts.secrets.fallback_judgement import shape_of
from checks.facts.web.cookie_fault import Attributes, CookieFault, Fault, faults_of, is_token, signs_in
from checks.facts.web.options import SPREAD, bindings, context_of, entries, only_in_development, resolved

_SESSION = re.compile(r"""["'](?P<package>express-session|cookie-session|koa-session|fastify-session)["']""")
_MAKES = re.compile(r"^(?:\w*[sS]ession)$")
_SETS = re.compile(
    r"(?:^|\.)(?:cookie|setCookie)$|(?:^|\.)(?:cookies(?:\(\))?\)?|\w*[cC]ookie(?:Store|Jar|s)?)\.set$|^serialize$"
    r"|^cookie\.serialize$"
)
_OF_REQUEST = re.compile(r"^(?:req|request)\b")
_BY_SCRIPT = re.compile(
    r"""["'](?:js-cookie|universal-cookie|react-cookie|vue-cookies|ngx-cookie-service|react-cookies|cookies-js)["']"""
)
#: Frameworks whose cookies are httpOnly and secure unless code says otherwise.
_SAFE = re.compile(r"""@sveltejs/kit|["']\./\$types""")
_HEADER_SETS = re.compile(r"(?:setHeader|\.set|\.append|\.header)$")
_HEADERS = frozenset({"Set-Cookie", "set-cookie"})
_STORES = re.compile(r"^(?:window\.)?(?:localStorage|sessionStorage)\.setItem$")
_NAMED = re.compile(r"[\"'`]\s*(?P<name>[\w.-]{1,60})=")
_AUTH = re.compile(r"session|auth|token|jwt|login|refresh", re.IGNORECASE)
_OTHER = re.compile(r"csrf|xsrf|callback|state|pkce|nonce|mail|smtp|transport|theme|locale", re.IGNORECASE)
_BESIDE = frozenset({"httpOnly", "sameSite", "maxAge", "expires"})
_CONTEXTS = frozenset({"c", "ctx", "context", "event", "res", "response", "reply", "req"})


def javascript(text: str, language: str) -> Iterator[CookieFault]:
    """Yield each cookie of *text* that keeps people signed in, and each token in the browser's storage."""
    names = bindings(text, language)
    reader = _Reader(text, names)
    for node in nodes_of(text, language, "[(call_expression) (assignment_expression)] @it"):
        found = reader.call(node) if node.type == "call_expression" else reader.assignment(node)
        if found is not None and not only_in_development(node):
            yield found
    for node in nodes_of(text, language, "(object) @it"):  # after the calls, which judge their own options
        found = reader.options(node)
        if found is not None and not only_in_development(node):
            yield found


class _Reader:
    """Reads one file: what its packages set by default, and which options were judged with their call."""

    def __init__(self, text: str, names: Mapping[str, Node]) -> None:
        self.names = names
        session = _SESSION.search(text)
        self.session = session["package"] if session else ""
        self.by_script = _BY_SCRIPT.search(text) is not None
        self.safe = _SAFE.search(text) is not None
        self.judged: set[int] = set()

    def call(self, call: Node) -> CookieFault | None:
        """Return what is wrong with the cookie that *call* sets, or None."""
        function, arguments = callee_of(call), arguments_of(call)
        if _STORES.match(function) and arguments:
            name = string_of(resolved(arguments[0], self.names)) or name_of(arguments[0])
            return _fault(call, name, (Fault.STORAGE,), sure=False) if is_token(name) else None
        if self.session and _MAKES.match(function) and arguments:
            return self._session(call, resolved(arguments[0], self.names))
        if _HEADER_SETS.search(function) and (string_of(arguments[0]) if arguments else "") in _HEADERS:
            return self._header(call, arguments[-1])
        if _SETS.search(function) and not _OF_REQUEST.match(function):
            return self._sets(call, function, arguments)
        return None

    def _session(self, call: Node, options: Node | None) -> CookieFault | None:
        found = entries(options)
        if not found or ("secret" not in found and "keys" not in found and "name" not in found):
            return None
        cookie = resolved(found.get("cookie"), self.names) if self.session != "cookie-session" else options
        if "cookie" in found and (cookie is None or cookie.type != "object"):
            return None
        one = self._attributes(cookie)
        if cookie is not None:
            self.judged.add(cookie.id)
        if SPREAD in entries(cookie):
            return None
        plain = self.session == "express-session"  # the others follow the connection
        place = entries(cookie).get("secure") if one.secure is False else entries(cookie).get("httpOnly")
        faults = faults_of(one, readable=False, plain=plain)
        return _fault(place if place is not None and faults[:1] != (Fault.UNENCRYPTED,) else call, "session", faults)

    def _sets(self, call: Node, function: str, arguments: list[Node]) -> CookieFault | None:
        first = arguments[0] if arguments else None
        if first is not None and short(first, 20) in _CONTEXTS and len(arguments) > len(("context", "name")):
            arguments = arguments[1:]
        if not arguments:
            return None
        whole = resolved(arguments[0], self.names)
        key: Node | None = arguments[0]
        value = arguments[1] if len(arguments) > 1 else None
        options = resolved(arguments[2], self.names) if len(arguments) > len(("name", "value")) else None
        if whole is not None and whole.type == "object":
            options, key, value = whole, entries(whole).get("name"), entries(whole).get("value")
        elif options is not None and options.type != "object":
            return None
        if options is not None:
            self.judged.add(options.id)
        name = string_of(resolved(key, self.names)) or name_of(key)
        keeps = signs_in(name) if key is not None else False
        if keeps is False or value is None or _is_gone(value, entries(options)):
            return None
        # `Cookies` with a capital is what a browser's script calls it, wherever it imports it from.
        if (self.by_script or function == "Cookies.set") and not function.startswith("res"):
            return _fault(call, name, (Fault.SCRIPT,), sure=False) if keeps else None
        if SPREAD in entries(options):
            return None
        safe = self.safe or function.startswith("ctx.")  # Koa's are httpOnly, and secure where the connection is
        one = self._attributes(options)
        return _fault(call, name, faults_of(one, readable=not safe, plain=not safe), sure=keeps is True)

    def _header(self, call: Node, value: Node) -> CookieFault | None:
        """Return what is wrong with a Set-Cookie header that is put together by hand."""
        text = short(resolved(value, self.names), 800)
        match = _NAMED.search(text)
        if match is None or signs_in(match["name"]) is not True or re.search(r"Max-Age=0|1970", text, re.IGNORECASE):
            return None
        lower = text.lower()
        faults = [] if "httponly" in lower else [Fault.READABLE]
        if "secure" not in lower and "${" not in lower.partition("httponly")[2]:
            faults.append(Fault.UNENCRYPTED)
        return _fault(call, match["name"], tuple(faults))

    def options(self, object_: Node) -> CookieFault | None:
        """Return what is wrong with options of cookies that stand apart from the call that sets one."""
        found = entries(object_)
        off = [
            key for key in ("httpOnly", "secure") if key in found and short(resolved(found[key], self.names)) == "false"
        ]
        if object_.id in self.judged or not off:
            return None
        context = context_of(object_)
        around = " ".join(_keys_above(object_))
        if _OTHER.search(context) or not (_BESIDE & found.keys() - {off[0]} or "ookie" in context):
            return None
        one = self._attributes(object_)
        sure = _AUTH.search(f"{context} {around}") is not None and not _OTHER.search(around)
        return _fault(found[off[0]], "session", faults_of(one, readable=False, plain=False), sure=sure)

    def assignment(self, node: Node) -> CookieFault | None:
        """Return what is wrong with `document.cookie = "token=..."`, or None."""
        if short(node.child_by_field_name("left"), 60) not in {"document.cookie", "window.document.cookie"}:
            return None
        text = short(node.child_by_field_name("right"), 800)
        match = _NAMED.search(text)
        name = match["name"] if match else next(iter(re.findall(r"\$\{(\w+)\}=", text)), "")
        gone = re.search(r"max-age=0|max-age=-|1970", text, re.IGNORECASE)
        return _fault(node, name, (Fault.SCRIPT,), sure=False) if signs_in(name) and not gone else None

    def _attributes(self, options: Node | None) -> Attributes:
        found = entries(options)
        flags = {key: short(resolved(found.get(key), self.names)) for key in ("httpOnly", "secure")}
        same_site = (string_of(found.get("sameSite")) or "").lower()
        return Attributes(
            {"true": True, "false": False}.get(flags["httpOnly"]),
            {"true": True, "false": False}.get(flags["secure"]),
            same_site,
            frozenset(key for key in flags if key in found),
        )


def _keys_above(node: Node) -> list[str]:
    """Return the keys that *node* lies under in the objects around it."""
    keys: list[str] = []
    current: Node | None = node
    for _ in range(12):
        current = current.parent if current is not None else None
        if current is None:
            break
        if current.type == "pair":
            keys.append(short(current.child_by_field_name("key"), 80))
    return keys


def _is_gone(value: Node, options: Mapping[str, Node]) -> bool:
    """Whether a cookie is taken away rather than set."""
    return short(value) in {'""', "''", "null", "undefined"} or short(options.get("maxAge")) in {"0", "-1"}


def _fault(node: Node, name: str, faults: tuple[Fault, ...], *, sure: bool = True) -> CookieFault:
    said = tuple(each.value for each in faults)
    return CookieFault(line_of(node), name[:60], said, shape_of("cookie", name), sure)
