"""Passwords of accounts in tables: rows that a script loads, each with an address and what its account opens with."""

from __future__ import annotations

import re
from collections.abc import Iterator

import re2

from checks.facts.secrets.assigned_secrets import DEFAULT, Assigned, Strength
from checks.facts.secrets.names import Sort, sort_of
from checks.facts.secrets.values import Look, look_of

_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{2,64}")
_MOST_ROWS = 200
_LONGEST = 2000  # characters of a row
_SHORTEST = 4  # characters of what is a password and no number of a kind
_MOST_CELLS = 60
# Without a heading a cell must look like a password by itself: letters and a digit or mark, or the word.
_PASSWORD = re.compile(r"(?i)(?=.*[a-z])(?:.*pass|(?=.*\d)(?=.*[!@#$%^&*])).*")
_DATA = re.compile(r"[\s/:@]|^[\d.,+-]+$|\.\w{2,4}$|^\$(?:2[abxy]|argon|pbkdf)")  # dates, files, numbers, hashes


def logins_in(text: str) -> Iterator[Assigned]:
    """Yield the passwords in the rows of *text*, values between commas, semicolons or tabs; all of them are advice."""
    if "@" not in text:
        return
    offset, rows = 0, []
    for line in text.split("\n", _MOST_ROWS)[:_MOST_ROWS]:
        if len(line) <= _LONGEST:
            rows.append((offset, line.rstrip("\r")))
        offset += len(line) + 1
    if not rows:
        return
    mark = max(",;\t", key=rows[0][1].count)
    heading = _cells(rows[0][1], mark)
    named = [place for place, (_, name) in enumerate(heading) if sort_of(name) is Sort.PASSWORD]
    for start, line in rows[1:] if named else rows:
        cells = _cells(line, mark)
        if not any(_ADDRESS.fullmatch(value) for _, value in cells):
            continue
        for place, (at, value) in enumerate(cells):
            if place in named if named else _looks_told(value):
                if _DATA.search(value) or look_of(value) in {Look.EMPTY, Look.REFERENCE, Look.PLACEHOLDER}:
                    continue
                what = DEFAULT if look_of(value) is Look.WEAK else Sort.PASSWORD.value
                yield Assigned(start + at, what, Strength.POSSIBLE, value)


_HEADING = re2.compile(
    r"(?im)^[ \t]{0,8}\|[^\n]{0,300}\b(?:password|passwd|passcode|pin)\b[^\n]{0,300}\|[ \t]{0,8}\n"
    r"[ \t]{0,8}\|[ \t:|-]{3,300}\n"
)


def told_in_tables(text: str) -> Iterator[Assigned]:
    """Yield the passwords in the Markdown tables of *text* that have a column for them; all of them are advice."""
    if "|" not in text:
        return
    for match in _HEADING.finditer(text):
        heading = _cells(match.group().partition("\n")[0], "|")
        named = [place for place, (_, name) in enumerate(heading) if sort_of(name.strip("*_` ")) is Sort.PASSWORD]
        start = match.end()
        for line in text[start : start + _LONGEST * 4].split("\n")[:_MOST_ROWS]:
            if not line.lstrip().startswith("|"):
                break
            for place, (at, value) in enumerate(_cells(line, "|")):
                told = value.strip("*_` ")
                if place in named and _is_told(told):
                    yield Assigned(start + at, Sort.PASSWORD.value, Strength.POSSIBLE, told)
            start += len(line) + 1


def _is_told(value: str) -> bool:
    if len(value) <= _SHORTEST or not any(map(str.isdigit, value)) or _DATA.search(value):
        return False
    return look_of(value) not in {Look.EMPTY, Look.REFERENCE, Look.PLACEHOLDER, Look.WORDS}


def _cells(line: str, mark: str) -> list[tuple[int, str]]:
    """Return the cells of *line* between *mark*s, each with where it begins; quotes are taken off."""
    found, at = [], 0
    for cell in line.split(mark, _MOST_CELLS)[:_MOST_CELLS]:
        value = cell.strip()
        found.append((at + cell.find(value), value.strip("\"'")))
        at += len(cell) + 1
    return found


def _looks_told(value: str) -> bool:
    return 6 <= len(value) <= 40 and _PASSWORD.fullmatch(value) is not None  # noqa: PLR2004 - as long as passwords are
