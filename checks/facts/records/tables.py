"""The tables and models that a file declares, with their columns: SQL, ORMs of Python and JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.facts.records.access import Table

_MOST = 400  # tables of one file
_LONGEST = 12_000  # characters of one declaration
_PRISMA = re.compile(r"^model\s+(?P<name>\w+)\s*\{", re.MULTILINE)
_SQL = re.compile(
    r"\bcreate\s+table\s+(?:if\s+not\s+exists\s+)?(?:[\"`\[]?\w+[\"`\]]?\.)?[\"`\[]?(?P<name>\w+)[\"`\]]?\s*\(",
    re.IGNORECASE,
)
_DRIZZLE = re.compile(r"\b(?P<name>\w+)\s*=\s*\w*[tT]able\(\s*[\"'`]\w+[\"'`]\s*,\s*(?:\(\w*\)\s*=>\s*\(\s*)?\{")
_SCHEMA = re.compile(r"\b(?P<name>\w+)(?:\s*:\s*[\w.<>]+)?\s*=\s*new\s+(?:mongoose\.)?Schema(?:<[^(]{0,80}>)?\(\s*\{")
_DEFINE = re.compile(r"\.define\(\s*[\"'`](?P<name>\w+)[\"'`]\s*,\s*\{|\b(?P<other>[A-Z]\w*)\.init\(\s*\{")
_ROW = re.compile(r"\b(?P<name>\w+):\s*\{\s*Row:\s*\{")
_FORM = re.compile(r"\b(?P<name>insert\w{1,60}Schema)\s{0,9}=\s{0,9}createInsertSchema\(")
_LIMITS = re.compile(r"\s{0,40}\.(?P<how>omit|pick)\(\s{0,9}\{")
_CLASS = re.compile(r"^class\s+(?P<name>\w+)\s*\((?P<bases>[^)]{1,200})\)\s*:", re.MULTILINE)
_ENTITY = re.compile(r"@Entity\([^)]{0,100}\)\s*(?:@\w+\([^)]{0,100}\)\s*)*export\s+class\s+(?P<name>\w+)[^{]{0,200}\{")
_FIELD = re.compile(
    r"^[ \t]+(?P<name>[a-z_]\w*)[ \t]*(?::[ \t]*(?P<type>[^=\n]{1,120}))?(?:=[ \t]*(?P<value>[\w.]{1,60}))?",
    re.MULTILINE,
)
_COLUMN = re.compile(
    r"(?:^|\.)(?:Column|mapped_column|ForeignKey|OneToOneField|\w+Field|Field|relationship|backref|Reference\w*)$"
)
_KEY = re.compile(r"[\"'`]?(?P<name>[A-Za-z_]\w*)[\"'`]?\s*(?:\?\s*)?:")
_FIRST = re.compile(r"[\s(]*[\"`\[]?(?P<name>[A-Za-z_]\w*)")
_NO_COLUMN = frozenset(["primary", "foreign", "unique", "constraint", "check", "index", "key", "exclude", "like"])


def tables_in(text: str, kind: str) -> tuple[Table, ...]:
    """Return the tables that *text*, a file of *kind* (sql, prisma, python, or JavaScript), declares."""
    match kind:
        case "prisma":
            found = [Table(name, _lines(body)) for name, body in _blocks(_PRISMA, text)]
        case "sql":
            found = list(_sql(text))
        case "python":
            found = [*_classes(text), *_sql(text)]
        case _:
            found = [
                Table(name, _keys(body))
                for form in (_DRIZZLE, _SCHEMA, _DEFINE, _ROW)
                for name, body in _blocks(form, text)
            ]
            found += [Table(name, _keys(body)) for name, body in _blocks(_ENTITY, text)]
            found += [*_forms(text), *_sql(text)]
    return tuple(found[:_MOST])


def _blocks(form: re.Pattern[str], text: str) -> Iterator[tuple[str, str]]:
    """Yield the name and the inside of each block that *form* opens."""
    for count, match in enumerate(form.finditer(text)):
        if count >= _MOST:
            return
        groups = match.groupdict()
        yield groups.get("name") or groups.get("other") or "", _inside(text, match.end())


def _forms(text: str) -> Iterator[Table]:
    """
    Yield the forms that are made of tables, by createInsertSchema of drizzle: which columns a request may set.

    A column that the form leaves out is written "-name", one of those that it is limited to "+name".
    """
    for match in list(_FORM.finditer(text))[:_MOST]:
        ends = match.end() + len(_inside(text, match.end())) + 1
        limit = _LIMITS.match(text, ends)
        sign = "" if limit is None else "-" if limit["how"] == "omit" else "+"
        keys = _keys(_inside(text, limit.end())) if limit is not None else ()
        yield Table(match["name"], tuple(f"{sign}{key}" for key in keys))


def _inside(text: str, start: int) -> str:
    depth = 1
    end = min(len(text), start + _LONGEST)
    for position in range(start, end):
        sign = text[position]
        depth += (sign in "([{") - (sign in ")]}")
        if depth == 0:
            return text[start:position]
    return text[start:end]


def _lines(body: str) -> tuple[str, ...]:
    return tuple(words[0] for line in body.splitlines() if (words := line.split()) and words[0][:1].isalpha())[:120]


def _keys(body: str) -> tuple[str, ...]:
    """Return the keys at the outermost depth of *body*, the inside of an object."""
    found: list[str] = []
    depth, position = 0, 0
    while position < len(body) and len(found) < 120:  # noqa: PLR2004 - columns of one table
        sign = body[position]
        if sign in "([{":
            depth += 1
        elif sign in ")]}":
            depth -= 1
        elif depth == 0 and (sign.isalpha() or sign in "_\"'`"):
            match = _KEY.match(body, position)
            if match is not None:
                found.append(match["name"])
                position = match.end()
                continue
            begun = position
            while position < len(body) and (body[position].isalnum() or body[position] == "_"):
                position += 1
            if position > begun:
                continue
        position += 1
    return tuple(found)


def _sql(text: str) -> Iterator[Table]:
    if "able" not in text and "ABLE" not in text:
        return
    for name, body in _blocks(_SQL, text):
        depth, begins, columns = 0, 0, []
        for position, sign in enumerate(body):
            depth += (sign == "(") - (sign == ")")
            if sign == "," and depth == 0:
                columns.append(body[begins:position])
                begins = position + 1
        columns.append(body[begins:])
        names = [match["name"] for column in columns if (match := _FIRST.match(column)) is not None]
        yield Table(name, tuple(one for one in names if one.lower() not in _NO_COLUMN)[:120])


def _classes(text: str) -> Iterator[Table]:
    starts = list(_CLASS.finditer(text))[:_MOST]
    for match, following in zip(starts, [*(one.start() for one in starts[1:]), len(text)], strict=False):
        body = text[match.end() : min(following, match.end() + _LONGEST)]
        names = [
            field["name"]
            for field in _FIELD.finditer(body)
            if _COLUMN.search(field["value"] or "")
            or "Mapped[" in (field["type"] or "")
            or "table=True" in match["bases"].replace(" ", "")
        ]
        if names:
            yield Table(match["name"], tuple(dict.fromkeys(names))[:120])
