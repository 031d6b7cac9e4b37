"""Turns syntax nodes of Python and JavaScript into small expressions (outline.Expr), cut off at a small depth."""

from __future__ import annotations

import re
from itertools import islice

from tree_sitter import Node

from checks.facts.code.outline import KEEPS_OPTION, KEEPS_TEXT, Expr
from checks.facts.code.syntax import line_of, text_of

_DEPTH = 8
_MOST_ITEMS = 1_000
_LONGEST_TEXT = 300
_PATH = re.compile(r"/[\w/:{}<>.*\-()\[\]?$]*")
_WRAPPERS = frozenset(
    {
        *("await", "await_expression", "parenthesized_expression", "as_expression", "non_null_expression"),
        *("satisfies_expression", "type", "type_assertion", "list_splat", "dictionary_splat", "spread_element"),
    }
)
_FUNCTIONS = frozenset({"lambda", "arrow_function", "function_expression", "generator_function", "function"})
_FLAGS = {"true": "true", "false": "false", "none": "none", "null": "none", "undefined": "none"}
_VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "all", "any", "use", "path", "url"})
#: Types of syntax nodes -> kind of expression.
_KINDS = {
    **dict.fromkeys(("identifier", "attribute", "member_expression", "this", "property_identifier"), "name"),
    **dict.fromkeys(("super", "type_identifier"), "name"),
    **dict.fromkeys(("call", "call_expression", "new_expression"), "call"),
    **dict.fromkeys(("string", "template_string", "regex"), "text"),
    **dict.fromkeys(("list", "tuple", "set", "array", "expression_list"), "list"),
    **dict.fromkeys(("dictionary", "object"), "map"),
    **dict.fromkeys(_FUNCTIONS, "function"),
    **dict.fromkeys(_FLAGS, "flag"),
    **dict.fromkeys(("binary_operator", "binary_expression", "boolean_operator", "concatenated_string"), "join"),
    **dict.fromkeys(("subscript", "generic_type"), "subscript"),
    **dict.fromkeys(("conditional_expression", "ternary_expression"), "either"),
}


def expression(node: Node | None, *, keep: bool = False, depth: int = 0) -> Expr:
    """Return *node* as an expression; *keep* says that strings in it may be kept (routes, modules, methods)."""
    for _ in range(20):  # wrappers are taken off in a loop: nothing that a file holds may make this recurse without end
        if node is None or node.type not in _WRAPPERS:
            break
        node = node.named_children[0] if node.named_children else None
    if node is None or depth > _DEPTH:
        return Expr("other")
    kind, line = _KINDS.get(node.type, "other"), line_of(node)
    items: tuple[Expr, ...] = ()
    match kind:
        case "name":
            name, base = _dotted(node, keep=keep, depth=depth)
            return Expr(kind, name, line, base=base)
        case "call":
            return _call(node, depth)
        case "map":
            return Expr(kind, "", line, named=_properties(node, depth))
        case "subscript" | "list" | "join" | "either":
            items = _items(node, keep, depth)
    return Expr(kind, _label(node, kind, keep=keep), line, items[1:] if kind == "subscript" else items)


def _label(node: Node, kind: str, *, keep: bool) -> str:
    """Return the name of an expression that holds no others."""
    match kind:
        case "text":
            return kept(node, keep=keep)
        case "function":
            return anonymous(node)
        case "flag":
            return _FLAGS[node.type]
        case "subscript":
            return text_of(node.named_children[0])[:100]
    return ""


def anonymous(node: Node) -> str:
    """Return the name that a function without one has in its outline."""
    return f"at:{node.start_point[0] + 1}:{node.start_point[1]}"


def kept(node: Node, *, keep: bool) -> str:
    """Return the text of string *node* where it may be kept (*keep*, or it looks like a path), else nothing."""
    pieces = []
    for child in islice(node.children, 100):
        if child.type in {"string_content", "string_fragment", "escape_sequence", "regex_pattern"}:
            pieces.append(text_of(child)[:_LONGEST_TEXT])
        elif child.type in {"interpolation", "template_substitution"}:
            pieces.append("{" + re.sub(r"[^\w.]", "", text_of(child))[:60] + "}")
    text = "".join(pieces)[:_LONGEST_TEXT]
    return text if keep or _PATH.fullmatch(text) else ""


def _items(node: Node, keep: bool, depth: int) -> tuple[Expr, ...]:
    children = (child for child in node.named_children if child.type != "comment")
    return tuple(expression(child, keep=keep, depth=depth + 1) for child in islice(children, _MOST_ITEMS))


def _dotted(node: Node, *, keep: bool, depth: int) -> tuple[str, Expr | None]:
    """Return the dotted name of *node*, and what it hangs on where that is no name."""
    parts: list[str] = []
    current: Node | None = node
    for _ in range(12):
        if current is None:
            break
        if current.type in {"identifier", "this", "super", "property_identifier", "type_identifier"}:
            parts.append(text_of(current)[:100])
            return ".".join(reversed(parts)), None
        if current.type == "non_null_expression" and current.named_children:
            current = current.named_children[0]
        elif current.type in {"attribute", "member_expression"}:
            last = current.child_by_field_name("attribute") or current.child_by_field_name("property")
            parts.append(text_of(last)[:100])
            current = current.child_by_field_name("object")
        else:
            return "." + ".".join(reversed(parts)), expression(current, keep=keep, depth=depth + 1)
    return ".".join(reversed(parts)), None


def _call(node: Node, depth: int) -> Expr:
    function = node.child_by_field_name("function") or node.child_by_field_name("constructor")
    name, base = ("", None) if function is None else _dotted(function, keep=False, depth=depth)
    if base is not None and name == ".":
        name = ""
    last = name.rpartition(".")[2]
    keep = last in KEEPS_TEXT
    arguments = node.child_by_field_name("arguments")
    items: list[Expr] = []
    named: list[tuple[str, Expr]] = []
    for child in islice(arguments.named_children, _MOST_ITEMS) if arguments is not None else ():
        if child.type == "keyword_argument":
            key = text_of(child.child_by_field_name("name"))
            named.append(
                (key, expression(child.child_by_field_name("value"), keep=key in KEEPS_OPTION, depth=depth + 1))
            )
        elif child.type != "comment":
            # Only the first of get("key", "default"): the second may be a secret.
            items.append(expression(child, keep=keep and (not items or last not in _VERBS), depth=depth + 1))
    return Expr("call", name, line_of(node), tuple(items), tuple(named), base)


def _properties(node: Node, depth: int) -> tuple[tuple[str, Expr], ...]:
    found: list[tuple[str, Expr]] = []
    for child in islice(node.named_children, _MOST_ITEMS):
        if child.type == "pair":
            key_node = child.child_by_field_name("key")
            key = text_of(key_node).strip("\"'[]")[:80]
            value = child.child_by_field_name("value")
            found.append((key, expression(value, keep=key in KEEPS_OPTION, depth=depth + 1)))
        elif child.type == "shorthand_property_identifier":
            found.append((text_of(child), Expr("name", text_of(child), line_of(child))))
        elif child.type == "method_definition":
            found.append(
                (text_of(child.child_by_field_name("name")), Expr("function", anonymous(child), line_of(child)))
            )
        elif child.type in _WRAPPERS:
            found.append(("...", expression(child, depth=depth + 1)))
    return tuple(found)
