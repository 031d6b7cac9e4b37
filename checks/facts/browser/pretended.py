"""
Logins that exist in the browser only: pretended with a timer, or a record of oneself in the browser's own storage.

A pretended login waits a second and lets everybody in. A stored one takes whoever has the record for signed in: anyone
writes one in the developer tools. What shows or hides the whole app by such a record is named by the hook it uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import re2

from checks.facts.browser.gate_kinds import Gate

_MOST = 50  # timers, records and gates of one file
_BEFORE, _AFTER = 1_600, 900  # characters around a timer
_TIMER = re2.compile(r"\bsetTimeout\(")
_HANDLER = re.compile(
    r"\b(?:const|let|function)\s+(?P<name>\w*(?:log_?in|sign_?in|sign_?up|register|verify|otp|authenticate|create_?account)\w*)"
    r"\s*(?:=|\()",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"\n {0,4}(?:const \w+ = (?:async )?(?:\(|function)|(?:async )?function \w)|\n {0,2}(?:return \(|\};?\n)"
)
#: Anything that may ask a server, a database or an identity provider.
_ASKS = re.compile(
    r"\bfetch\(|axios|supabase|firebase|\bauth\.|\.mutate|mutateAsync|apiRequest|\bapi\w*[.(]|\bsignIn\w*\(|\bsignUp\w*\("
    r"|graphql|\btrpc\b|\.post\(|\.put\(|\bclient\.|\bawait\s+(?!new Promise)",
    re.IGNORECASE,
)
_LETS_IN = re.compile(
    r"setLocation\(|navigate\(|router\.(?:push|replace)\(|verified\(true|set_?(?:is_?)?(?:logged|auth)\w*\(true"
    r"|localStorage\.setItem|onSuccess\(|onLogin\(|setUser\(|set_?Step\(|\blogin\(",
    re.IGNORECASE,
)
_NAMED = r"(?:auth_?)?(?:user|current_?user|logged_?in_?user|user_?info|user_?data|account)"
_KEY = rf"[\"'`](?:[\w.:-]{{0,30}}[_.:-])?{_NAMED}[\"'`]"
_READ = re2.compile(rf"(?i)\b(?:local|session)Storage\s{{0,8}}\.\s{{0,4}}getItem\(\s{{0,8}}{_KEY}\s{{0,8}}\)")
_KEPT = re2.compile(
    rf"(?i)\b(?:local|session)Storage\s{{0,8}}\.\s{{0,4}}setItem\(\s{{0,8}}{_KEY}\s{{0,8}},\s{{0,8}}JSON\b"
)
_SIGNS_IN = re.compile(
    r"set_?(?:current_?|auth_?)?user\(|set_?(?:is_?)?(?:auth|logged)\w*\(|is_?logged_?in|is_?authenticated",
    re.IGNORECASE,
)
_PROVIDES = re.compile(r"\bexport\s+(?:const|function|default function)\s+(?P<hook>use[A-Z]\w*)")
_WALL = re2.compile(
    r"if\s{0,4}\(\s{0,4}!\s{0,4}(?:user|isAuthenticated|isLoggedIn|currentUser|loggedIn|authenticated)\s{0,4}\)\s{0,4}\{?\s{0,20}"
    r"return\s{0,4}\(?\s{0,20}<(?:\w{0,20}Login\w{0,20}|\w{0,20}SignIn\w{0,20}|\w{0,20}Auth\w{0,20}|Navigate|Redirect)\b"
)
#: A page that a role in the browser shows or hides.
_ROLE_WALL = re2.compile(
    r"if\s{0,4}\(\s{0,4}(?:!\s{0,4}\w{1,30}\??\.(?:isAdmin|is_admin)|!\s{0,4}isAdmin|\w{1,30}\??\.role\s{0,4}!==?\s{0,4}[\"'](?:super_?)?"
    r"(?:admin|owner|staff))[\"']?\s{0,4}\)\s{0,4}\{?\s{0,20}return\b"
)
_USES = re.compile(r"\}\s*=\s*(?P<hook>use[A-Z]\w*)\(\s*\)")


def pretended(text: str) -> Iterator[tuple[int, Gate, str]]:
    """Yield (offset, what by, name) of each login that *text* only pretends, or keeps for itself."""
    for count, match in enumerate(_TIMER.finditer(text)):
        if count >= _MOST:
            break
        name = _pretends(text, match.start())
        if name:
            yield match.start(), Gate.PRETENDED, f"{name} {count}"
    if not _SIGNS_IN.search(text):
        return
    for pattern, what in ((_READ, "read"), (_KEPT, "kept")):
        for count, match in enumerate(pattern.finditer(text)):
            if count < _MOST and (what == "kept" or "JSON.parse" in text[match.start() : match.start() + _AFTER]):
                yield match.start(), Gate.STORED, f"{what} {count}"


def _pretends(text: str, timer: int) -> str:
    """Return the name of the handler of a login that the timer at *timer* pretends, or nothing."""
    before = text[max(0, timer - _BEFORE) : timer]
    handlers = list(_HANDLER.finditer(before))
    if not handlers:
        return ""
    inside = before[handlers[-1].end() :]
    end = _NEXT.search(text, timer, timer + _AFTER)
    after = text[timer : end.start() if end is not None else timer + _AFTER]
    if _NEXT.search(inside) or _ASKS.search(inside + after):
        return ""
    return handlers[-1]["name"] if _LETS_IN.search(after) else ""


def hooks_of(text: str) -> tuple[str, ...]:
    """Return the hooks that *text*, which takes a stored record for a login, hands to other files."""
    return tuple(dict.fromkeys(match["hook"] for match in _PROVIDES.finditer(text)))[:10]


def walls_of(text: str) -> Iterator[tuple[int, str]]:
    """
    Yield (offset, hook) of each place where *text* shows the login instead of the app, by what a hook says.

    The hook is empty where a role decides; whose it is, only the rest of the app tells.
    """
    for count, match in enumerate(_ROLE_WALL.finditer(text)):
        if count < _MOST:
            yield match.start(), ""
    for count, match in enumerate(_WALL.finditer(text)):
        hooks = list(_USES.finditer(text, max(0, match.start() - 3_000), match.start()))
        if count >= _MOST:
            return
        for hook in hooks[-6:]:
            yield match.start(), hook["hook"]
