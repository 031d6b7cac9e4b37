"""TOML text, refused before parsing where one of its lines would cost too much, and the lines of what it holds."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from typing import Any

from checks.facts.packages.packages import Unreadable

#: tomllib needs time by the square of a dotted key's parts, and 1.5 kB for each: 100 kB of `a.a` cost 18 s and 1 GiB.
#: Real lines hold a few dozen dots at most, strings included, and real files some thousands in keys and headers.
MOST_DOTS = 300
MOST_KEY_DOTS = 50_000

# Possessive, and the closing quote optional: hostile lines are read once, not from each of their characters.
_STRING = re.compile(r'"((?:[^"\\\n]++|\\.)*+)"?|\'([^\'\n]*+)\'?')
_HEADER = re.compile(r"\s*+\[\[?+([^\]]++)\]\]?\s*+(#.*)?$")
_KEY = re.compile(r"\s*[\"']?([A-Za-z0-9_.-]+)[\"']?\s*=")


def load(text: str) -> dict[str, Any]:
    """Return the tables of *text*; raises Unreadable where it is no TOML, or holds more dots than any manifest does."""
    in_keys = 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") > MOST_DOTS:
            raise Unreadable(f"line {number} holds more than {MOST_DOTS} dots, which no manifest does")
        in_keys += _dots_in_keys(line)
        if in_keys > MOST_KEY_DOTS:
            raise Unreadable(f"its keys hold more than {MOST_KEY_DOTS:,} dots, which no manifest's do")
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        where = re.search(r"\(at line (\d+)", str(error))
        raise Unreadable(f"it is not valid TOML{f' (line {where[1]})' if where else ''}") from None


def _dots_in_keys(line: str) -> int:
    """Return how many dots of *line* may stand in keys: before its first `=`, and between a comma and another."""
    if line.lstrip().startswith("["):
        return line.count(".")
    first, *others = line.split("=")
    if not others:
        return 0
    return first.count(".") + sum(other.rpartition(",")[2].count(".") for other in others[:-1])


class Lines:
    """Where things stand in a TOML text: strings and keys, each found in the order of the file; lines from 1."""

    def __init__(self, text: str) -> None:
        self._strings: defaultdict[str, list[int]] = defaultdict(list)
        self._keys: dict[tuple[str, str], int] = {}
        self.headers: defaultdict[str, list[int]] = defaultdict(list)  # table name -> its lines
        table = ""
        for number, line in enumerate(text.splitlines(), 1):
            header = _HEADER.match(line)
            if header is not None:
                table = header[1].replace('"', "").replace("'", "").replace(" ", "")
                self.headers[table].append(number)
            key = _KEY.match(line)
            if key is not None:
                self._keys.setdefault((table, key[1].lower()), number)
            for match in _STRING.finditer(line):
                self._strings[match[1] if match[1] is not None else match[2]].append(number)

    def of_string(self, string: str) -> int:
        """Return the line of the next unused occurrence of the literal *string*; 1 where it is not found."""
        known = self._strings.get(string, [])
        if len(known) > 1:
            return known.pop(0)
        return known[0] if known else 1

    def of_key(self, table: str, key: str) -> int:
        """Return the line of *key* in *table*, or of the table itself, or 1."""
        known = self._keys.get((table, key.lower()))
        return known or next(iter(self.headers.get(table, ())), 1)
