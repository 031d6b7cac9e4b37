"""Calls to other servers that set no limit of time: not at the call, at its client, or for the whole program."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tree_sitter import Node

from checks.fact import Collector, Listing
from checks.facts.code.literals import arguments_of, callee_of, short, string_of
from checks.facts.code.syntax import PARSERS, language_of, line_of, nodes_of
from checks.facts.neighbours import is_set_aside
from checks.facts.tier import Tier, is_built, is_for_development, is_run_by_hand, tier_of
from checks.facts.web.options import SPREAD, bindings, entries, keywords, resolved


@dataclass(frozen=True, slots=True)
class Waiting:
    """One call that sets no limit: *line* from 1, *call* as the code names it."""

    line: int
    call: str


@dataclass(frozen=True, slots=True)
class WaitingInFile:
    """One file's calls; *limits* names the clients that the file sets a limit for, for the whole program."""

    calls: tuple[Waiting, ...] = ()
    limits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutboundCalls:
    """The calls without a limit, by path; *any* says that some call to another server was seen at all."""

    files: Mapping[str, tuple[Waiting, ...]]


_HINT = re.compile(r"requests|httpx|urlopen|aiohttp|smtplib|axios|fetch\(|got[.(]|needle|superagent|node-fetch|socket")
_REQUESTS = re.compile(r"^(?:requests|\w*session|\w*Session\(\))\.(?:get|post|put|patch|delete|head|options|request)$")
_SESSIONS = re.compile(r"requests\.Session\(|from requests import|import requests")
_OTHER = re.compile(
    r"^(?:urllib\.request\.|request\.)?urlopen$|^smtplib\.SMTP(?:_SSL)?$|^(?:urllib3\.)?PoolManager$|^ftplib\.FTP$"
)
_NEVER = re.compile(r"^httpx\.|(?:^|\.)ClientTimeout$|^(?:Async)?Client$")
_AXIOS = re.compile(r"^(?:axios|axios\.(?:get|post|put|patch|delete|head|request|create))$")
_GOT = re.compile(r"^(?:got|got\.(?:get|post|put|patch|delete|extend)|needle|superagent\.\w+|nodeFetch)$")
_DEFAULTS = (
    ("requests", re.compile(r"socket\.setdefaulttimeout\(|class\s+\w*(?:Timeout\w*Adapter|Session)\w*\(")),
    ("axios", re.compile(r"axios\.defaults\.timeout\s*=|axios\.interceptors\.request")),
    ("fetch", re.compile(r"(?:global|globalThis)\.fetch\s*=|setGlobalDispatcher\(")),
)
_SERVER = re.compile(
    r"(^|/)(server|api|backend|functions|workers?|services|cron|jobs|lib/server|netlify|actions?)/|(^"
    r"|/)route\.[jt]s$|\.server\.[jt]s$|(^|/)actions?\.[jt]s$"
)
_PAGES = re.compile(
    r"(^|/)(frontend|client|mobile|browser|extension|public|static|hooks|components)[^/]*/(?!app/api/"
    r"|.*/route\.[jt]s$)"
)
_BROWSER = re.compile(
    r"^[\"']use client[\"']|\b(?:window|document|localStorage|navigator)\.|\bfrom [\"'](?:react|vue|svelte)[\"']",
    re.MULTILINE,
)
_MOST = 200  # calls of one file that are told


def kind_of(path: str) -> str | None:
    """Return the language of *path*, with "-server" where it lies among a server's; None for pages and scripts."""
    if tier_of(path) is not Tier.CODE or is_run_by_hand(path) or is_built(path) or is_set_aside(path):
        return None
    language = language_of(path)
    if _PAGES.search(path):
        return None
    if language in {None, "tsx"} or path.endswith(".jsx") or is_for_development(path):
        return None
    if language == "python":
        return None if posixpath.basename(path) in {"setup.py", "conftest.py"} else language
    return f"{language}-server" if _SERVER.search(path) else language


def read(text: str, kind: str) -> WaitingInFile | None:
    """Return the calls of *text* that set no limit, and the clients that it sets one for."""
    if _HINT.search(text) is None:
        return None
    language, _, served = kind.partition("-")
    limits = tuple(name for name, pattern in _DEFAULTS if pattern.search(text))
    found = _python(text) if language == "python" else _javascript(text, language, served=bool(served))
    calls = tuple(Waiting(line_of(call), name) for call, name in found)[:_MOST]
    return WaitingInFile(calls, limits) if calls or limits else None


def _python(text: str) -> Iterator[tuple[Node, str]]:
    requests = _SESSIONS.search(text) is not None
    for call in nodes_of(text, "python", "(call) @it"):
        function, named = callee_of(call), keywords(call)
        if SPREAD in named:
            continue
        if requests and _REQUESTS.match(function):
            if "timeout" not in named or short(named["timeout"]) == "None":
                yield call, function
        elif _OTHER.match(function):
            if "timeout" not in named and len(arguments_of(call)) < len(("address", "data", "timeout")):
                yield call, function
        elif _NEVER.search(function):
            limit = named.get("total") if function.endswith("ClientTimeout") else named.get("timeout")
            if limit is not None and short(limit) == "None":
                yield call, function


def _javascript(text: str, language: str, *, served: bool) -> Iterator[tuple[Node, str]]:
    """Yield calls of a server's code: what waits in a browser ends when its page is closed."""
    if _BROWSER.search(text) or not (served or re.search(r"process\.env|Deno\.|require\(", text)):
        return
    names = bindings(text, language)
    for call in nodes_of(text, language, "(call_expression) @it"):
        function, arguments = callee_of(call), arguments_of(call)
        if function == "fetch":
            if _is_far(arguments) and not _limited(call, arguments[1:], names, "signal"):
                yield call, function
        elif _AXIOS.match(function) or _GOT.match(function):
            body = function.endswith((".post", ".put", ".patch")) and function.startswith("axios")
            address = function not in {"axios", "axios.create", "axios.request", "got.extend"}
            options = arguments[len(("address", "body")) if body else 1 if address or len(arguments) > 1 else 0 :]
            if not _limited(call, options, names, "timeout", "signal"):
                yield call, function


def _is_far(arguments: list[Node]) -> bool:
    """Whether a call of fetch leaves this server: its address is no path, and no address of this machine."""
    first = arguments[0] if arguments else None
    text = (string_of(first) if first is not None else None) or short(first, 400).strip("`")
    return first is not None and not re.match(
        r"^(?:/|\.{1,2}/|https?://(?:localhost|127\.)|req\b|request\b|event\.request)", text
    )


def _limited(call: Node, options: list[Node], names: Mapping[str, Node], *keys: str) -> bool:
    """Whether one of *options* sets a limit, or cannot be read."""
    for each in options:
        found = resolved(each, names)
        held = entries(found)
        if found is None or found.type != "object" or SPREAD in held or any(key in held for key in keys):
            return True
    return ".timeout(" in short(call.parent, 600) if call.parent is not None else False


def join(parts: Mapping[str, WaitingInFile], _listing: Listing) -> OutboundCalls:
    """Return the calls without a limit, but for those of clients that get one for the whole program."""
    limited = {name for part in parts.values() for name in part.limits}
    files = {
        path: tuple(each for each in part.calls if _client(each.call) not in limited) for path, part in parts.items()
    }
    return OutboundCalls({path: calls for path, calls in sorted(files.items()) if calls})


def _client(call: str) -> str:
    if call.startswith(("axios", "fetch")):
        return call.partition(".")[0]
    return "requests" if _REQUESTS.match(call) or _OTHER.match(call) else call


source = Collector(fact=OutboundCalls, part=WaitingInFile, kind_of=kind_of, read=read, join=join, parsers=PARSERS)
