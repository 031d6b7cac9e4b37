"""What one statement does to the database: a step of a migration, in a form that is cached and replayed."""

from __future__ import annotations

from dataclasses import dataclass

#: The name that stands for each of several tables in a statement that a loop puts together.
EACH = "__each__"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: *kind* is its type, *values* the words it may hold, *owner* whether it points at auth.users."""

    name: str
    kind: str = ""
    values: tuple[str, ...] = ()
    owner: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """
    One policy as it is written. *command* is all, select, insert, update or delete; *roles* empty means public.

    *using* and *check* are the conditions as text, None where there is none.
    """

    name: str
    command: str = "all"
    roles: tuple[str, ...] = ()
    permissive: bool = True
    using: str | None = None
    check: str | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """
    One function: what its body does.

    *caller*: it asks who calls. *metadata* is the line where it reads user metadata, *role_line* the line where it
    takes a role from there. *guards* are the columns of `new` that it looks at. *writes* and *reads* are tables, *sets*
    the columns that it fills, *deletes* the tables it deletes from, *shows* the columns it says that it gives
    back. *by_argument*: an argument of its own stands in what it writes or reads. *runs*: it
    executes text that it is given. *counts*: it writes what it counts or sums up itself.
    """

    arguments: tuple[str, ...] = ()
    returns: str = ""
    definer: bool = False
    path_set: bool = False
    caller: bool = False
    metadata: int = 0
    role_line: int = 0
    role_checked: bool = False
    guards: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    deletes: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    by_argument: bool = False
    runs: bool = False
    counts: bool = False
    always_true: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """One view: the tables it reads, and whether it shows columns of people, one by one or with a star."""

    sources: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()  # "*" stands for all
    invoker: bool = False
    caller: bool = False
    counts: bool = False  # it groups or aggregates
    materialized: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """
    One change. *do* says which; *schema* and *name* what it is about ("*" every table of the schema).

    Verbs: table, columns, drop columns, rename, drop table, rls, no rls, policy, drop policy, alter policy, grant,
    revoke, function, drop function, definer, invoker, trigger, view, drop view, view invoker, bucket, enum, default
    revoke. *other* is the policy's, function's or trigger's name, or what it becomes; *words* are roles, privileges,
    values or events; *kept* are columns a grant is limited to.
    """

    do: str
    name: str
    line: int
    schema: str = ""
    other: str = ""
    words: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    policy: Policy | None = None
    function: Function | None = None
    view: View | None = None
    flag: bool = False


@dataclass(frozen=True, slots=True)
class SqlFile:
    """
    The steps of one file, in order.

    *whole* is False where a limit ended the reading; *supabase* says that it names Supabase's own things.
    """

    steps: tuple[Step, ...]
    whole: bool = True
    supabase: bool = False
