"""Ways for users to give themselves rights: their own role column, a row among the roles, their sign-up form."""

from __future__ import annotations

from collections.abc import Iterator

from checks.facts.database.conditions import Reach, judge
from checks.facts.database.data_words import gives_roles, rights_in
from checks.facts.database.holes import Hole
from checks.facts.database.policy_holes import reach_of
from checks.facts.database.schema import PlacedPolicy, Schema, Table

_ADMIN = ("admin", "owner", "super", "staff", "manager", "root", "gestor")


def escalations(schema: Schema) -> Iterator[Hole]:
    """Yield each policy by which users can change what gives them rights, and each sign-up that takes a role."""
    for table in schema.tables.values():
        if table.schema == "public" and table.rls is not False:
            for placed in table.policies.values():
                yield from _own_row(schema, table, placed)
    yield from _sign_ups(schema)


def _own_row(schema: Schema, table: Table, placed: PlacedPolicy) -> Iterator[Hole]:
    policy = placed.policy
    if not policy.permissive or policy.command not in {"all", "update", "insert"} or not table.roles("update"):
        return
    command = "insert" if policy.command == "insert" else "update"
    judged = reach_of(table, policy, command, schema.functions)
    if not (judged.own and judged.reach is Reach.CALLER):
        return
    if gives_roles(table.name) and policy.command != "update" and _is_open_role(schema, table, placed):
        yield Hole(
            "rls-escalation",
            placed.place,
            f'Policy "{policy.name}" lets users add rows about themselves to {table.name}: they can make themselves '
            "administrators",
            f"{table.name} {policy.name}",
            people=True,
        )
        return
    mentioned = judge(policy.check if policy.check is not None else policy.using, schema.functions).columns
    rights = [column for column in rights_in(table.name, table.columns) if is_free(schema, table, column, mentioned)]
    if rights:
        verb = "add" if command == "insert" else "change"
        yield Hole(
            "rls-escalation",
            placed.place,
            f'Policy "{policy.name}" lets users {verb} their own row of {table.name} whole, and with it '
            f"{', '.join(rights[:3])}: nothing keeps them from giving themselves more rights",
            f"{table.name} {policy.name}",
            sure=command == "update",
            people=any("admin" in column or "role" in column or "papel" in column for column in rights),
        )


def _is_open_role(schema: Schema, table: Table, placed: PlacedPolicy) -> bool:
    """Whether the row that users may add can say any role: the condition names none."""
    check = placed.policy.check if placed.policy.check is not None else placed.policy.using
    roles = [column for column in table.columns.values() if column.name in {"role", "role_id", "is_admin"}]
    mentioned = judge(check, schema.functions).columns
    return all(column.name not in mentioned for column in roles)


def is_free(
    schema: Schema, table: Table, column: str, mentioned: frozenset[str], *, choice_matters: bool = False
) -> bool:
    """
    Whether nothing keeps users from changing *column*: no condition, no grant, no trigger, no harmless choice.

    With *choice_matters* no choice is harmless: any state of a payment says something.
    """
    if column in mentioned or (table.kept is not None and table.roles("update") == () and column not in table.kept):
        return False
    if table.kept is not None and column not in table.kept and table.closed("authenticated", "update"):
        return False
    values = schema.values_of(table.columns[column])
    if (
        not choice_matters
        and values
        and not any(word in value.lower() for value in values for word in _ADMIN)
        and "role" in column
    ):
        return False
    return not any(
        column in schema.functions[function].function.guards
        for _, function, when in table.triggers
        if "before" in when and "update" in when and function in schema.functions
    )


def _sign_ups(schema: Schema) -> Iterator[Hole]:
    """Yield each trigger function that gives a new user the role that the sign-up itself asks for."""
    used = {function for table in schema.tables.values() for _, function, _ in table.triggers}
    roles = [
        schema.values_of(column)
        for table in schema.tables.values()
        for column in table.columns.values()
        if column.name in {"role", "user_role", "user_type", "account_type"}
    ]
    for placed in schema.functions.values():
        function = placed.function
        if not function.role_line or function.returns != "trigger" or placed.name not in used:
            continue
        limited = function.role_checked or (
            bool(roles) and all(values and not _holds_admin(values) for values in roles)
        )
        place = type(placed.place)(placed.place.path, function.role_line)
        yield Hole(
            "rls-escalation",
            place,
            f"{placed.name}() takes a new user's role from raw_user_meta_data, which the sign-up request fills in: "
            "whoever signs up can choose to be an administrator",
            f"{placed.name} role",
            sure=not limited,
            people=True,
        )


def _holds_admin(values: tuple[str, ...]) -> bool:
    return any(word in value.lower() for value in values for word in _ADMIN)
