"""Migrations replayed: steps applied in order, so that what counts is the state in which they leave the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from checks.facts.database.schema import (
    BROWSER_ROLES,
    Bucket,
    Place,
    PlacedFunction,
    PlacedPolicy,
    PlacedView,
    Schema,
    Table,
)
from checks.facts.database.sql_steps import Column, Function, SqlFile, Step

_ALL = frozenset({"all", "privileges"})
#: How much a chain of files may make this do; the largest app that was seen needs a tenth.
WORK = 200_000
_COSTLY = 15  # a policy is judged later, several times


@dataclass(slots=True)
class Replay:
    """
    A database being built. *keeps* says that dropping a table does not count.

    Loose scripts are run by hand in an order that nobody knows; one that clears everything away must not hide the
    tables that another one makes.
    """

    keeps: bool = False
    tables: dict[str, Table] = field(default_factory=dict)
    functions: dict[str, PlacedFunction] = field(default_factory=dict)
    views: dict[str, PlacedView] = field(default_factory=dict)
    buckets: dict[str, Bucket] = field(default_factory=dict)
    enums: dict[str, tuple[str, ...]] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()  # roles that get nothing on new tables
    uncalled: frozenset[str] = frozenset()  # roles that may not call new functions
    left: int = WORK

    def play(self, files: Iterable[tuple[str, SqlFile]]) -> None:
        """Apply the steps of *files*, (path, what it does), in order, as long as there is work *left* to be done."""
        for path, file in files:
            for step in file.steps:
                action = _ACTIONS.get(step.do)
                if action is not None and self.left > 0:
                    self.left -= _COSTLY if step.policy is not None else 1
                    action(self, step, Place(path, step.line))

    def schema(self) -> Schema:
        """Return what there is now."""
        return Schema(dict(self.tables), dict(self.functions), dict(self.views), dict(self.buckets), dict(self.enums))

    def named(self, step: Step) -> list[str]:
        """Return the keys of the tables that *step* is about, making an entry for one that no file creates."""
        schema = step.schema or "public"
        if step.name == "*":
            self.left -= len(self.tables)
            return [key for key, table in self.tables.items() if table.schema == schema]
        key = f"{schema}.{step.name}"
        table = self.tables.setdefault(key, Table(schema, step.name))
        self.left -= (len(table.columns) + len(table.policies) + len(table.triggers)) // 20
        return [key]


def _table(state: Replay, step: Step, place: Place) -> None:
    schema = step.schema or "public"
    key = f"{schema}.{step.name}"
    columns: dict[str, Column] = {}
    for column in step.columns:
        before = columns.get(column.name)
        columns[column.name] = replace(before, values=column.values) if before is not None else column
    known = state.tables.get(key)
    if known is not None and known.created is not None:
        state.tables[key] = replace(known, columns={**columns, **known.columns})
        return
    revoked = frozenset(("all", role) for role in state.closed)
    fresh = known or Table(schema, step.name, revoked=revoked)
    rls = fresh.rls if fresh.rls is not None else False
    state.tables[key] = replace(fresh, created=place, columns={**columns, **fresh.columns}, rls=rls)


def _columns(state: Replay, step: Step, _place: Place) -> None:
    for key in state.named(step):
        table = state.tables[key]
        merged = dict(table.columns)
        for column in step.columns:
            before = merged.get(column.name)
            merged[column.name] = replace(before, values=column.values) if before and not column.kind else column
        state.tables[key] = replace(table, columns=merged)


def _drop_columns(state: Replay, step: Step, _place: Place) -> None:
    for key in state.named(step):
        table = state.tables[key]
        left = {name: column for name, column in table.columns.items() if name not in step.words}
        state.tables[key] = replace(table, columns=left)


def _drop_table(state: Replay, step: Step, _place: Place) -> None:
    if not state.keeps:
        state.tables.pop(f"{step.schema or 'public'}.{step.name}", None)


def _rename(state: Replay, step: Step, _place: Place) -> None:
    table = state.tables.pop(f"{step.schema or 'public'}.{step.name}", None)
    if table is not None:
        schema, name = (table.schema, step.other) if step.do == "rename" else (step.other, table.name)
        state.tables[f"{schema}.{name}"] = replace(table, schema=schema, name=name)


def _rls(state: Replay, step: Step, place: Place) -> None:
    on = step.do == "rls"
    for key in state.named(step):
        state.tables[key] = replace(state.tables[key], rls=on, off=None if on else place)


def _policy(state: Replay, step: Step, place: Place) -> None:
    assert step.policy is not None
    for key in state.named(step):
        table = state.tables[key]
        placed = PlacedPolicy(replace(step.policy, name=step.other), place)
        before = table.policies.get(step.other)
        if before is not None and before.policy == placed.policy:
            continue  # PostgreSQL refuses the second one, or a condition around it skips it
        state.tables[key] = replace(table, policies={**table.policies, step.other: placed})


def _alter_policy(state: Replay, step: Step, place: Place) -> None:
    assert step.policy is not None
    for key in state.named(step):
        table = state.tables[key]
        before = table.policies.get(step.other)
        if before is None:
            continue
        said = {"to": "roles", "using": "using", "check": "check"}
        changed = {said[word]: getattr(step.policy, said[word]) for word in step.words}
        placed = PlacedPolicy(replace(before.policy, **changed), place)
        state.tables[key] = replace(table, policies={**table.policies, step.other: placed})


def _drop_policy(state: Replay, step: Step, _place: Place) -> None:
    for key in state.named(step):
        table = state.tables[key]
        left = {name: policy for name, policy in table.policies.items() if step.other not in {name, "*"}}
        renamed = table.policies.get(step.other)
        if step.do == "rename policy" and renamed is not None:
            left[step.words[0]] = renamed
        state.tables[key] = replace(table, policies=left)


def _privileges(step: Step) -> set[tuple[str, str]]:
    said = {"all"} if _ALL & set(step.words) else set(step.words)
    return {(privilege, role) for privilege in said for role in step.roles if role in BROWSER_ROLES}


def _on_table(state: Replay, step: Step, _place: Place) -> None:
    pairs = _privileges(step)
    if step.name != "*" and step.name in state.views:
        view = state.views[step.name]
        revoked = view.revoked | pairs if step.do.startswith("revoke") else _granted(view.revoked, pairs)
        state.views[step.name] = replace(view, revoked=revoked)
        return
    for key in state.named(step):
        table = state.tables[key]
        if step.do.startswith("grant") and step.kept and "update" in step.words:
            state.tables[key] = replace(table, kept=(table.kept or ()) + step.kept)
        elif not step.kept:  # a column's privilege takes nothing from a grant of the whole table
            revoked = table.revoked | pairs if step.do.startswith("revoke") else _granted(table.revoked, pairs)
            state.tables[key] = replace(table, revoked=revoked)


def _granted(revoked: frozenset[tuple[str, str]], pairs: set[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Return what stays revoked of *revoked* after *pairs* were granted."""
    left = set(revoked)
    for privilege, role in pairs:
        if privilege == "all":
            left = {pair for pair in left if pair[1] != role}
        elif ("all", role) in left:
            left.discard(("all", role))
            left |= {(other, role) for other in ("select", "insert", "update", "delete") if other != privilege}
        left.discard((privilege, role))
    return frozenset(left)


def _on_function(state: Replay, step: Step, place: Place) -> None:
    roles = frozenset(step.roles) & {*BROWSER_ROLES, "public"}
    for name in list(state.functions) if step.name == "*" else [step.name]:
        known = state.functions.get(name)
        if known is None:
            continue
        state.left -= len(known.grants)
        state.functions[name] = known.refused(roles) if step.do.startswith("revoke") else known.granted(roles, place)


def _function(state: Replay, step: Step, place: Place) -> None:
    assert step.function is not None
    known = state.functions.get(step.name)
    fresh = known or PlacedFunction(step.name, "", step.function, place, state.uncalled)
    state.functions[step.name] = replace(fresh, schema=step.schema or "public", function=step.function, place=place)


def _changed(**changes: bool) -> Callable[[Replay, Step, Place], None]:
    """Return the action that makes *changes* to a function that is there."""

    def change(state: Replay, step: Step, _place: Place) -> None:
        known = state.functions.get(step.name)
        if known is not None:
            function: Function = replace(known.function, **changes)  # type: ignore[arg-type]
            state.functions[step.name] = replace(known, function=function)

    return change


def _trigger(state: Replay, step: Step, _place: Place) -> None:
    for key in state.named(step):
        table = state.tables[key]
        state.tables[key] = replace(
            table, triggers=(*table.triggers, (step.words[0], step.other, tuple(step.words[1:])))
        )


def _drop_trigger(state: Replay, step: Step, _place: Place) -> None:
    for key in state.named(step):
        table = state.tables[key]
        state.tables[key] = replace(table, triggers=tuple(each for each in table.triggers if each[0] != step.other))


def _view(state: Replay, step: Step, place: Place) -> None:
    assert step.view is not None
    state.views[step.name] = PlacedView(step.name, step.schema or "public", step.view, place)


def _view_invoker(state: Replay, step: Step, _place: Place) -> None:
    known = state.views.get(step.name)
    if known is not None:
        state.views[step.name] = replace(known, view=replace(known.view, invoker=step.flag))


def _bucket(state: Replay, step: Step, place: Place) -> None:
    known = state.buckets.get(step.name)
    limited = "limited" in step.words or (known is not None and known.limited)
    state.buckets[step.name] = Bucket(step.name, step.flag, place, limited)


def _enum(state: Replay, step: Step, _place: Place) -> None:
    state.enums[step.name] = step.words


def _default(state: Replay, step: Step, _place: Place) -> None:
    kept = "uncalled" if step.name == "functions" else "closed"
    setattr(state, kept, getattr(state, kept) | frozenset(step.roles))


def _forget(kept: str) -> Callable[[Replay, Step, Place], None]:
    """Return the action that takes a name out of the mapping called *kept*."""

    def forget(state: Replay, step: Step, _place: Place) -> None:
        getattr(state, kept).pop(step.name, None)

    return forget


_ACTIONS: dict[str, Callable[[Replay, Step, Place], None]] = {
    "table": _table,
    "columns": _columns,
    "drop columns": _drop_columns,
    "drop table": _drop_table,
    "rename": _rename,
    "move": _rename,
    "rls": _rls,
    "no rls": _rls,
    "policy": _policy,
    "alter policy": _alter_policy,
    "drop policy": _drop_policy,
    "rename policy": _drop_policy,
    "grant table": _on_table,
    "revoke table": _on_table,
    "grant function": _on_function,
    "revoke function": _on_function,
    "function": _function,
    "drop function": _forget("functions"),
    "definer": _changed(definer=True),
    "invoker": _changed(definer=False),
    "path set": _changed(path_set=True),
    "trigger": _trigger,
    "drop trigger": _drop_trigger,
    "view": _view,
    "drop view": _forget("views"),
    "view invoker": _view_invoker,
    "bucket": _bucket,
    "enum": _enum,
    "default revoke": _default,
}
