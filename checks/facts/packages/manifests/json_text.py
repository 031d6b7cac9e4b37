"""JSON text with the line of each key, refused before parsing where it is nested too deep."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from checks.facts.packages.packages import Unreadable

#: Real lock files nest below 40; CPython's parser gives up near 1,000 by RecursionError.
DEEPEST = 200

# Possessive, and the closing quote optional: a string that never ends is read once, not from each of its characters.
_STRING = r'"(?:[^"\\\n]++|\\.)*+"?'
_TOKEN = re.compile(rf"{_STRING}|[{{}}\[\]\n]")
_COLON = re.compile(r"\s*:\s*([{\[]?)")
_TRAILING_COMMA = re.compile(rf"({_STRING})|,(?=\s*[}}\]])|//[^\n]*")

Lines = Mapping[tuple[str, ...], int]


def load(text: str) -> tuple[dict[str, Any], Lines]:
    """
    Return the object that *text* holds and {path of keys: line}, lines from 1.

    Lines are kept for keys of the two outermost levels and for every key whose value is an object or a list. Raises
    Unreadable where the text is not JSON, not an object, or nested deeper than DEEPEST.
    """
    lines = _lines_of(text)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise Unreadable(f"it is not valid JSON{where}") from None
    if not isinstance(value, dict):
        raise Unreadable("it holds no JSON object")
    return value, lines


def without_comments(text: str) -> str:
    """Return *text*, JSON as bun writes it, without trailing commas and `//` comments; lines stay as they are."""
    return _TRAILING_COMMA.sub(lambda match: match[1] or "", text)


def _lines_of(text: str) -> dict[tuple[str, ...], int]:
    lines: dict[tuple[str, ...], int] = {}
    path: list[str] = []
    pending = ""  # the key whose value opens next
    line = 1
    for token in _TOKEN.finditer(text):
        match token[0]:
            case "\n":
                line += 1
            case "{" | "[":
                path.append(pending)
                pending = ""
                if len(path) > DEEPEST:
                    raise Unreadable(f"it is nested deeper than {DEEPEST} levels")
            case "}" | "]":
                if path:
                    path.pop()
            case string:
                colon = _COLON.match(text, token.end())
                if colon is not None:
                    key = _plain(string)
                    pending = key if colon[1] else ""
                    if colon[1] or len(path) <= 2:  # noqa: PLR2004 - the root and a section of package.json
                        lines.setdefault((*path[1:], key), line)
    return lines


def _plain(string: str) -> str:
    if "\\" not in string:
        return string[1:-1]
    try:
        return str(json.loads(string))
    except ValueError:
        return string[1:-1]
