"""Literal strings and the names they are given, in syntax trees of Python and JavaScript alike."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from checks.facts.syntax import text_of

_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_LONGEST = 300  # characters of an expression that are looked at for a name
_WRAPPERS = frozenset({"parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression"})
# Calls that hand on the literal they get: "x".encode(), Buffer.from("x"), SecretStr("x").
_HANDS_ON = re.compile(r"(?:\.encode|^Buffer\.from|^SecretStr|^str|^bytes|^String|createSecretKey|^b64decode)$")


def string_of(node: Node | None) -> str | None:  # noqa: PLR0911 - one answer a rule reads best in order
    """Return the text of a literal string without its quotes; None for anything that is put together at run time."""
    if node is None:
        return None
    if node.type in _WRAPPERS and node.named_children:
        return string_of(node.named_children[0])
    if node.type in {"string", "template_string"}:
        inner = node.named_children
        if any(child.type in {"interpolation", "template_substitution"} for child in inner):
            return None
        return "".join(text_of(child) for child in inner if child.type not in {"string_start", "string_end"})
    if node.type in {"call", "call_expression"}:
        function = text_of(node.child_by_field_name("function"))
        if node.type == "call" and function.endswith(".encode"):
            receiver = node.child_by_field_name("function")
            return string_of(receiver.child_by_field_name("object") if receiver else None)
        if len(function) < _LONGEST and _HANDS_ON.search(function):
            return string_of(next(iter(arguments_of(node)), None))
    return None


def name_of(node: Node | None) -> str:
    """Return the last name in *node*'s text: X of `process.env.X`, `config["X"]` and `os.getenv("X")` alike."""
    names = _NAME.findall(text_of(node)[-_LONGEST:])
    return names[-1] if names else ""


def arguments_of(call: Node) -> list[Node]:
    """Return the arguments of *call* that stand without a name, in order."""
    arguments = call.child_by_field_name("arguments")
    if arguments is None or arguments.type not in {"argument_list", "arguments"}:
        return []
    return [child for child in arguments.named_children if child.type not in {"keyword_argument", "comment"}]


def keyword_of(call: Node, name: str) -> Node | None:
    """Return the value of the keyword argument *name* of a Python call."""
    arguments = call.child_by_field_name("arguments")
    for child in arguments.named_children if arguments is not None else ():
        if child.type == "keyword_argument" and text_of(child.child_by_field_name("name")) == name:
            return child.child_by_field_name("value")
    return None


def above(node: Node) -> Iterator[Node]:
    """Yield the nodes that hold *node*, the nearest first."""
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def bound_name(node: Node) -> str:
    """Return the variable, property or key that *node* is the value of, or an empty string."""
    child = node
    for parent in above(node):
        if parent.type in {"variable_declarator", "assignment", "assignment_expression", "pair", "keyword_argument"}:
            fields = ("name", "left", "key")
            target = next((found for field in fields if (found := parent.child_by_field_name(field))), None)
            return "" if target is None or target.id == child.id else name_of(target)
        if parent.type in {"public_field_definition", "field_definition"}:
            return name_of(parent.child_by_field_name("name") or parent.child_by_field_name("property"))
        if parent.type not in {
            *_WRAPPERS,
            "binary_expression",
            "ternary_expression",
            "boolean_operator",
            "conditional_expression",
        }:
            return ""
        child = parent
    return ""
