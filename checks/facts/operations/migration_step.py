"""One step of a migration that touches data which is already there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Harm(StrEnum):
    """What a step does; the value completes "this migration"."""

    TABLE = "drops table {name} with everything in it"
    COLUMN = "drops a column of {name} with everything in it"
    EMPTIES = "deletes every row of {name}"
    RENAMES = "renames what the running version of the app still uses ({name})"
    NOT_NULL = "demands a value that the rows of {name} may not have, so that it may fail half way"
    TYPE = "changes a column's type in {name}, which may lose values and locks the table"
    INDEX = "makes an index on {name} without CONCURRENTLY: nobody can write to the table meanwhile"


#: What cannot be undone.
LOSES = frozenset({Harm.TABLE, Harm.COLUMN, Harm.EMPTIES})


@dataclass(frozen=True, slots=True)
class Step:
    """One step: *line* from 1, the *name* of a Harm, the table's *name*."""

    line: int
    harm: str
    name: str
