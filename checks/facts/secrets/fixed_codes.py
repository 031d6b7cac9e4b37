"""One-time codes that are not: a function that makes them returns the same digits every time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from checks.facts.code.literals import above, bound_name, short, string_of
from checks.facts.code.syntax import line_of, nodes_of
from checks.facts.secrets.fallback_judgement import speaks_of_environment

_MAKES = re.compile(r"otp|(?:verification|login|sms|one_?time|auth|security|confirmation)_?code", re.IGNORECASE)
_DIGITS = re.compile(r"\d{4,8}")
_FUNCTIONS = frozenset(
    {
        "function_definition",
        "function_declaration",
        "arrow_function",
        "method_definition",
        "function_expression",
    }
)


def fixed_codes(text: str, language: str) -> Iterator[tuple[int, str, bool]]:
    """Yield (line, name of the function, whether it does so wherever it runs) of each such code in *text*."""
    if _MAKES.search(text) is None:
        return
    for node in nodes_of(text, language, "(return_statement) @it"):
        value = string_of(next(iter(node.named_children), None))
        if value is None or _DIGITS.fullmatch(value) is None:
            continue
        name = _function(node)
        if _MAKES.search(name):
            yield line_of(node), name, not _in_development(node)


def _function(node: Node) -> str:
    """Return the name of the function that *node* stands in."""
    holder = next((each for each in above(node) if each.type in _FUNCTIONS), None)
    return "" if holder is None else short(holder.child_by_field_name("name")) or bound_name(holder)


def _in_development(node: Node) -> bool:
    conditions = (each.child_by_field_name("condition") for each in above(node) if each.type == "if_statement")
    return any(speaks_of_environment(short(condition)) for condition in conditions)
