"""Statements about functions, triggers and views: what a body does, as far as who may see what hangs on it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from checks.facts.database.sql_steps import Function, Step, View
from checks.facts.database.sql_tokens import Token, script_of
from checks.facts.database.sql_words import Words, parted

_CALLER = re.compile(
    r"\bauth \. (?:uid|jwt|email|role)\b|request\.jwt|\bsession_user\b|\bis_admin\b|\bhas_role\b|\bcurrent_setting\b"
)
_COUNTS = re.compile(r"= \( select (?:coalesce \( )?(?:sum|count|avg|max) \(|\b(?:sum|count) \( .{1,80} into \w")
_MOST = 40  # tables and columns of one body that are kept
_AGGREGATES = frozenset({"count", "sum", "avg", "min", "max", "group", "array_agg"})


def create_function(words: Words, line: int) -> Iterator[Step]:
    """Yield the step of a CREATE FUNCTION whose words up to FUNCTION were taken."""
    name = words.name()
    arguments = tuple(_arguments(words.group() or ()))
    returns, shows = _returns(words)
    made = Function(arguments, returns=returns, shows=shows)
    body: Token | None = None
    while words.next is not None:
        if words.take("security", "definer"):
            made = replace(made, definer=True)
        elif words.take("set", "search_path"):
            made = replace(made, path_set=True)
        elif words.take("as") and words.next is not None and words.next.kind in {"body", "string"}:
            body = words.next
            words.at += 1
        else:
            words.at += 1
    if body is not None:
        made = _with_body(made, body)
    yield Step("function", name.name, line, name.schema, function=made)


def _arguments(tokens: Sequence[Token]) -> Iterator[str]:
    for item in parted(tokens):
        names = [token for token in item if token.kind in {"word", "name"}]
        if names and names[0].says("in", "out", "inout", "variadic"):
            names = names[1:] if not names[0].says("out") else []
        if len(names) > 1:
            yield names[0].text


def _returns(words: Words) -> tuple[str, tuple[str, ...]]:
    """Return the type that a function gives back, and the columns where it lists them: RETURNS TABLE (id uuid)."""
    if not words.take("returns"):
        return "", ()
    words.take("setof")
    name = words.name().name
    listed = parted(words.group() or ()) if name == "table" else []
    return name, tuple(item[0].text for item in listed if item)[:_MOST]


def _with_body(made: Function, body: Token) -> Function:
    """Return *made* with what its body does."""
    tokens = [token for statement in script_of(body.text, body.line).statements for token in statement]
    text = " ".join(token.text if token.kind != "string" else "'" + token.text + "'" for token in tokens).lower()
    metadata = [index for index, token in enumerate(tokens) if token.text in {"raw_user_meta_data", "user_metadata"}]
    takes_role = [index for index in metadata if any(_is_role(each) for each in tokens[index + 1 : index + 3])]
    names = frozenset(made.arguments)
    writes, reads = _tables(tokens)
    return replace(
        made,
        caller=_CALLER.search(text) is not None,
        metadata=tokens[metadata[0]].line if metadata else 0,
        role_line=tokens[takes_role[0]].line if takes_role else 0,
        role_checked=_is_limited(tokens, takes_role),
        guards=tuple(dict.fromkeys(_after_new(tokens)))[:_MOST],
        writes=writes,
        reads=reads,
        sets=tuple(dict.fromkeys(_filled(tokens)))[:_MOST],
        deletes=tuple(dict.fromkeys(_deleted(tokens)))[:_MOST],
        by_argument=any(token.text in names for token in tokens if token.kind == "word")
        or any(token.is_sign("$") for token in tokens),
        runs=_runs(tokens, names),
        counts=_COUNTS.search(text) is not None,
        always_true=text in {"select true", "begin return true end"},
    )


def _is_role(token: Token) -> bool:
    return token.kind == "string" and re.search(r"role|admin|is_staff|user_type|account_type", token.text) is not None


def _is_limited(tokens: Sequence[Token], places: Sequence[int]) -> bool:
    """Whether the role that is taken is compared with a list of what may be chosen."""
    return any(
        token.says("in", "any") and any(each.kind == "string" for each in tokens[index : index + 6])
        for index, token in enumerate(tokens)
    ) or any(
        token.is_sign("=") and index + 1 < len(tokens) and tokens[index + 1].kind == "string"
        for place in places[:1]
        for index, token in enumerate(tokens[place : place + 8], place)
    )


def _after_new(tokens: Sequence[Token]) -> Iterator[str]:
    for index, token in enumerate(tokens[:-2]):
        if token.says("new") and tokens[index + 1].is_sign("."):
            yield tokens[index + 2].text.lower()


def _filled(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield the columns that a body sets in an UPDATE or names in an INSERT."""
    for index, token in enumerate(tokens):
        if token.is_sign("=") and index > 1 and (tokens[index - 2].says("set") or tokens[index - 2].is_sign(",")):
            yield tokens[index - 1].text
        elif token.says("into"):
            words = Words(tokens[index + 1 : index + 80])
            words.name()
            yield from (each.text for each in words.group() or () if each.kind in {"word", "name"})


def _tables(tokens: Sequence[Token]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the tables that a body writes and those it reads, with their schema where it is not public."""
    writes: dict[str, None] = {}
    reads: dict[str, None] = {}
    for index, token in enumerate(tokens):
        words = Words(tokens[index : index + 8])
        if words.take("insert", "into") or words.take("delete", "from"):
            writes[_full(words)] = None
        elif words.take("update") and not words.sees("set"):
            name = _full(words)
            if words.sees("set") or words.identifier():
                writes[name] = None
        elif token.says("from", "join") and not (index and tokens[index - 1].says("delete", "distinct")):
            words.at = 1
            reads[_full(words)] = None
    return tuple(name for name in writes if name)[:_MOST], tuple(name for name in reads if name)[:_MOST]


def _deleted(tokens: Sequence[Token]) -> Iterator[str]:
    for index, token in enumerate(tokens[:-1]):
        if token.says("delete") and tokens[index + 1].says("from"):
            yield _full(Words(tokens[index + 2 : index + 8]))


def _full(words: Words) -> str:
    name = words.name()
    return f"{name.schema}.{name.name}" if name.schema not in {"", "public"} else name.name


def _runs(tokens: Sequence[Token], names: frozenset[str]) -> bool:
    """Whether a body executes an argument of its function as SQL."""
    return any(
        token.says("execute") and index + 1 < len(tokens) and tokens[index + 1].text in names
        for index, token in enumerate(tokens)
    )


def alter_function(words: Words, line: int) -> Iterator[Step]:
    """Yield the step of an ALTER FUNCTION that sets who it runs as, or its search path."""
    name = words.name()
    words.group()
    for said, verb in ((("security", "definer"), "definer"), (("security", "invoker"), "invoker")):
        if words.sees(*said):
            yield Step(verb, name.name, line, name.schema)
    if words.sees("set", "search_path"):
        yield Step("path set", name.name, line, name.schema)


def create_trigger(words: Words, line: int) -> Iterator[Step]:
    """Yield the step of a CREATE TRIGGER: its table, when it fires and which function it calls."""
    name = words.identifier()
    when: list[str] = []
    while words.next is not None and not words.sees("on"):
        when.append(words.next.text)
        words.at += 1
    words.take("on")
    table = words.name()
    while words.next is not None and not words.take("execute"):
        words.at += 1
    words.take_any("function", "procedure")
    yield Step("trigger", table.name, line, table.schema, other=words.name().name, words=(name, *when))


def drop_trigger(words: Words, line: int) -> Iterator[Step]:
    """Yield the step of a DROP TRIGGER whose first two words were taken."""
    words.take("if", "exists")
    name = words.identifier()
    words.take("on")
    table = words.name()
    yield Step("drop trigger", table.name, line, table.schema, other=name)


def create_view(words: Words, line: int, *, materialized: bool) -> Iterator[Step]:
    """Yield the step of a CREATE VIEW whose words up to VIEW were taken."""
    words.take("if", "not", "exists")
    name = words.name()
    words.group()
    options = (words.group() or []) if words.take("with") else []
    tokens = words.rest()
    text = " ".join(token.text for token in tokens)
    view = View(
        sources=_tables(tokens)[1],
        columns=tuple(_shown(tokens)),
        invoker=any(token.says("security_invoker") for token in options)
        and not any(token.says("false", "off") for token in options),
        caller=_CALLER.search(text) is not None,
        counts=any(token.kind == "word" and token.text in _AGGREGATES for token in tokens),
        materialized=materialized,
    )
    yield Step("view", name.name, line, name.schema, view=view)


def _shown(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield the columns between the first SELECT and its FROM, the last name of each; "*" for a star."""
    words = Words(tokens)
    while words.next is not None and not words.take("select"):
        words.at += 1
    rest = list(words.rest())
    depth, ends = 0, len(rest)
    for index, token in enumerate(rest):
        depth += token.is_sign("(") - token.is_sign(")")
        if not depth and token.says("from"):
            ends = index
            break
    for item in parted(rest[:ends]):
        last = next((token for token in reversed(item) if token.kind in {"word", "name"} or token.is_sign("*")), None)
        if last is not None:
            yield last.text


def alter_view(words: Words, line: int) -> Iterator[Step]:
    """Yield the step of an ALTER VIEW ... SET (security_invoker = ...)."""
    words.take("if", "exists")
    name = words.name()
    if words.take("set"):
        options = words.group() or []
        if any(token.says("security_invoker") for token in options):
            off = any(token.says("false", "off") for token in options)
            yield Step("view invoker", name.name, line, name.schema, flag=not off)
