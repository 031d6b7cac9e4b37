"""Steps of migrations written in Python: Alembic's operations within `upgrade`, and Django's."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from checks.facts.code.literals import above, arguments_of, callee_of, keyword_of, short, string_of
from checks.facts.code.syntax import line_of, nodes_of, text_of
from checks.facts.operations.migration_step import Harm, Step

_ALEMBIC = {
    "drop_table": Harm.TABLE,
    "drop_column": Harm.COLUMN,
    "rename_table": Harm.RENAMES,
}
_DJANGO = {
    "DeleteModel": Harm.TABLE,
    "RemoveField": Harm.COLUMN,
    "RenameField": Harm.RENAMES,
    "RenameModel": Harm.RENAMES,
}


def of_alembic(text: str) -> Iterator[Step]:
    """Yield each step of `upgrade` that touches data which is already there."""
    made: set[str] = set()
    for call in nodes_of(text, "python", "(call) @it"):
        function = callee_of(call)
        if not function.startswith(("op.", "batch_op.")) or _function_around(call) == "downgrade":
            continue
        name, arguments = function.rpartition(".")[2], arguments_of(call)
        table = (string_of(arguments[0]) if arguments else None) or "a table"
        if name == "create_table":
            made.add(table)
            continue
        harm = _ALEMBIC.get(name)
        if name == "alter_column":
            harm = _altered(call)
        elif name == "add_column" and _is_demanding(call):
            harm = Harm.NOT_NULL
        if harm is not None and table not in made:
            yield Step(line_of(call), harm.name, (table if function.startswith("op.") else "a table")[:80])


def _altered(call: Node) -> Harm | None:
    if keyword_of(call, "new_column_name") is not None:
        return Harm.RENAMES
    if short(keyword_of(call, "nullable")) == "False":
        return Harm.NOT_NULL
    return Harm.TYPE if keyword_of(call, "type_") is not None else None


def _is_demanding(call: Node) -> bool:
    text = short(call, 1_000)
    return "nullable=False" in text and "server_default" not in text


def of_django(text: str) -> Iterator[Step]:
    """Yield each operation that touches data which is already there."""
    for call in nodes_of(text, "python", "(call) @it"):
        function = callee_of(call)
        harm = _DJANGO.get(function.rpartition(".")[2]) if function.startswith("migrations.") else None
        if harm is not None:
            model = keyword_of(call, "model_name") or keyword_of(call, "name") or keyword_of(call, "old_name")
            yield Step(line_of(call), harm.name, (string_of(model) or "a model")[:80])


def _function_around(node: Node) -> str:
    for each in above(node):
        if each.type == "function_definition":
            return text_of(each.child_by_field_name("name"))
    return ""
