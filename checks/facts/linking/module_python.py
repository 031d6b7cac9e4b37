"""Reads what a Python file offers and wants: its names by Python's own symbol table, its imports off the tree."""

from __future__ import annotations

import re
import symtable
import sys
import warnings
from collections.abc import Iterator

import re2
from tree_sitter import Node

from checks.facts.code.literals import rows_with
from checks.facts.code.syntax import line_of, nodes_on, parse, text_of
from checks.facts.linking.conflicts import conflict_in
from checks.facts.linking.module import Fault, Module, Want

_IMPORT = re2.compile(r"\bimport\b")
_IMPORTS = "[(import_statement) (import_from_statement)] @it"
#: Names that come into being as the file runs.
_DYNAMIC = re.compile(
    r"\b(?:__getattr__|globals\(\)|vars\(\)|locals\(\)|exec\(|setattr\(\s*sys\.modules|sys\.modules\[)"
)
#: Text that something fills in before it is Python: Jinja, cookiecutter, IPython.
_TEMPLATE = re.compile(r"^\s*\{%|\{\{\s*cookiecutter|\{\{-|^\s*%%?\w", re.MULTILINE)
#: What an older Python than the app's says of newer syntax: PEP 701, PEP 758, PEP 695, PEP 750.
_NEWER = re.compile(r"f-string|multiple exception types|generic|t-string")
_PYTHON_2 = re.compile(r"Missing parentheses in call to|leading zeros in decimal")
_LITERAL = re.compile(r"""(?<![\w"'])[rbRB]?[fFtT][rR]?["']""")
_NESTED_LITERALS = (3, 12)  # the Python that came with PEP 701
_CATCHES = re.compile(r"ImportError|ModuleNotFoundError|\bException\b|BaseException|^except\s*:")
_MOST_TABLES = 20_000
_DEEPEST = 200  # blocks around an import


def read_python(text: str) -> Module:
    """Return what the file *text* offers and wants, or where it cannot be parsed."""
    wants = tuple(_wants(text))
    stars = tuple(want.module for want in wants if want.name == "*")
    conflict = conflict_in(text)
    if conflict:
        return Module(opaque=True, wants=wants, fault=conflict)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            table = symtable.symtable(text, "module", "exec")
    except SyntaxError as error:
        return Module(opaque=True, wants=wants, fault=_fault(error, text))
    except (ValueError, RecursionError, MemoryError, OverflowError):
        return Module(opaque=True, wants=wants)
    return Module(_names(table), stars, wants, opaque=bool(_DYNAMIC.search(text)))


def _names(table: symtable.SymbolTable) -> frozenset[str]:
    names = {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace() or symbol.is_annotated()
    }
    waiting, seen = list(table.get_children()), 0
    while waiting and seen < _MOST_TABLES:
        inner = waiting.pop()
        seen += 1
        waiting.extend(inner.get_children())
        names.update(one.get_name() for one in inner.get_symbols() if one.is_declared_global())
    return frozenset(names)


def _fault(error: SyntaxError, text: str) -> Fault | None:
    """Return what is wrong, or None where it may be no fault: newer syntax than ours, or a template."""
    message, line = error.msg or "", error.lineno or 1
    if _TEMPLATE.search(text) or _NEWER.search(message):
        return None
    if isinstance(error, IndentationError):
        return Fault(line, message.partition(" on line")[0])
    lines = text.splitlines()
    literal = line <= len(lines) and _LITERAL.search(lines[line - 1][:2000])
    if (literal and sys.version_info < _NESTED_LITERALS) or not parse(text, "python").root_node.has_error:
        return None if not _PYTHON_2.search(message) else Fault(line, "it is written for Python 2")
    return Fault(line, "it is not Python")


def _wants(text: str) -> Iterator[Want]:
    for node in nodes_on(text, "python", _IMPORTS, rows_with(text, _IMPORT)):
        runs = _runs(node)
        if runs is None:
            continue
        line = line_of(node)
        if node.type == "import_statement":
            for name in node.children_by_field_name("name"):
                dotted = name.child_by_field_name("name") if name.type == "aliased_import" else name
                yield Want(text_of(dotted), "", line, later=runs)
            continue
        module = text_of(node.child_by_field_name("module_name"))
        if any(child.type == "wildcard_import" for child in node.children):
            yield Want(module, "*", line, later=runs)
        for name in node.children_by_field_name("name"):
            dotted = name.child_by_field_name("name") if name.type == "aliased_import" else name
            yield Want(module, text_of(dotted), line_of(name), later=runs)


def _runs(node: Node) -> bool | None:
    """Return whether *node* runs later than when its file is loaded; None where its failure is caught or expected."""
    later, child, parent = False, node, node.parent
    for _ in range(_DEEPEST):
        if parent is None:
            return later
        match parent.type:
            case "function_definition" | "lambda" | "with_statement":
                later = True
            case "if_statement" | "match_statement":
                if "TYPE_CHECKING" in text_of(parent.child_by_field_name("condition")):
                    return None
                later = True
            case "except_clause" | "except_group_clause":
                return None
            case "try_statement" if child.type == "block":
                clauses = [text_of(one)[:200] for one in parent.children if one.type.startswith("except")]
                if any(_CATCHES.search(clause.partition("\n")[0]) for clause in clauses):
                    return None
        child, parent = parent, parent.parent
    return None
