"""Which conditions a statement of JavaScript stands under: ifs, ternaries, cases, catches, and exits before it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from tree_sitter import Node

from checks.facts.code.conditions import Condition
from checks.facts.code.syntax import text_of

Text = Callable[[Node, int], str]
#: Types of nodes that are functions.
FUNCTIONS = frozenset(
    {
        *("function_declaration", "generator_function_declaration", "arrow_function", "function_expression"),
        *("method_definition", "generator_function"),
    }
)


def conditions_of(node: Node, text: Text) -> list[Condition]:
    """Return the conditions that *node* stands under within its function, nearest first; *text* cuts a node's text."""
    found: list[Condition] = []
    for _ in range(60):
        parent = node.parent
        if parent is None or parent.type in {"program", "class_body"}:
            break
        if parent.type in FUNCTIONS:
            # A function that is one expression says nothing of its own; what it stands under counts.
            body = parent.child_by_field_name("body")
            if parent.type != "arrow_function" or (body is not None and body.type == "statement_block"):
                break
        if parent.type in {"statement_block", "switch_case"}:
            found.extend(_exits_before(node, parent, text))
        found.extend(_under(node, parent, text))
        node = parent
    return found


def _under(node: Node, parent: Node, text: Text) -> list[Condition]:
    """Return the condition that *parent* puts *node* under, if it puts it under one."""
    field = parent.child_by_field_name
    match parent.type:
        case "if_statement" | "ternary_expression" | "while_statement":
            condition, other = field("condition"), field("alternative")
            if condition is not None and condition.id != node.id:
                return [Condition(_bare(text(condition, 600)), other is None or other.id != node.id)]
        case "binary_expression":
            left, right, operator = field("left"), field("right"), text_of(field("operator"))
            if left is not None and right is not None and right.id == node.id and operator in {"&&", "||", "??"}:
                return [Condition(text(left, 600) if operator == "&&" else f"!({text(left, 600)})")]
        case "catch_clause":
            tried = parent.parent.child_by_field_name("body") if parent.parent is not None else None
            return [Condition("catch " + text(tried, 600))] if tried is not None else []
        case "switch_case" if parent.parent is not None and parent.parent.parent is not None:
            value, subject = field("value"), parent.parent.parent.child_by_field_name("value")
            if value is not None and subject is not None:
                return [Condition(f"{_bare(text(subject, 200))} === {text(value, 60)}")]
    return []


def _exits_before(node: Node, block: Node, text: Text) -> list[Condition]:
    """Return, as not holding, the conditions of the ifs before *node* in *block* that leave it."""
    found = []
    for sibling in islice(block.named_children, 200):
        if sibling.id == node.id:
            break
        if sibling.type != "if_statement":
            continue
        inside = sibling.child_by_field_name("consequence")
        condition = sibling.child_by_field_name("condition")
        if inside is not None and inside.type == "statement_block":
            inside = inside.named_children[-1] if inside.named_children else None
        if inside is not None and condition is not None and inside.type == "return_statement":
            found.append(Condition(_bare(text(condition, 600)), holds=False, enclosing=False))
    return found


def _bare(text: str) -> str:
    return text[1:-1] if text.startswith("(") and text.endswith(")") else text
