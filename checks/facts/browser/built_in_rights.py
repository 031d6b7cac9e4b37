"""
Rights that are built into the browser's code: for an e-mail address, for a host name, a frame, a query, or by a switch.

Each needs two things close to one another: what is asked, and a word for what is given (an administrator, a paid plan,
a session). An address alone may be a link to write to, a host name alone the address of a service.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import re2

from checks.facts.browser.gate_kinds import Gate

_MOST = 200  # places of one kind that are looked at in one file
_BEFORE, _AFTER = 200, 450  # characters around a place
_APART = 6  # lines: closer together it is one decision

_EMAIL = r"(?i)\b(?:e?mail|email_?address)\b\)?[?!]?(?:\s{0,20}\??\.\s{0,4}(?:toLowerCase|trim)\(\))*"
_IS = re2.compile(
    _EMAIL + r"\s{0,4}[!=]==?\s{0,4}[\"'`][^\"'`\s@]{1,64}@[^\"'`\s@]{1,64}[\"'`]"
    r"|(?i)[\"'`][^\"'`\s@]{1,64}@[^\"'`\s@]{1,64}[\"'`]\s{0,20},?\s{0,20}\]\s{0,4}\.\s{0,4}includes\([^()\n]{0,60}mail"
)
_LIKE = re2.compile(
    _EMAIL + r"\s{0,20}\??\.\s{0,4}(?:includes|endsWith|startsWith)\(\s{0,4}[\"'`]@?\w[\w.-]{3,63}[\"'`]\s{0,4}\)"
)
_RIGHTS = re.compile(
    r"admin|super_?user|\bis_?(?:owner|staff|pro|premium|vip|moderator|authori[sz]ed|allowed)\b|\btier\b|premium"
    r"|unlimited|bypass|permission|privileg|\brole\b|return true",
    re.IGNORECASE,
)
_HOSTS = (
    r"[\"'`](?:https?:)?/{0,2}(?:[^\"'`\s/l1]|l[^o]|1[^2])[^\"'`\s]{2,80}[\"'`]"  # localhost is the developer's own
)
_PLACE = re2.compile(
    r"\b(?:location\s{0,4}\.\s{0,4}(?:hostname|host|href|search|origin|hash)|hostname|host|referrer|currentUrl)\s{0,4}"
    rf"(?:={{2,3}}\s{{0,4}}{_HOSTS}|\.\s{{0,4}}(?:includes|endsWith|startsWith|indexOf)\(\s{{0,4}}{_HOSTS})"
    r"|\bwindow\s{0,4}\.\s{0,4}(?:self|top|parent)\s{0,4}!==?\s{0,4}window\b"
    r"|\b(?:is|in)_?(?:\w{0,12}Preview|Lovable|I[fF]rame|Framed|Demo|Embedded)\w{0,12}(?:\(\))?\s{0,4}(?:\)|&&|\|\|)"
    r"|(?i)\b\w{0,20}params\w{0,10}(?:\([^()\n]{0,60}\))?\s{0,4}\??\.\s{0,4}get\(\s{0,4}[\"'`](?:is_?)?(?:admin|super_?user|bypass|role)"
    r"[\"'`]\s{0,4}\)\s{0,4}={2,3}\s{0,4}[\"'`](?:true|1|yes|admin|super_?admin)[\"'`]"
)
_RIGHT = r"(?:is_?)?(?:admin|auth(?:enticated|ori[sz]ed)?|logged_?in|super_?user)"
_GIVES = re.compile(
    rf"set_?{_RIGHT}(?:user|mode|access)?\(\s{{0,4}}true|\b{_RIGHT}\s{{0,4}}=\s{{0,4}}true\b", re.IGNORECASE
)
_GIVEN = re.compile(
    rf"\b(?:const|let|var)\s{{1,4}}{_RIGHT}(?:user|mode|access)?\s{{0,4}}=\s{{0,8}}[^=;\n]{{0,80}}\Z"
    rf"|set_?{_RIGHT}\([^;\n]{{0,80}}\Z",
    re.IGNORECASE,
)
_SWITCH = re2.compile(
    r"(?i)\b(?:if\s{0,4}\(|else if\s{0,4}\(|&&|\|\||return|=)\s{0,4}\(?(?:should|is|can|do)?_?"
    r"(?:skip|bypass|disable|ignore)_?(?:auth|login|admin)(?:entication|ori[sz]ation|check)?(?:_?(?:enabled|mode))?\b"
    r"(?:\(\s{0,4}\))?\s{0,4}(?:\)|&&|\|\||\?)"
)
_LETS_IN = re.compile(
    r"admin|session\b|set_?user|authenticated|navigate|children|outlet|redirect|granted|access", re.IGNORECASE
)
_REQUEST = re.compile(r"headers|Authorization|fetch\(|axios|interceptor", re.IGNORECASE)


def built_in(text: str) -> Iterator[tuple[int, Gate]]:
    """Yield (offset, what by) for each place in *text* that gives rights by what is written into the code."""
    yield from _apart(text, Gate.LITERAL, _literals(text))
    yield from _apart(text, Gate.PLACE, _near(text, _PLACE, _GIVES, _GIVEN))
    switches = (
        offset
        for offset in _near(text, _SWITCH, _LETS_IN, _LETS_IN)
        if not _REQUEST.search(text[max(0, offset - _BEFORE) : offset + _AFTER])
    )
    yield from _apart(text, Gate.SWITCH, switches)


def _literals(text: str) -> Iterator[int]:
    yield from sorted((*_near(text, _IS, _RIGHTS, _RIGHTS), *_near(text, _LIKE, _RIGHTS, _RIGHTS)))


def _near(text: str, asked: re.Pattern[str], after: re.Pattern[str], before: re.Pattern[str]) -> Iterator[int]:
    """Yield the offset of each match of *asked* that has *before* close before it, or *after* close behind it."""
    for count, match in enumerate(asked.finditer(text)):
        if count >= _MOST:
            return
        if before.search(text[max(0, match.start() - _BEFORE) : match.start()]) or after.search(
            text[match.end() : match.end() + _AFTER]
        ):
            yield match.start()


def _apart(text: str, gate: Gate, offsets: Iterator[int]) -> Iterator[tuple[int, Gate]]:
    """Yield the first of *offsets* that lie within a few lines of each other, with *gate*."""
    last: int | None = None
    for offset in offsets:
        if last is None or text.count("\n", last, offset) > _APART:
            yield offset, gate
        last = offset
