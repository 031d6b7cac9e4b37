"""Steps of a migration written in SQL; on tables that the same file makes, nothing can do harm."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.facts.operations.migration_step import Harm, Step

_OPENS = re.compile(r"--|/\*|\$\w{0,60}\$")
_MOST_OPEN = 50  # quotes and comments that nothing closes: each costs a look at the rest of the file
_T = r"(?:IF\s+(?:NOT\s+)?EXISTS\s+)?(?:ONLY\s+)?(?P<table>[\"`\[\]\w.]{1,120})"
_CREATES = re.compile(rf"^\s*CREATE\s+(?:UNLOGGED\s+|TEMP(?:ORARY)?\s+)?TABLE\s+{_T}", re.IGNORECASE)
_ALTERS = re.compile(rf"^\s*ALTER\s+TABLE\s+{_T}(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_DROPS = re.compile(rf"^\s*DROP\s+TABLE\s+{_T}", re.IGNORECASE)
_EMPTIES = re.compile(
    rf"^\s*(?:TRUNCATE\s+(?:TABLE\s+)?|DELETE\s+FROM\s+){_T}\s*(?:(?:RESTART|CASCADE|CONTINUE)\b|$)", re.IGNORECASE
)
_INDEXES = re.compile(
    r"^\s*CREATE\s+(?:UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY)[^;]{0,300}?\bON\s+(?:ONLY\s+)?(?P<table>[\"`\[\]\w.]{1,120})",
    re.IGNORECASE,
)
_DROPS_COLUMN = re.compile(
    r"\bDROP\s+COLUMN\b|^\s*DROP\s+(?!CONSTRAINT|INDEX|FOREIGN|PRIMARY|KEY|CHECK|DEFAULT)[\"`\w]+\s*$", re.IGNORECASE
)
_RENAMES = re.compile(r"\bRENAME\s+(?:COLUMN\s+|TO\s+)", re.IGNORECASE)
_SETS = re.compile(r"\bSET\s+NOT\s+NULL\b", re.IGNORECASE)
_ADDS = re.compile(
    r"\bADD\s+(?:COLUMN\s+)?(?!CONSTRAINT|PRIMARY|FOREIGN|UNIQUE|CHECK|INDEX|KEY)"
    r"(?:IF\s+NOT\s+EXISTS\s+)?[\"`\w]+\s+(?P<what>[^,]{0,200})",
    re.IGNORECASE,
)
_TYPES = re.compile(
    r"\bALTER\s+(?:COLUMN\s+)?[\"`\w]+\s+(?:SET\s+DATA\s+)?TYPE\b|\bMODIFY\s+(?:COLUMN\s+)?", re.IGNORECASE
)
_LONGEST = 20_000  # characters of one statement that are looked at


def of_sql(text: str) -> Iterator[Step]:
    """Yield each step of *text* that touches data which is already there."""
    blank = _statements(text)
    made: set[str] = set()
    rebuilt = {_plain(name) for name in re.findall(r"\bRENAME\s+TO\s+([\"`\w.]{1,120})", blank, re.IGNORECASE)}
    line = 1
    for statement in blank.split(";"):
        begins = line + _lines_before(statement)
        line += statement.count("\n")
        short = statement[:_LONGEST]
        created = _CREATES.match(short)
        if created is not None:
            made.add(_plain(created["table"]))
            continue
        found = _step(short, rebuilt)
        if found is not None and _plain(found[1]) not in made:
            yield Step(begins, found[0].name, _plain(found[1])[:80])


def _step(statement: str, rebuilt: set[str]) -> tuple[Harm, str] | None:
    """Return what *statement* does and to which table; SQLite rebuilds a table under another name and loses nothing."""
    for pattern, harm in ((_DROPS, Harm.TABLE), (_EMPTIES, Harm.EMPTIES), (_INDEXES, Harm.INDEX)):
        match = pattern.match(statement.rstrip())
        if match is not None:
            return None if harm is Harm.TABLE and _plain(match["table"]) in rebuilt else (harm, match["table"])
    altered = _ALTERS.match(statement)
    if altered is None or _plain(altered["table"]).startswith("new_"):
        return None
    for pattern, harm in (
        (_DROPS_COLUMN, Harm.COLUMN),
        (_RENAMES, Harm.RENAMES),
        (_SETS, Harm.NOT_NULL),
        (_TYPES, Harm.TYPE),
    ):
        if pattern.search(altered["rest"]):
            return harm, altered["table"]
    for added in _ADDS.finditer(altered["rest"]):
        what = added["what"].upper()
        if "NOT NULL" in what and not re.search(
            r"\bDEFAULT\b|\bSERIAL\b|\bIDENTITY\b|\bGENERATED\b|AUTO_?INCREMENT", what
        ):
            return Harm.NOT_NULL, altered["table"]
    return None


def _statements(text: str) -> str:
    """Return *text* with comments and the texts of functions, which do not run here, taken out and its lines kept."""
    kept: list[str] = []
    position = unclosed = 0
    while (opens := _OPENS.search(text, position)) is not None and unclosed < _MOST_OPEN:
        closing = {"--": "\n", "/*": "*/"}.get(opens.group(), opens.group())
        ends = text.find(closing, opens.end())
        if ends < 0:
            unclosed += 1
            kept.append(text[position : opens.end()])
            position = opens.end()
            continue
        after = ends if closing == "\n" else ends + len(closing)
        kept += [text[position : opens.start()], "\n" * text.count("\n", opens.start(), after)]
        position = after
    return "".join([*kept, text[position:]])


def _lines_before(statement: str) -> int:
    return len(statement[: len(statement) - len(statement.lstrip())].split("\n")) - 1


def _plain(name: str) -> str:
    """Return the table's *name* without quotes and schema, in small letters."""
    return re.sub(r"[\"`\[\]]", "", name).rpartition(".")[2].lower()
