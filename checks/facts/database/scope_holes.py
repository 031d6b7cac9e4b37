"""
Policies that compare the caller and forget where the row goes: whose conversation, whose company, whose payment.

A message with the right sender may stand in anybody's conversation; a company read from one's own profile is a company
that its reader may choose; a payment that both sides may write is one that either side may mark as paid.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from checks.facts.database.conditions import Reach, judge
from checks.facts.database.data_words import columns_of_payments, gives_access, is_account, joined_by
from checks.facts.database.escalation_holes import is_free
from checks.facts.database.holes import Hole
from checks.facts.database.policy_holes import reach_of
from checks.facts.database.schema import PlacedPolicy, Schema, Table

_MOST = 3  # policies that go by one account, told each; they have one cause
_FROM = re.compile(r"\b(?:from|join) (?:public \. )?([a-z_]\w*)")


def narrow_policies(schema: Schema) -> Iterator[Hole]:
    """Yield each policy that asks for the caller's own id, and for too little beside it."""
    tables = [table for table in schema.tables.values() if table.schema == "public" and table.rls is not False]
    chosen = {table.name: columns for table in tables if (columns := _chosen(schema, table))}
    for table in tables:
        for placed in table.policies.values():
            if placed.policy.permissive:
                yield from _sent(schema, table, placed)
                yield from _paid(schema, table, placed)
                yield from _unknown(schema, table, placed)
    yield from islice(
        (
            hole
            for table in tables
            for placed in table.policies.values()
            if placed.policy.permissive
            for hole in _by_choice(table, placed, chosen)
        ),
        _MOST,
    )


def _owns(schema: Schema, table: Table, placed: PlacedPolicy, command: str) -> bool:
    """Whether *placed* lets in whoever is named in the row, for *command*, and asks for nothing more."""
    if placed.policy.command not in {"all", command} or not table.roles(command):
        return False
    judged = reach_of(table, placed.policy, command, schema.functions)
    return judged.own and judged.reach is Reach.CALLER


def _mentioned(schema: Schema, placed: PlacedPolicy) -> frozenset[str]:
    """Return the names in the condition on what is written."""
    policy = placed.policy
    return judge(policy.check if policy.check is not None else policy.using, schema.functions).columns


def _sent(schema: Schema, table: Table, placed: PlacedPolicy) -> Iterator[Hole]:
    """Yield the policy where rows may be added to other people's conversations, or grant rights to what is theirs."""
    if not _owns(schema, table, placed, "insert"):
        return
    mentioned = _mentioned(schema, placed)
    places = () if is_account(table.name) else joined_by(table.name, table.columns)
    where = [column for column in places if column not in mentioned]
    grants = gives_access(table.name)
    if where or grants:
        into = f"with any {where[0]}" if where else "for anything"
        lets = "give themselves rights to what is other people's" if grants else "add to what they do not belong to"
        yield Hole(
            "rls-escalation" if grants else "rls-open",
            placed.place,
            f'Policy "{placed.policy.name}" compares only who adds a row to {table.name}: users can add one {into}, '
            f"and so {lets}",
            f"{table.name} {placed.policy.name} scope",
            sure=False,
        )


def _paid(schema: Schema, table: Table, placed: PlacedPolicy) -> Iterator[Hole]:
    """Yield the policy where those whom a payment is about may write its amount and its state."""
    columns = columns_of_payments(table.name, table.columns)
    if not columns or not _owns(schema, table, placed, "update"):
        return
    free = [
        column for column in columns if is_free(schema, table, column, _mentioned(schema, placed), choice_matters=True)
    ]
    if free:
        yield Hole(
            "rls-escalation",
            placed.place,
            f'Policy "{placed.policy.name}" lets those named in a row of {table.name} change it whole, and with it '
            f"{', '.join(free[:3])}: nothing keeps them from writing what was paid",
            f"{table.name} {placed.policy.name} paid",
            sure=False,
        )


def _unknown(schema: Schema, table: Table, placed: PlacedPolicy) -> Iterator[Hole]:
    """Yield the policy where users change their whole own account, and no file tells which columns it has."""
    if table.created is None and not table.columns and is_account(table.name):
        mentioned = _mentioned(schema, placed)
        if _owns(schema, table, placed, "update") and "role" not in mentioned:
            yield Hole(
                "rls-escalation",
                placed.place,
                f'Policy "{placed.policy.name}" lets users change their own row of {table.name} whole, and no file '
                "here tells its columns: users can give themselves a role, a plan or credits that are among them",
                f"{table.name} {placed.policy.name} unknown",
                sure=False,
            )


def _chosen(schema: Schema, table: Table) -> frozenset[str]:
    """Return the columns of *table*, an account's, that say where somebody belongs and that its owner may write."""
    found: set[str] = set()
    places = joined_by(table.name, table.columns) if is_account(table.name) else ()
    for placed in table.policies.values() if places else ():
        if placed.policy.permissive and _owns(schema, table, placed, "update"):
            mentioned = _mentioned(schema, placed)
            found |= {column for column in places if is_free(schema, table, column, mentioned, choice_matters=True)}
    return frozenset(found)


def _by_choice(table: Table, placed: PlacedPolicy, chosen: dict[str, frozenset[str]]) -> Iterator[Hole]:
    """Yield the policy that lets in whoever wrote the right company into their own account."""
    conditions = " ".join(text for text in (placed.policy.using, placed.policy.check) if text).lower()
    for account in dict.fromkeys(_FROM.findall(conditions)):
        columns = [column for column in sorted(chosen.get(account, ())) if re.search(rf"\b{column}\b", conditions)]
        if columns:
            yield Hole(
                "rls-open",
                placed.place,
                f'Policy "{placed.policy.name}" on {table.name} goes by {columns[0]} of {account}, which users may '
                "write in their own row: whoever writes another's id there is let in",
                f"{table.name} {placed.policy.name} chosen",
                sure=False,
            )
            return
