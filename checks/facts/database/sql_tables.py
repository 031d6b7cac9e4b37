"""Statements about tables: created, altered, dropped, renamed; their columns and row level security."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checks.facts.database.sql_steps import Column, Step
from checks.facts.database.sql_tokens import Token
from checks.facts.database.sql_words import Name, Words, parted

_NO_COLUMN = ("constraint", "primary", "unique", "check", "foreign", "exclude", "like", "period")
_MOST_VALUES = 30  # words that a column may hold, as far as they are kept


def create_table(words: Words, line: int) -> Iterator[Step]:
    """Yield the step of a CREATE TABLE whose words up to TABLE were taken; temporary tables make none."""
    words.take("if", "not", "exists")
    name = words.name()
    if words.take("partition", "of"):
        yield Step("table", name.name, line, name.schema, other=words.name().name)
        return
    columns = words.group()
    yield Step("table", name.name, line, name.schema, columns=tuple(_columns(columns or ())))


def _columns(tokens: Sequence[Token]) -> Iterator[Column]:
    for item in parted(tokens):
        column = column_of(item)
        if column is not None:
            yield column
        elif item and item[0].says("check", "constraint"):
            name, values = _checked(item)
            if name:
                yield Column(name, "", values)


def column_of(item: Sequence[Token]) -> Column | None:
    """Return the column that *item* of a table's definition is, or None for a constraint."""
    if len(item) < 2 or item[0].kind not in {"word", "name"} or item[0].says(*_NO_COLUMN):  # noqa: PLR2004 - name and type
        return None
    words = Words(item)
    name = words.identifier()
    kind = words.name().name
    owner = any(
        token.says("auth") and index + 2 < len(item) and item[index + 2].text == "users"
        for index, token in enumerate(item)
    )
    return Column(name, kind, _values(item), owner)


def _values(item: Sequence[Token]) -> tuple[str, ...]:
    """Return the words that a CHECK in *item* allows."""
    if not any(token.says("check") for token in item):
        return ()
    return tuple(token.text for token in item if token.kind == "string")[:_MOST_VALUES]


def _checked(item: Sequence[Token]) -> tuple[str, tuple[str, ...]]:
    """Return the column that a table's CHECK (column IN (...)) is about, and the words it allows."""
    index = next((index for index, token in enumerate(item) if token.says("check")), None)
    if index is None:
        return "", ()
    inner = Words(item[index + 1 :]).group() or []
    name = next((token.text for token in inner if token.kind in {"word", "name"}), "")
    return name, tuple(token.text for token in inner if token.kind == "string")[:_MOST_VALUES]


def alter_table(words: Words, line: int) -> Iterator[Step]:
    """Yield the steps of an ALTER TABLE whose first two words were taken."""
    words.take("if", "exists")
    words.take("only")
    name = words.name()
    words.take_sign("*")
    for action in parted(words.rest()):
        yield from _action(Words(action), name, line)


def _action(words: Words, name: Name, line: int) -> Iterator[Step]:
    """Yield what one action of an ALTER TABLE does to table *name*."""
    line = words.next.line if words.next is not None and words.next.line - line > 1 else line
    if words.take("enable", "row", "level", "security"):
        yield Step("rls", name.name, line, name.schema)
    elif words.take("disable", "row", "level", "security"):
        yield Step("no rls", name.name, line, name.schema)
    elif words.take("add"):
        yield from _added(words, name, line)
    elif words.take("drop") and not words.sees("constraint"):
        words.take("column")
        words.take("if", "exists")
        yield Step("drop columns", name.name, line, name.schema, words=(words.identifier(),))
    elif words.take("rename", "to"):
        yield Step("rename", name.name, line, name.schema, other=words.identifier())
    elif words.take("rename"):
        words.take("column")
        yield Step("drop columns", name.name, line, name.schema, words=(words.identifier(),))
        if words.take("to"):
            yield Step("columns", name.name, line, name.schema, columns=(Column(words.identifier()),))
    elif words.take("set", "schema"):
        yield Step("move", name.name, line, name.schema, other=words.identifier())


def _added(words: Words, name: Name, line: int) -> Iterator[Step]:
    """Yield the column that ADD makes, or the words that a constraint allows one to hold."""
    words.take("column")
    words.take("if", "not", "exists")
    column = column_of(words.rest())
    if column is None:
        checked, values = _checked(words.rest())
        column = Column(checked, "", values) if checked and values else None
    if column is not None:
        yield Step("columns", name.name, line, name.schema, columns=(column,))


def drop(words: Words, line: int, verb: str) -> Iterator[Step]:
    """Yield a step *verb* for each name of a DROP whose words up to the kind of thing were taken."""
    words.take("if", "exists")
    while (name := words.name()).name:
        yield Step(verb, name.name, line, name.schema)
        words.group()  # a function's arguments
        if not words.take_sign(","):
            return


def create_type(words: Words, line: int) -> Iterator[Step]:
    """Yield the words of a CREATE TYPE ... AS ENUM."""
    name = words.name()
    if words.take("as", "enum"):
        values = tuple(token.text for token in words.group() or () if token.kind == "string")
        yield Step("enum", name.name, line, name.schema, words=values[:_MOST_VALUES])
