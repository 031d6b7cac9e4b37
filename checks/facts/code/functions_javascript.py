"""What a function of JavaScript or TypeScript is declared with: parameters, injected services, decorators."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from checks.facts.code.expressions import expression
from checks.facts.code.outline import Assign, Expr, Parameter
from checks.facts.code.syntax import line_of, text_of

#: Types of nodes that are classes.
CLASSES = frozenset({"class_declaration", "class", "abstract_class_declaration"})


def parameters_of(node: Node) -> list[Parameter]:
    """Return the parameters of a function, those of a destructured object one by one."""
    listed = node.child_by_field_name("parameters")
    single = node.child_by_field_name("parameter")
    found = [Parameter(text_of(single))] if single is not None else []
    for child in listed.named_children[:20] if listed is not None else []:
        pattern = child.child_by_field_name("pattern") or child.child_by_field_name("left") or child
        if pattern.type in {"object_pattern", "array_pattern"}:
            found.extend(Parameter(text_of(one)) for one in pattern.named_children[:20] if not one.named_children)
        elif pattern.type == "identifier":
            found.append(Parameter(text_of(pattern)))
        else:
            found.append(Parameter(""))
    return found


def injected(node: Node, scope: str) -> Iterator[Assign]:
    """Yield what `constructor(private readonly users: UsersService)` sets: this.users is one of that class."""
    listed = node.child_by_field_name("parameters")
    for child in listed.named_children[:40] if listed is not None else []:
        pattern, kind = child.child_by_field_name("pattern"), child.child_by_field_name("type")
        named = kind.named_children[0] if kind is not None and kind.named_children else None
        if pattern is not None and named is not None and named.type == "type_identifier":
            value = Expr("name", text_of(named), line_of(child))
            yield Assign(scope, f"this.{text_of(pattern)}", value, line_of(child))


def decorators_of(node: Node) -> list[Expr]:
    """Return the decorators of a class or method: within it, before it, or before its `export`."""
    found = [child for child in node.named_children if child.type == "decorator"]
    holder = node.parent
    if node.type in CLASSES and holder is not None and holder.type == "export_statement":
        found += [child for child in holder.named_children if child.type == "decorator"]
    if node.type == "method_definition":
        before = node.prev_named_sibling
        for _ in range(20):
            if before is None or before.type != "decorator":
                break
            found.append(before)
            before = before.prev_named_sibling
    return [expression(one.named_children[0]) for one in found if one.named_children]
