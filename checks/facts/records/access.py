"""What one function does with records, and what it makes of who is asking: the nouns of this room."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Access:
    """
    One call that reaches for records of *table* (a table, model or collection, as the code writes it).

    *operation* is read, list, create, change, delete, make (an object of a class is made, which may be a record) or
    send (a message, to whom *columns* name). *columns* are those that its filter compares. *given* says that the
    filter takes a value from the request or a parameter, *caller* that it names who is asking. *sets* are the
    privileged fields (role, is_admin) whose value the request brings, with "*" for a request's body as a whole, "*form"
    for one that a form read, and "*name()" for what a parameter holds. *writes* are the columns of keys whose value is
    the request's own. *by* are the names by which the request picks the records, "@table" for another record's.
    """

    line: int
    table: str
    operation: str
    columns: tuple[str, ...] = ()
    given: bool = False
    caller: bool = False
    sets: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Doing:
    """
    One function. *key* is its line and last name ("12:remove").

    *uses* says what it makes of who is asking: user (names them at all), owner (compares or filters by them, or hands
    them to what may), matched (with what the request names), role (asks what they may do), muted (such a question
    stands in a comment). *hands* are the last names of functions that it hands the caller to, *passes* of those that
    get what it was given itself, *wholes* of those that get a request's body as a whole, each as "name" or, where a
    form read the body first, "name form". *asks* are the tables whose records it compares with something ("*" for what
    is not known), and "=name" for what the request named and was looked for among other things.
    """

    key: str
    uses: tuple[str, ...] = ()
    accesses: tuple[Access, ...] = ()
    hands: tuple[str, ...] = ()
    passes: tuple[str, ...] = ()
    wholes: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One declared table or model with the names of its columns."""

    name: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileRecords:
    """One file: its functions that touch records or the caller, the tables it declares."""

    functions: tuple[Doing, ...] = ()
    tables: tuple[Table, ...] = ()


def key_of(line: int, name: str) -> str:
    """Return what tells a function apart in its file: unnamed ones by their place, others by line and last name."""
    return name if name.startswith("at:") else f"{line}:{name.rpartition('.')[2]}"


def same_table(name: str) -> str:
    """Return *name* of a table or model in a form in which TodoItem, todo_items and todoItems are alike."""
    plain = name.replace("_", "").replace("-", "").lower()
    for suffix in ("model", "table", "schema", "entity", "collection"):
        if len(plain) > len(suffix) + 2:
            plain = plain.removesuffix(suffix)
    if plain.endswith("ies"):
        return plain[:-3] + "y"
    return plain.removesuffix("s") if not plain.endswith("ss") else plain
