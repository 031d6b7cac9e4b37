"""Statements about who may do what: policies, grants, and storage buckets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from checks.facts.database.sql_steps import Policy, Step
from checks.facts.database.sql_tokens import Token
from checks.facts.database.sql_words import Words, parted, written

_COMMANDS = ("all", "select", "insert", "update", "delete")


def create_policy(words: Words, line: int) -> Iterator[Step]:
    """Yield the step of a CREATE POLICY whose first two words were taken."""
    words.take("if", "not", "exists")  # PostgreSQL knows no such thing, and people write it
    policy = Policy(words.identifier())
    words.take("on")
    table = words.name()
    yield Step("policy", table.name, line, table.schema, other=policy.name, policy=_clauses(words, policy))


def alter_policy(words: Words, line: int) -> Iterator[Step]:
    """Yield the step of an ALTER POLICY: what it sets, and in *words* which of roles, using and check that is."""
    policy = Policy(words.identifier())
    words.take("on")
    table = words.name()
    if words.take("rename", "to"):
        yield Step("rename policy", table.name, line, table.schema, other=policy.name, words=(words.identifier(),))
        return
    said = tuple(word for word in ("to", "using", "check") if any(token.says(word) for token in words.rest()))
    changed = _clauses(words, policy)
    yield Step("alter policy", table.name, line, table.schema, other=policy.name, policy=changed, words=said)


def drop_policy(words: Words, line: int) -> Iterator[Step]:
    """Yield the step of a DROP POLICY."""
    words.take("if", "exists")
    name = words.identifier()
    words.take("on")
    table = words.name()
    yield Step("drop policy", table.name, line, table.schema, other=name)


def _clauses(words: Words, policy: Policy) -> Policy:
    """Return *policy* with the clauses that follow."""
    while words.next is not None:
        if words.take("as"):
            policy = replace(policy, permissive=words.take_any("permissive", "restrictive") != "restrictive")
        elif words.take("for"):
            policy = replace(policy, command=words.take_any(*_COMMANDS) or "all")
        elif words.take("to"):
            policy = replace(policy, roles=_roles(words))
        elif words.take("using"):
            policy = replace(policy, using=written(words.group() or ()))
        elif words.take("with", "check"):
            policy = replace(policy, check=written(words.group() or ()))
        else:
            words.at += 1
    return policy


def _roles(words: Words) -> tuple[str, ...]:
    roles = []
    while (role := words.identifier()) != "":
        roles.append(role.lower())
        if not words.take_sign(","):
            break
    return tuple(roles)


def grant(words: Words, line: int, verb: str) -> Iterator[Step]:
    """Yield the steps of a GRANT or REVOKE (*verb*) whose first word was taken, one for each object."""
    words.take("grant", "option", "for")
    privileges, columns = _privileges(words)
    if not words.take("on"):
        return
    kind = (
        words.take_any("table", "function", "routine", "procedure", "schema", "sequence", "database", "type") or "table"
    )
    every = words.take("all")
    if every:
        kind = {"functions": "function", "routines": "function", "tables": "table"}.get(words.identifier(), "other")
        words.take("in", "schema")
    objects = list(_objects(words))
    words.take_any("to", "from")
    roles = _roles(words)
    if kind not in {"table", "function", "routine"}:
        return
    for schema, name in objects:
        about = ("*", name) if every else (name, schema)
        yield Step(
            f"{verb} {'function' if kind != 'table' else 'table'}",
            about[0],
            line,
            about[1],
            words=privileges,
            roles=roles,
            kept=columns,
        )


def _privileges(words: Words) -> tuple[tuple[str, ...], tuple[str, ...]]:
    privileges: list[str] = []
    columns: list[str] = []
    while (privilege := words.identifier()) not in {"", "on"}:
        privileges.append(privilege)
        columns += [token.text for token in words.group() or () if token.kind in {"word", "name"}]
        words.take_sign(",")
    words.at -= 1  # the ON
    return tuple(privileges), tuple(columns)


def _objects(words: Words) -> Iterator[tuple[str, str]]:
    while (name := words.name()).name:
        yield name.schema, name.name
        words.group()
        if not words.take_sign(","):
            return


def default_privileges(words: Words, line: int) -> Iterator[Step]:
    """Yield the step of ALTER DEFAULT PRIVILEGES ... REVOKE ... ON TABLES, or FUNCTIONS, FROM roles."""
    rest = Words(words.rest())
    while rest.next is not None and not rest.sees("revoke"):
        rest.at += 1
    if any(token.says("tables") for token in rest.rest()):
        roles = [token.text for token in rest.rest() if token.says("anon", "authenticated")]
        yield Step("default revoke", "*", line, roles=tuple(roles))
    elif any(token.says("functions", "routines") for token in rest.rest()):
        roles = [token.text for token in rest.rest() if token.says("anon", "authenticated", "public")]
        yield Step("default revoke", "functions", line, roles=tuple(roles))


def buckets(words: Words, line: int) -> Iterator[Step]:
    """Yield a step for each row of an INSERT INTO storage.buckets whose words up to INTO were taken."""
    table = words.name()
    if (table.schema, table.name) != ("storage", "buckets"):
        return
    columns = [token.text for token in words.group() or () if token.kind in {"word", "name"}]
    if words.take("values"):
        while (row := words.group()) is not None:
            yield from _bucket(columns, parted(row), line)
            if not words.take_sign(","):
                return
    elif words.take("select"):  # insert ... select 'x', 'x', true where not exists (...)
        values: list[list[Token]] = parted(words.rest())
        yield from _bucket(columns, values, line)


def _bucket(columns: Sequence[str], values: Sequence[Sequence[Token]], line: int) -> Iterator[Step]:
    row = {column: value[0] for column, value in zip(columns, values, strict=False) if value}
    name, public = row.get("id") or row.get("name"), row.get("public")
    if name is not None and name.kind == "string":
        limited = any(column in row for column in ("file_size_limit", "allowed_mime_types"))
        words = ("limited",) if limited else ()
        yield Step("bucket", name.text, name.line or line, flag=public is not None and public.says("true"), words=words)


def update_buckets(words: Words, line: int) -> Iterator[Step]:
    """Yield the step of an UPDATE storage.buckets SET public = ... WHERE id = '...'."""
    table = words.name()
    if (table.schema, table.name) != ("storage", "buckets"):
        return
    tokens = words.rest()
    for index, token in enumerate(tokens[:-2]):
        if token.says("public") and tokens[index + 1].is_sign("="):
            names = [each.text for each in tokens[index + 3 :] if each.kind == "string"]
            yield from (Step("bucket", name, line, flag=tokens[index + 2].says("true")) for name in names)
