"""Weighs the literals that stand where secrets belong by where they stand: under a guard, in development only."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tree_sitter import Node

from checks.facts.code.literals import above, bound_name, head_of, rows_with, short, string_of
from checks.facts.code.syntax import line_of, nodes_of, nodes_on
from checks.facts.secrets.assigned_secrets import Strength
from checks.facts.secrets.fallback_judgement import Fallback, judge, shape_of, speaks_of_environment
from checks.facts.secrets.names import HINT_IN_TEXT
from checks.facts.secrets.values import Look, look_of
from checks.same_value import same_value

#: From a node to (name, value, how) of each literal that it puts where a secret belongs.
Literals = Callable[[Node], Iterator[tuple[str, str, str]]]

_STOPS = re.compile(r"\b(?:raise|throw|exit|abort|warn|critical|fatal)\b")
_CONDITIONS = frozenset({"if_statement", "elif_clause", "conditional_expression", "ternary_expression"})
_STANDS_IN = re.compile(r"(?:mock|fake|dummy|stub)\b", re.IGNORECASE)
_LONGEST = 600  # bytes of a condition that is looked at


def find(text: str, language: str, query: str, literals: Literals) -> Iterator[Fallback]:
    """Yield the fallback secrets among what *literals* finds in the nodes that *query* captures in *text*."""
    guards: list[str] | None = None
    for node in nodes_on(text, language, query, rows_with(text, HINT_IN_TEXT)):
        for name, value, how in literals(node):
            found = judge(name, value)
            if found is None:
                continue
            what, strength = found
            guards = _guards(text, language) if guards is None else guards
            if how == "written" and name.lower() in {"secret", "key"}:
                # As likely the name of a thing, or what stands in for one.
                named = look_of(value) is Look.WORDS or _STANDS_IN.match(value)
                strength = Strength.POSSIBLE if named else strength
            names = {name, bound_name(node)} - {""}
            stopped = any(_stops(guard, names, value) for guard in guards)
            blocking = strength is not Strength.POSSIBLE and not stopped and not _in_development(node)
            yield Fallback(_line(node), what, how, shape_of(name, how), blocking, same_value(value))


def _guards(text: str, language: str) -> list[str]:
    """Return the conditions of the ifs of *text* that stop it or warn: asked for only where a literal stands."""
    return [
        _condition(node)
        for node in nodes_of(text, language, "(if_statement) @it")
        if _STOPS.search(head_of(node.child_by_field_name("consequence")))
    ]


def _stops(guard: str, names: set[str], value: str) -> bool:
    """Whether the condition *guard* finds the literal in use, or asks for the variable in production."""
    return any(name in guard for name in names) and (value in guard or speaks_of_environment(guard))


def _condition(node: Node) -> str:
    return short(node.child_by_field_name("condition") or node, _LONGEST)


def _line(node: Node) -> int:
    """Return the line of the literal, which in a fallback often stands below the name it is for."""
    right = node.child_by_field_name("right") or node.child_by_field_name("alternative")
    return line_of(right if right is not None and string_of(right) is not None else node)


def _in_development(node: Node) -> bool:
    for each in (node, *above(node)):
        if each.type in _CONDITIONS and speaks_of_environment(_condition(each)):
            return True
        if each.type == "class_definition":
            return re.match(r"Test|Dev", short(each.child_by_field_name("name"))) is not None
    return False
