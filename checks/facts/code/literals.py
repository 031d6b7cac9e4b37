"""Literal strings and the names they are given, in syntax trees of Python and JavaScript alike."""

from __future__ import annotations

import re
from collections.abc import Iterator

import re2
from tree_sitter import Node

from checks.facts.code.syntax import text_of

_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_DEEPEST = 8  # wrappers around a literal that are looked through
_STATEMENTS = 6  # of a block
_FARTHEST = 24  # nodes above one that are looked at
_LONGEST = 300  # bytes of an expression that is looked at for a name
_WRAPPERS = frozenset({"parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression"})
# Calls that hand on the literal they get: "x".encode(), Buffer.from("x"), SecretStr("x").
_HANDS_ON = re.compile(r"(?:\.encode|^Buffer\.from|^SecretStr|^str|^bytes|^String|createSecretKey|^b64decode)$")


def short(node: Node | None, most: int = _LONGEST) -> str:
    """
    Return the text of *node*, or nothing where it is longer than *most* bytes.

    The text of a node is a copy: to take a few characters of each of many nested ones would cost their depth in copies.
    """
    return text_of(node) if node is not None and node.end_byte - node.start_byte <= most else ""


def string_of(node: Node | None) -> str | None:
    """Return the text of a literal string without its quotes; None for anything that is put together at run time."""
    for _ in range(_DEEPEST):
        if node is None:
            return None
        if node.type in {"string", "template_string"}:
            inner = node.named_children
            if any(child.type in {"interpolation", "template_substitution"} for child in inner):
                return None
            return "".join(text_of(child) for child in inner if child.type not in {"string_start", "string_end"})
        if node.type in _WRAPPERS:
            node = next(iter(node.named_children), None)
        elif node.type in {"call", "call_expression"}:
            node = _handed_on(node)
        else:
            return None
    return None


def _handed_on(call: Node) -> Node | None:
    """Return what a call hands on: "x" of `"x".encode()` and of `Buffer.from("x")`."""
    function = call.child_by_field_name("function")
    if callee_of(call).endswith(".encode") and function is not None and call.type == "call":
        return function.child_by_field_name("object")
    return next(iter(arguments_of(call)), None) if _HANDS_ON.search(callee_of(call)) else None


def callee_of(call: Node) -> str:
    """Return the name of what *call* calls, dotted; of a long chain its last name alone, with the dot."""
    function = call.child_by_field_name("function") or call.child_by_field_name("constructor")
    if function is None or function.end_byte - function.start_byte <= _LONGEST:
        return text_of(function)
    last = function.child_by_field_name("property") or function.child_by_field_name("attribute")
    return f".{short(last)}" if last is not None else ""


def name_of(node: Node | None) -> str:
    """Return the last name in *node*'s text: X of `process.env.X`, `config["X"]` and `os.getenv("X")` alike."""
    names = _NAME.findall(short(node))
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
    """Yield the nodes that hold *node*, the nearest first, as far as a person follows."""
    parent = node.parent
    for _ in range(_FARTHEST):
        if parent is None:
            return
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


def head_of(node: Node | None) -> str:
    """Return the first short statements of the block *node*."""
    return "\n".join([short(node), *(short(child) for child in node.named_children[:_STATEMENTS])]) if node else ""


def rows_with(text: str, hint: re2._Regexp) -> list[int]:
    """Return the rows, from 0, on which *hint* matches: a search worth its while looks at these alone."""
    data = text.encode("utf-8", "replace")
    rows: list[int] = []
    row, position = 0, 0
    for match in hint.finditer(data):
        row += data.count(b"\n", position, match.start())
        position = match.start()
        if not rows or rows[-1] != row:
            rows.append(row)
    return rows
