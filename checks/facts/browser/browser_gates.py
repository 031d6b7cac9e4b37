"""
Places where code in the browser decides who is let in: by its own storage, by a password it holds, by user metadata.

A part holds lines, names and kinds, no text of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import re2

from checks.fact import Collector, Listing
from checks.facts.browser.built_in_rights import built_in
from checks.facts.browser.bundled_names import PREFIX
from checks.facts.browser.gate_kinds import Gate
from checks.facts.browser.pretended import hooks_of, pretended, walls_of
from checks.facts.code.components import page_of
from checks.facts.code.syntax import language_of
from checks.facts.tier import Tier, tier_of

_MOST = 30  # of one file
_ONE_ACT = 12  # lines: what a pretended login notes so close to it is part of it
_HINT = re2.compile(
    r"(?i)(?:local|session)Storage|(?:admin|owner)_?(?:wallet|address)|user_metadata|_?(?:EMAIL|USER|DOMAIN)|(?:import\.meta|process)\.env"
)
_KEY = (
    r"(?:is_?)?(?:admin|super_?admin|staff|manager|owner)(?:_?(?:auth(?:enticated|ed|orized)?|logged_?in|login|access|session"
    r"|mode|user|unlocked|verified|ok))?|is_?(?:auth(?:enticated|ed|orized)?|logged_?in|staff|manager|owner|verified)"
    r"|(?:user_?|current_?|my_?)?role|user_?type|logged_?in|authenticated|auth(?:ed|_?status|_?state)?|dev_?auth"
)
_STORAGE = r"\b(?:local|session)Storage\s{0,8}\.\s{0,4}"
_READ = re2.compile(rf"(?i){_STORAGE}getItem\(\s{{0,8}}[\"'`](?:[\w.:-]{{0,30}}[_.:-])?({_KEY})[\"'`]\s{{0,8}}\)")
_SET = re2.compile(
    rf"(?i){_STORAGE}setItem\(\s{{0,8}}[\"'`](?:[\w.:-]{{0,30}}[_.:-])?({_KEY})[\"'`]\s{{0,8}},\s{{0,8}}"
    r"[\"'`]?(true|1|yes|admin|authenticated|ok|granted)\b"
)
_PAID = re2.compile(
    rf"(?i){_STORAGE}getItem\(\s{{0,8}}[\"'`](?:[\w.:-]{{0,30}}[_.:-])?((?:is_?)?(?:premium|pro|paid|subscribed|vip)(?:_?user)?"
    r"|subscription_?(?:tier|plan|status)|user_?(?:plan|tier|credits)|has_?(?:paid|premium|purchased))[\"'`]\s{0,8}\)"
)
_USER = re2.compile(
    rf"(?i){_STORAGE}getItem\(\s{{0,8}}[\"'`](?:[\w.:-]{{0,30}}[_.:-])?(user|current_?user|user_?info|user_?data|profile|account)"
    r"[\"'`]\s{0,8}\)"
)
_ROLE = re.compile(
    r"\.(?:role|isAdmin|is_admin|userType)\s{0,4}(?:={2,3}|!={1,2})\s{0,4}[\"'`](?:super_?)?(?:admin|owner|manager|staff|teacher)"
    r"|\.(?:isAdmin|is_admin)\b",
    re.IGNORECASE,
)
_PASSWORD = re2.compile(
    r"(?i)\b\w{0,30}(?:password|passcode|pass|pwd|pin|code|secret)\w{0,10}\s{0,4}[!=]==?\s{0,4}"
    rf"(?:import\.meta\.env|process\.env)\.{PREFIX}_\w{{0,60}}(?:PASS\w{{0,8}}|PIN|CODE|SECRET|KEY)\b"
)
_METADATA = re2.compile(
    r"\buser_metadata\s{0,4}\)?\??\.?\[?[\"']?(?:role|is_admin|isAdmin|user_role|userRole|user_type|userType|admin)\b"
)
_SETS = re.compile(r"updateUser|signUp|user_metadata\s*:|data\s*:\s*\{")
_DECIDES = re.compile(
    r"redirect\(|navigate\(|<Navigate|router\.(?:push|replace)|\bnotFound\(|return null|\b40[13]\b"
    r"|[Uu]nauthori[sz]ed|[Ff]orbidden|[Aa]ccess [Dd]enied|={2,3}\s*[\"'](?:admin|owner|manager|staff|superadmin)[\"']"
    r"|isAdmin|isOwner|includes\("
)
_TABLE_ROLE = re.compile(r"from\(\s*[\"'](?:user_roles|profiles|users|admins|roles|user_profiles|members)[\"']|rpc\(")
_ADDRESSES = re2.compile(  # a constant of domains; `allowedDomains` is mostly what somebody typed into a form
    r"(?i)\b\w{0,20}(?:ADMIN_?(?:EMAIL|USER)|(?:SUPER_?USER|OWNER|STAFF|ALLOWED|AUTHORI[SZ]ED|WHITELIST(?:ED)?|PREMIUM|VIP)_?"
    r"(?:EMAIL|(?-i:DOMAIN)))S?\w{0,10}\s{0,4}(?:\??\.includes\(|\.has\(|\.indexOf\()"
    r"|\.email\s{0,4}={2,3}\s{0,4}ADMIN_EMAIL\b"
    r"|\b\w{0,20}(?:wallet|address|account|publicKey)\w{0,10}\s{0,4}={2,3}\s{0,4}(?:admin|owner)_?(?:wallet|address)\w{0,10}\b"
    r"|[=!(&|?:]\s{0,4}is_?(?:super_?)?(?:admin|owner)_?(?:by_?)?e?mail\("
)
_ASKS = re2.compile(
    r"\.auth\s{0,8}\.\s{0,4}(?:getUser|getSession|onAuthStateChange|signIn\w{0,20}|currentUser)\b"
    r"|onAuthStateChanged\(|\buseSession\(|\buseUser\(|\buseAuth0\(|\bgetServerSession\(|@clerk/"
    r"|signInWithEmailAndPassword|createUserWithEmailAndPassword"
    r"|Authorization[\"']?\s{0,4}[:\]]|\bcredentials\s{0,4}:\s{0,4}[\"']include"
)


@dataclass(frozen=True, slots=True)
class Decision:
    """One place that decides: *line* from 1, *gate* what by, *name* of the entry; *decides* if the file acts on it."""

    line: int
    gate: Gate
    name: str
    decides: bool = True


@dataclass(frozen=True, slots=True)
class GatesInFile:
    """
    The decisions of one file; *asks* says that it signs people in with a server, or sends it their token.

    *hooks* hand a login that the browser stores to other files, *walls* (line, hook) show the app by what a hook says.
    """

    decisions: tuple[Decision, ...] = ()
    asks: bool = False
    hooks: tuple[str, ...] = ()
    walls: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class BrowserGates:
    """The decisions of all files, by path."""

    files: Mapping[str, GatesInFile]

    @property
    def asks_server(self) -> bool:
        """Whether some file signs people in with a server."""
        return any(part.asks for part in self.files.values())


def kind_of(path: str) -> str | None:
    """Return "code" where *path* may run in a browser."""
    if tier_of(path) is not Tier.CODE:
        return None
    language = language_of(path)
    return "code" if (language and language != "python") or page_of(path) else None


def read(text: str, _kind: str) -> GatesInFile | None:
    """Return the decisions of *text*, or None where it makes none and asks nobody."""
    text = text.encode("utf-8", "replace").decode()
    found: dict[tuple[Gate, str], Decision] = {}
    for decision in (*_built_in(text), *_decisions(text), *_pretended(text)):
        found.setdefault((decision.gate, decision.name), decision)
        if len(found) >= _MOST:
            break
    read_names = {name for gate, name in found if gate is Gate.FLAG}
    timers = [each.line for (gate, _), each in found.items() if gate is Gate.PRETENDED]
    kept = [
        each
        for (gate, name), each in found.items()
        if not (gate is Gate.SET and name in read_names)
        and not (gate is Gate.STORED and any(0 <= each.line - line <= _ONE_ACT for line in timers))
    ]
    stored = any(gate is Gate.STORED for gate, _ in found)
    walls = tuple((_line(text, offset), hook) for offset, hook in walls_of(text))
    asks = _ASKS.search(text) is not None
    part = GatesInFile(_in_order(kept), asks, hooks_of(text) if stored else (), walls)
    return part if part.decisions or part.asks or part.walls else None


def _in_order(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    return tuple(sorted(decisions, key=lambda each: each.line))


def _pretended(text: str) -> Iterator[Decision]:
    for offset, gate, name in pretended(text):
        yield Decision(_line(text, offset), gate, name)


def _built_in(text: str) -> Iterator[Decision]:
    for count, (offset, gate) in enumerate(built_in(text)):
        yield Decision(_line(text, offset), gate, f"{gate.name.lower()} {count}", decides=gate is Gate.PLACE)


def _decisions(text: str) -> Iterator[Decision]:
    if not _HINT.search(text):
        return
    decides = _DECIDES.search(text) is not None
    for pattern, gate in ((_READ, Gate.FLAG), (_SET, Gate.SET), (_PAID, Gate.PAID)):
        for match in pattern.finditer(text):
            yield Decision(_line(text, match.start()), gate, match.group(1).lower(), decides and gate is not Gate.PAID)
    for match in _PASSWORD.finditer(text):
        yield Decision(_line(text, match.start()), Gate.PASSWORD, "password")
    for match in _ADDRESSES.finditer(text):
        yield Decision(_line(text, match.start()), Gate.ADDRESS, "address", decides=False)
    if _ROLE.search(text):
        for match in _USER.finditer(text):
            yield Decision(_line(text, match.start()), Gate.USER, match.group(1).lower(), decides)
    by_table = _TABLE_ROLE.search(text) is not None
    for match in _METADATA.finditer(text):
        if not _SETS.search(text, max(0, match.start() - 200), match.start()):
            yield Decision(_line(text, match.start()), Gate.METADATA, "user_metadata", decides and not by_table)


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def join(parts: Mapping[str, GatesInFile], _listing: Listing) -> BrowserGates:
    """Return the decisions of all files, with those that rest on what another file stores."""
    hooks = {hook for part in parts.values() for hook in part.hooks}
    found = {}
    for path, part in parts.items():
        walls = {line: hook for line, hook in part.walls if hook and hook in hooks}
        more = [Decision(line, Gate.WALL, f"wall {count}") for count, line in enumerate(sorted(walls))]
        found[path] = replace(part, decisions=_in_order([*part.decisions, *more])) if more else part
    return BrowserGates(found)


source = Collector(fact=BrowserGates, part=GatesInFile, kind_of=kind_of, read=read, join=join, parsers=("google-re2",))
