"""Options as code writes them: the entries of objects and dicts, named arguments, and names bound in the same file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from tree_sitter import Node

from checks.facts.code.literals import above, arguments_of, short
from checks.facts.code.syntax import nodes_of, text_of

_BINDINGS = {
    "python": "(assignment) @it",
    "": "[(variable_declarator) (assignment_expression)] @it",
}
_MAPS = frozenset({"object", "dictionary"})
_WRAPPERS = frozenset(
    {
        *("parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression"),
        *("await_expression", "await"),
    }
)
_DEEPEST = 8  # wrappers and names that are followed
_PRODUCTION = re.compile(r"prod", re.IGNORECASE)
_DEVELOPMENT = re.compile(r"\b(?:is_?)?dev|develop|debug|local|test", re.IGNORECASE)
_METHOD = re.compile(r"method|OPTIONS|__name__", re.IGNORECASE)
_NEGATED = re.compile(r"!==?|^\s*!|\bnot\b")

SPREAD = "..."  # the key under which an object holds what is spread into it


@lru_cache(maxsize=2)
def bindings(text: str, language: str) -> Mapping[str, Node]:
    """Return the value that each name of *text* is first bound to, wherever that is."""
    found: dict[str, Node] = {}
    for node in nodes_of(text, language, _BINDINGS.get(language, _BINDINGS[""])):
        left = node.child_by_field_name("name") or node.child_by_field_name("left")
        right = node.child_by_field_name("value") or node.child_by_field_name("right")
        if left is not None and right is not None:
            found.setdefault(short(left, 120), right)
    return found


def bare(node: Node | None) -> Node | None:
    """Return *node* without parentheses, awaits and casts around it."""
    for _ in range(_DEEPEST):
        if node is None or node.type not in _WRAPPERS:
            break
        node = next(iter(node.named_children), None)
    return node


def resolved(node: Node | None, names: Mapping[str, Node]) -> Node | None:
    """Return what *node* stands for in its file: a name's first value; a node that is no name as it is."""
    for _ in range(_DEEPEST):
        node = bare(node)
        if node is None or node.type not in {"identifier", "shorthand_property_identifier"}:
            break
        value = names.get(text_of(node))
        if value is None or value.id == node.id:
            break
        node = value
    return node


def entries(node: Node | None) -> dict[str, Node]:
    """Return the entries of an object or dict by key, quotes taken off; `SPREAD` where something is spread into it."""
    found: dict[str, Node] = {}
    for child in node.named_children if node is not None and node.type in _MAPS else ():
        if child.type == "pair":
            value = child.child_by_field_name("value")
            if value is not None:
                found[short(child.child_by_field_name("key"), 120).strip("\"'[]`")] = value
        elif child.type == "shorthand_property_identifier":
            found[text_of(child)] = child
        elif child.type in {"spread_element", "dictionary_splat"}:
            found[SPREAD] = child
    return found


def keywords(call: Node) -> dict[str, Node]:
    """Return the named arguments of a Python call; `SPREAD` where a dict is spread into them."""
    found: dict[str, Node] = {}
    arguments = call.child_by_field_name("arguments")
    for child in arguments.named_children if arguments is not None else ():
        if child.type == "keyword_argument":
            value = child.child_by_field_name("value")
            if value is not None:
                found[text_of(child.child_by_field_name("name"))] = value
        elif child.type == "dictionary_splat":
            found[SPREAD] = child
    return found


def holder(pair: Node) -> Node | None:
    """Return the object or dict that *pair* stands in."""
    return pair.parent if pair.parent is not None and pair.parent.type in _MAPS else None


def context_of(node: Node) -> str:
    """Return the names that say what *node*, an object, is for: variable, keys and callee, up to the nearest call."""
    names: list[str] = []
    for each in above(node):
        if each.type in {"call_expression", "call", "new_expression"}:
            callee = each.child_by_field_name("function") or each.child_by_field_name("constructor")
            names.append(short(callee, 120))
            names += [short(one, 80) for one in arguments_of(each)[:1] if one.type in {"identifier", "string"}]
            break
        if each.type in {"variable_declarator", "assignment", "assignment_expression", "pair", "keyword_argument"}:
            target = next((x for f in ("name", "left", "key") if (x := each.child_by_field_name(f))), None)
            names.append(short(target, 120))
        if each.type in {"function_declaration", "function_definition", "method_definition", "statement_block"}:
            break
    return " ".join(names)


def in_production(condition: str) -> bool | None:
    """Whether *condition* holds where the app runs for others; None where it does not ask that."""
    if _PRODUCTION.search(condition):
        return not _NEGATED.search(condition)
    if _DEVELOPMENT.search(condition):
        return _NEGATED.search(condition) is not None
    return None


def conditions_of(node: Node) -> list[tuple[str, bool]]:
    """Return the conditions of the ifs that *node* stands in, nearest first, each with whether it must hold."""
    found: list[tuple[str, bool]] = []
    below = node
    for each in above(node):
        if each.type in {"if_statement", "ternary_expression", "elif_clause"}:
            condition = each.child_by_field_name("condition")
            if condition is not None and condition.id != below.id:
                otherwise = each.child_by_field_name("alternative")
                held = not (otherwise is not None and otherwise.id == below.id) and below.type != "else_clause"
                found.append((short(condition), held))
        elif each.type == "conditional_expression" and len(each.named_children) == len(("then", "if", "else")):
            then, condition, otherwise = each.named_children
            if below.id != condition.id:
                found.append((short(condition), below.id == then.id))
        elif each.type in {"function_definition", "function_declaration", "method_definition"}:
            break
        below = each
    return found


def only_in_development(node: Node) -> bool:
    """Whether an if around *node* keeps it from where the app runs for others."""
    return any(in_production(condition) is (not held) for condition, held in conditions_of(node))


def is_conditional(node: Node) -> bool:
    """Whether an if around *node* asks something else than which request this is."""
    return any(not _METHOD.search(condition) for condition, _ in conditions_of(node))
