"""Policies that let in more than the rows' owner: everybody, everybody signed in, or rows whoever asks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from checks.facts.database.conditions import Judged, Reach, judge
from checks.facts.database.data_words import gives_roles, is_about_people, private_columns, rights_in, words_of
from checks.facts.database.holes import Hole
from checks.facts.database.schema import PlacedFunction, PlacedPolicy, Schema, Table
from checks.facts.database.sql_steps import Policy
from checks.facts.database.table_holes import told
from checks.facts.word_set import word_set

_DOES = {
    "select": "read every row of",
    "insert": "add any row to",
    "update": "change every row of",
    "delete": "delete every row of",
    "all": "read, change and delete every row of",
}
_PROFILES = frozenset({"profile", "profiles", "user", "users", "perfil", "perfis", "perfiles", "usuarios", "members"})
#: Columns that say that a row is meant to be seen.
_SHOWN = word_set(
    """
    is_public public published is_published visible is_visible is_active active approved is_approved visibility
    publish_status is_shared shared is_featured featured available is_available archived is_archived deleted_at
    is_template is_default is_system publico publica publicado publicada visivel ativo ativa activo activa aprovado
    aprovada aprobado aprobada disponivel disponible publie actif
    """
)
_MONEY = frozenset({"payment", "payments", "credit", "credits", "subscription", "subscriptions", "wallet", "wallets"})
_SERVER = re.compile(r"service[ _-]?role", re.IGNORECASE)
_MIGRATION = re.compile(r"(?:^|/)migrations?/", re.IGNORECASE)
_MOST_RESTRICTIVE = 10  # of one table
_TOKENS = re.compile(r"token|code|secret|slug|share|link|key", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Signup:
    """Whether anybody can get an account, as far as the code shows."""

    open: bool


def open_policies(schema: Schema, signup: Signup) -> Iterator[Hole]:
    """Yield each policy that lets in more than it should, of tables whose policies count."""
    for table in schema.tables.values():
        if table.schema != "public" or table.rls is False:
            continue
        for placed in table.policies.values():
            yield from _of_policy(schema.functions, table, placed, signup)


def reach_of(table: Table, policy: Policy, command: str, functions: Mapping[str, PlacedFunction]) -> Judged:
    """Return how far *policy* reaches for *command*, with its roles, the grants and restrictive policies counted in."""
    condition = policy.check if command == "insert" and policy.check is not None else policy.using
    if command == "insert" and policy.check is None and policy.command == "insert":
        condition = policy.using
    storage = table.schema == "storage"
    judged = judge(condition, functions, storage=storage)
    reach = min(judged.reach, _role_reach(table, policy, command))
    limits = dict.fromkeys(("anon", "authenticated"), Reach.ANYONE)
    for other in islice(_narrowing(table, policy, command), _MOST_RESTRICTIVE):
        most = judge(other.using or other.check, functions, storage=storage).reach
        for role, limit in limits.items():
            if not other.roles or {"public", role} & set(other.roles):
                limits[role] = min(limit, most)
    # Who has no login gets what is for everybody; a caller's own rows take one.
    unknown = min(reach, limits["anon"]) if reach in {Reach.ANYONE, Reach.ROWS} else Reach.NOBODY
    known = min(reach, limits["authenticated"], Reach.SIGNED_IN)
    reach = max(unknown, known)
    return Judged(reach, judged.own, judged.metadata, judged.columns)


def _narrowing(table: Table, policy: Policy, command: str) -> Iterator[Policy]:
    """
    Yield the restrictive policies of *table* that *policy* meets when *command* is given.

    A script that is run by hand narrows its own policies: whether somebody ran it after another script, nobody knows.
    """
    path = next((each.place.path for each in table.policies.values() if each.policy is policy), None)
    for each in table.policies.values():
        ordered = each.place.path == path or _MIGRATION.search(each.place.path) is not None
        if ordered and not each.policy.permissive and each.policy.command in {"all", command}:
            yield each.policy


def _role_reach(table: Table, policy: Policy, command: str) -> Reach:
    """Return how far the roles of *policy* reach: public and anon are anybody, others that no browser has nobody."""
    roles = set(policy.roles) or {"public"}
    granted = table.roles(command)
    if roles & {"public", "anon"} and "anon" in granted:
        return Reach.ANYONE
    if roles & {"public", "authenticated"} and "authenticated" in granted:
        return Reach.SIGNED_IN
    return Reach.NOBODY


def _of_policy(
    functions: Mapping[str, PlacedFunction], table: Table, placed: PlacedPolicy, signup: Signup
) -> Iterator[Hole]:
    policy = placed.policy
    if not policy.permissive:
        return
    judged = [judge(condition, functions) for condition in (policy.using, policy.check) if condition is not None]
    if any(each.metadata for each in judged) and _role_reach(table, policy, policy.command) is not Reach.NOBODY:
        yield Hole(
            "rls-user-metadata",
            placed.place,
            f'Policy "{policy.name}" on {table.name} trusts user_metadata, which every user can change for themselves: '
            "whoever writes the right word there gets these rights",
            f"{table.name} {policy.name}",
            people=True,
        )
        return
    for command in _commands(policy, functions, table):
        found = _judged(table, placed, command, reach_of(table, policy, command, functions), signup)
        if found is not None:
            yield found
            return


def _commands(policy: Policy, functions: Mapping[str, PlacedFunction], table: Table) -> tuple[str, ...]:
    """Return which commands to judge *policy* for, worst first; ALL is told once where it is as wide as it reads."""
    if policy.command != "all":
        return (policy.command,)
    if reach_of(table, policy, "update", functions).reach > Reach.CALLER:
        return ("all",)
    return ("insert",)


def _judged(table: Table, placed: PlacedPolicy, command: str, judged: Judged, signup: Signup) -> Hole | None:
    """Return what is to be said of *placed*, which reaches as far as *judged* for *command*; None where it is right."""
    if judged.reach <= Reach.CALLER:
        return None
    people = is_about_people(table.name, table.columns)
    if command == "insert":
        sure = _bad_insert(table, judged)
    elif judged.reach is Reach.ROWS:
        sure = _bad_rows(table, placed.policy, command, judged, people=people)
    elif command == "select":
        sure = people and _is_private(table, judged.reach)
    else:
        sure = True
    if judged.reach is Reach.ROWS and not sure and command in {"select", "insert"}:
        return None  # a public catalogue's published rows, a form with conditions
    holds = judged.reach is Reach.ANYONE or signup.open
    return Hole(
        "rls-escalation" if command == "insert" and sure else "rls-open",
        placed.place,
        _message(table, placed.policy, command, judged.reach, sure=sure),
        f"{table.name} {placed.policy.name}",
        sure=sure,
        people=sure and people and holds and judged.reach is not Reach.ROWS and command != "insert",
    )


def _bad_insert(table: Table, judged: Judged) -> bool:
    """Whether adding any row to *table* gives rights; other tables that take rows from anybody may be forms."""
    if judged.reach < Reach.SIGNED_IN:
        return False
    return gives_roles(table.name) or bool(rights_in(table.name, table.columns)) or bool(words_of(table.name) & _MONEY)


def _bad_rows(table: Table, policy: Policy, command: str, judged: Judged, *, people: bool) -> bool:
    """Whether a condition on the row alone is too wide: to change rows, or to read those of people."""
    condition = policy.using or ""
    if " is null" in condition or (policy.check is not None and "auth . uid" in policy.check):
        return False  # rows that are nobody's, or that become the caller's
    if command != "select":
        return not any(_TOKENS.search(column) for column in judged.columns & set(table.columns))
    private = bool(private_columns(table.columns))
    return people and private and not judged.columns & _SHOWN and bool(judged.columns & set(table.columns))


def _is_private(table: Table, reach: Reach) -> bool:
    """Whether reading *table* whole is a fault and no directory: of profiles only what identifies a person is."""
    if words_of(table.name) & _PROFILES:
        return bool(private_columns(table.columns))
    return reach is Reach.ANYONE or bool(table.columns)


def _message(table: Table, policy: Policy, command: str, reach: Reach, *, sure: bool) -> str:
    who = {Reach.ANYONE: "anyone with the public key", Reach.SIGNED_IN: "anyone who is signed in"}.get(
        reach, "anyone who asks"
    )
    rows = ", where its condition holds" if reach is Reach.ROWS else ""
    named = '"' + policy.name + '"'
    service = "; a policy for the server needs TO service_role, or none at all" if _SERVER.search(policy.name) else ""
    asked = "" if sure else ". Is that meant?"
    return f"Policy {named} lets {who} {_DOES[command]} {table.name}{told(table)}{rows}{service}{asked}"
