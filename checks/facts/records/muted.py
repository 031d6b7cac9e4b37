"""Questions that stand in a comment: the check of who may do something was written, and switched off."""

from __future__ import annotations

import re
from dataclasses import replace

from checks.facts.records.access import Doing

_ASKS = (
    r"(?:require|check|ensure|assert|verify|authori[sz]e|enforce|has|can|is)_?\w{0,30}?"
    r"(?:access|owner(?:ship)?|permissions?|roles?|admin|member(?:ship)?|staff|superuser)\w{0,20}"
)
#: A commented line that is a call of such a check, its decorator, or a condition on the caller's role.
_MUTED = re.compile(
    r"^[ \t]{0,40}(?://|#)[ \t]{0,9}(?:"
    rf"(?P<at>@)?(?:await[ \t]{{1,4}})?(?:\w{{1,40}}\.)?(?P<name>{_ASKS})(?P<call>\([^\n]{{0,120}}\))?[ \t]{{0,9}};?"
    r"|if[ \t]{0,4}\(?[ \t]{0,4}(?:not[ \t]{1,4}|!)?(?:(?:req|request|session|self\.request)[?!]?\.)?"
    r"(?:user|current_user|session)[?!]?\.(?:\w{1,20}[?!]?\.)?(?:role|is_?[aA]dmin|is_staff|is_superuser)\b[^\n]{0,80}[:{)]"
    r")[ \t\r]{0,9}$",
    re.MULTILINE | re.IGNORECASE,
)
_BELOW = 6  # lines between a decorator that is switched off and its function


def with_muted(functions: tuple[Doing, ...], text: str) -> tuple[Doing, ...]:
    """Return *functions* of *text*, "muted" among the uses of those whose own check stands in a comment."""
    places: dict[int, str] = {}
    for match in _MUTED.finditer(text):
        if match["name"] is None or match["call"] or match["at"]:
            line = text.count("\n", 0, match.start()) + 1
            places[-line if match["at"] else line] = match["name"] or ""
        if len(places) > 40:  # noqa: PLR2004 - questions of one file
            break
    if not places:
        return functions
    starts = sorted((line, one.key) for one in functions if (line := _line_of(one.key)))
    muted = {key for line, name in places.items() for key in [_function(line, starts)] if _is_off(key, name, functions)}
    return tuple(replace(one, uses=(*one.uses, "muted")) if one.key in muted else one for one in functions)


def _is_off(key: str, name: str, functions: tuple[Doing, ...]) -> bool:
    """Whether the function *key* does not ask *name* elsewhere."""
    return all(name not in {*one.hands, *one.passes} for one in functions if one.key == key)


def _function(line: int, starts: list[tuple[int, str]]) -> str:
    """Return the key of the function around *line*, or of the one below a decorator, whose line is negative."""
    if line < 0:
        return next((key for start, key in starts if -line < start <= -line + _BELOW), "")
    return next((key for start, key in reversed(starts) if start <= line), "")


def _line_of(key: str) -> int:
    number = re.match(r"(?:at:)?(\d+)", key)
    return int(number[1]) if number is not None else 0
