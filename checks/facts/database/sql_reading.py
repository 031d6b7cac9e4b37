"""
One SQL file into steps.

A statement that says nothing about who may see what makes no step. Statements within DO blocks and those that EXECUTE
puts together are read as well; a loop over a list of names or over the catalogue makes a step for each (`EACH`, "*").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count

from checks.facts.database.sql_functions import (
    alter_function,
    alter_view,
    create_function,
    create_trigger,
    create_view,
    drop_trigger,
)
from checks.facts.database.sql_policies import (
    alter_policy,
    buckets,
    create_policy,
    default_privileges,
    drop_policy,
    grant,
    update_buckets,
)
from checks.facts.database.sql_steps import EACH, SqlFile, Step
from checks.facts.database.sql_tables import alter_table, create_table, create_type, drop
from checks.facts.database.sql_tokens import Token, script_of
from checks.facts.database.sql_words import Words

_MOST_STEPS = 20_000
_MOST_BODIES = 200  # functions of one file that are kept in case that it calls them
_DEEPEST = 3  # DO within EXECUTE within DO
_MARKS = re.compile(
    r"\bauth\s*\.\s*(?:uid|jwt|role|users|email)\b|\bstorage\s*\.\s*(?:buckets|objects)\b|\bservice_role\b"
    r"|\bto\s+(?:anon|authenticated)\b",
    re.IGNORECASE,
)
_CATALOGUE = frozenset({"pg_tables", "pg_class", "tables", "pg_policies"})
_NO_TABLES = frozenset({"public", "auth", "storage", "r", "p", "anon", "authenticated", "service_role"})
_PLACE = re.compile(r"%(?:(\d)\$)?[IsL]")
_ENDING = "__ending__"  # stands for the end of a policy's name that a second loop gives
_NAME = re.compile(r"[a-z_][a-z0-9_]*")

_Reader = Callable[[Words, int], Iterator[Step]]
_READERS: tuple[tuple[tuple[str, ...], _Reader], ...] = (
    (("alter", "table"), alter_table),
    (("create", "policy"), create_policy),
    (("alter", "policy"), alter_policy),
    (("drop", "policy"), drop_policy),
    (("drop", "table"), lambda words, line: drop(words, line, "drop table")),
    (("drop", "function"), lambda words, line: drop(words, line, "drop function")),
    (("drop", "view"), lambda words, line: drop(words, line, "drop view")),
    (("drop", "materialized", "view"), lambda words, line: drop(words, line, "drop view")),
    (("drop", "trigger"), drop_trigger),
    (("grant",), lambda words, line: grant(words, line, "grant")),
    (("revoke",), lambda words, line: grant(words, line, "revoke")),
    (("alter", "default", "privileges"), default_privileges),
    (("alter", "function"), alter_function),
    (("alter", "view"), alter_view),
    (("create", "type"), create_type),
    (("insert", "into"), buckets),
    (("update",), update_buckets),
)
_STARTS = frozenset(words[0] for words, _ in _READERS) | {"create", "execute", "do"}


def read_sql(text: str) -> SqlFile | None:
    """Return the steps of *text*, or None where it makes none."""
    script = script_of(text)
    steps: list[Step] = []
    bodies: dict[str, Token] = {}
    for statement in script.statements:
        steps.extend(_statement(statement, 0))
        steps.extend(_called(statement, bodies))
        if len(steps) > _MOST_STEPS:
            return SqlFile(tuple(steps[:_MOST_STEPS]), whole=False, supabase=True)
    marked = _MARKS.search(text) is not None
    return SqlFile(tuple(steps), script.whole, marked) if steps or not script.whole else None


def _called(tokens: Sequence[Token], bodies: dict[str, Token]) -> Iterator[Step]:
    """Yield what a function of *bodies* does that SELECT calls by itself; keep the body of one that is created here."""
    words = Words(tokens)
    if words.take("select"):
        body = bodies.get(words.name().name)
        given = words.group()
        if body is not None and given is not None and words.next is None:
            yield from _block(body, 1, tuple(_names(given)))
    elif words.take("create"):
        words.take("or", "replace")
        if words.take("function") and len(bodies) < _MOST_BODIES:
            name = words.name().name
            made = next((token for token in reversed(tokens) if token.kind == "body"), None)
            if made is not None:
                bodies[name] = made


def _statement(tokens: Sequence[Token], depth: int) -> Iterator[Step]:
    """Yield what the statement *tokens* does."""
    words = Words(tokens)
    line = tokens[0].line
    if words.take("do"):
        body = next((token for token in tokens if token.kind in {"body", "string"}), None)
        if body is not None and depth < _DEEPEST:
            yield from _block(body, depth + 1)
        return
    for start, reader in _READERS:
        if words.take(*start):
            yield from reader(words, line)
            return
    if words.take("create"):
        yield from _create(words, line)


def _create(words: Words, line: int) -> Iterator[Step]:
    """Yield what a CREATE of a table, function, trigger or view does; temporary ones are nobody's business."""
    words.take("or", "replace")
    while kind := words.take_any("global", "local", "unlogged", "constraint", "recursive", "temp", "temporary"):
        if kind.startswith("temp"):
            return
    if words.take("table"):
        yield from create_table(words, line)
    elif words.take("function"):
        yield from create_function(words, line)
    elif words.take("trigger"):
        yield from create_trigger(words, line)
    elif words.take("view"):
        yield from create_view(words, line, materialized=False)
    elif words.take("materialized", "view"):
        yield from create_view(words, line, materialized=True)


def _block(body: Token, depth: int, given: tuple[str, ...] = ()) -> Iterator[Step]:
    """Yield the steps within a DO block, or a function called with *given*: each statement from its first word on."""
    statements = script_of(body.text, body.line).statements
    tokens = [token for statement in statements for token in statement]
    names = given or tuple(_names(tokens))
    sweeps = any(token.says("pg_policies", "pg_policy") for token in tokens)
    for statement in statements:
        for index, token in enumerate(statement):
            if not token.says(*_STARTS) or (index and statement[index - 1].says("for", "before", "after", "or")):
                continue
            if token.says("execute"):
                steps = _executed(statement[index:], names, depth)
                # DROP POLICY of each name that the catalogue has for the table.
                yield from (replace(step, other="*") if sweeps and step.do == "drop policy" else step for step in steps)
            else:
                yield from _statement(statement[index:], depth)
            break


def _names(tokens: Sequence[Token]) -> Iterator[str]:
    """
    Yield the tables that a block lists: in an array, or of the catalogue WHERE tablename IN (...).

    None at all means every table that there is.
    """
    every = any(token.kind == "word" and token.text in _CATALOGUE for token in tokens)
    if every and any(token.says("not") for token in tokens):
        return  # all but some
    for token in tokens:
        if token.kind == "string" and _NAME.fullmatch(token.text) and token.text not in _NO_TABLES:
            yield token.text


def _executed(tokens: Sequence[Token], names: Sequence[str], depth: int) -> Iterator[Step]:
    """Yield what the text that EXECUTE is given does, once for each of *names* where a name is put in."""
    text = _formatted(tokens) if len(tokens) > 1 and tokens[1].says("format") else _joined(tokens)
    line = tokens[0].line
    if depth >= _DEEPEST or not text:
        return
    endings = [name for name in names if name.startswith("_")]
    for statement in script_of(text, line).statements:
        for step in _statement(statement, depth + 1):
            if EACH not in step.name:
                yield replace(step, line=line)
                continue
            for name in names or ("*",):
                one = _for(step, name, line)
                ends = endings if _ENDING in one.other else ("",)
                yield from (replace(one, other=one.other.replace(_ENDING, ending)) for ending in ends)


def _joined(tokens: Sequence[Token]) -> str:
    """Return the text that *tokens* put together with ||, with `EACH` for names."""
    pieces: list[str] = []
    for token in tokens:
        if token.kind in {"string", "body"}:
            pieces.append(_PLACE.sub(EACH, token.text))
        elif token.is_sign("||") and pieces and not pieces[-1].endswith(EACH):
            pieces.append(EACH)
    return "".join(pieces).replace(EACH + EACH, EACH)


def _formatted(tokens: Sequence[Token]) -> str:
    """Return the text of format('... %I ...', name || '_read'), names as `EACH`, a second one as `_ENDING`."""
    arguments: list[list[Token]] = [[]]
    for token in tokens[3:]:
        if token.is_sign(","):
            arguments.append([])
        else:
            arguments[-1].append(token)
    given = dict(enumerate((_argument(argument) for argument in arguments[1:]), start=1))
    place = count(1)
    written = "".join(token.text for token in arguments[0] if token.kind in {"string", "body"})
    filled = _PLACE.sub(lambda found: given.get(int(found[1]) if found[1] else next(place), EACH), written)
    return filled.replace(EACH + EACH, EACH)


def _argument(tokens: Sequence[Token]) -> str:
    """Return a piece of a name that is put together of others: a table's, a literal ending, an ending from a list."""
    if any(token.is_sign("(") for token in tokens):
        return EACH
    pieces, joined = [], False
    for token in tokens:
        if token.is_sign("||"):
            joined = True
        elif token.kind == "string":
            pieces.append(token.text)
        elif token.kind != "sign" and (joined or EACH not in pieces):
            pieces.append(_ENDING if EACH in pieces else EACH)
            joined = False
    return "".join(pieces) or EACH


def _for(step: Step, name: str, line: int) -> Step:
    """Return *step* for table *name*."""
    return replace(step, name=step.name.replace(EACH, name), other=step.other.replace(EACH, name), line=line)
