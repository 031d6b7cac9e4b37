"""What a JavaScript file imports, requires and exports, as its outline keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from tree_sitter import Node

from checks.facts.code.expressions import anonymous, expression
from checks.facts.code.outline import Expr, Import
from checks.facts.code.syntax import line_of, text_of


def imports_of(node: Node) -> Iterator[Import]:
    """Yield what an import statement binds."""
    module = text_of(node.child_by_field_name("source"))[1:-1]
    for child in node.named_children:
        if child.type == "import_require_clause" and child.named_children:
            yield Import(text_of(child.named_children[0]), text_of(child.child_by_field_name("source"))[1:-1], "")
        if child.type != "import_clause":
            continue
        for one in child.named_children:
            if one.type == "identifier":
                yield Import(text_of(one), module, "default")
            elif one.type == "namespace_import" and one.named_children:
                yield Import(text_of(one.named_children[0]), module, "")
            elif one.type == "named_imports":
                for specifier in one.named_children:
                    name = text_of(specifier.child_by_field_name("name"))
                    alias = text_of(specifier.child_by_field_name("alias"))
                    yield Import(alias or name, module, name)
    if module and not any(child.type == "import_clause" for child in node.named_children):
        yield Import("", module)  # for its effect alone


def required(left: Node, right: Node) -> Iterator[Import]:
    """Yield what `const a = require("m")`, its destructured form and `require("m").b` bind."""
    module, member = _module(right)
    if not module:
        return
    if left.type == "identifier":
        yield Import(text_of(left), module, member)
    elif left.type == "object_pattern":
        for child in islice(left.named_children, 60):
            key = child.child_by_field_name("key") or child
            yield Import(text_of(child.child_by_field_name("value") or child), module, text_of(key))
    else:
        yield Import("", module)


def imports_at_run_time(value: Node) -> bool:
    """Whether *value* is `await import("m")` or a member of it: an import like those at a file's top, and no value."""
    return bool(_module(value)[0]) and text_of(value).lstrip("( ").startswith(("await", "import"))


def _module(value: Node) -> tuple[str, str]:
    """Return the module that *value* requires or awaits the import of, and the member it takes of it."""
    member = ""
    for _ in range(4):
        if value.type in {"await_expression", "parenthesized_expression"} and value.named_children:
            value = value.named_children[0]
        elif value.type == "member_expression":
            member = text_of(value.child_by_field_name("property"))
            value = value.child_by_field_name("object") or value
    if value.type != "call_expression" or text_of(value.child_by_field_name("function")) not in {"require", "import"}:
        return "", ""
    arguments = value.child_by_field_name("arguments")
    first = arguments.named_children[0] if arguments is not None and arguments.named_children else None
    return (text_of(first)[1:-1], member) if first is not None and first.type == "string" else ("", "")


def exports_of(node: Node) -> Iterator[tuple[str, Expr]]:
    """Yield the names that an export statement exports, each with what it is here."""
    source = text_of(node.child_by_field_name("source"))[1:-1]
    declaration, value = node.child_by_field_name("declaration"), node.child_by_field_name("value")
    default = any(child.type == "default" for child in node.children)
    if declaration is not None:
        for name, what in _declared(declaration):
            yield ("default" if default else name), what
    elif value is not None:
        yield "default", expression(value)
    clause = next((child for child in node.named_children if child.type == "export_clause"), None)
    for specifier in islice(clause.named_children, 200) if clause is not None else ():
        name = text_of(specifier.child_by_field_name("name"))
        alias = text_of(specifier.child_by_field_name("alias")) or name
        line = line_of(specifier)
        yield alias, Expr("from", source, line, (Expr("text", name, line),)) if source else Expr("name", name, line)
    if source and clause is None:
        space = next((child for child in node.named_children if child.type == "namespace_export"), None)
        if space is not None and space.named_children:
            yield text_of(space.named_children[0]), Expr("from", source, line_of(node), (Expr("text", ""),))
        else:
            yield "*", Expr("text", source, line_of(node))


def _declared(node: Node) -> Iterator[tuple[str, Expr]]:
    name = node.child_by_field_name("name")
    if name is not None:
        yield text_of(name), Expr("name", text_of(name), line_of(node))
    elif node.type in {"function_declaration", "function_expression", "class_declaration"}:
        yield "default", Expr("function", anonymous(node), line_of(node))
    for child in node.named_children:
        if child.type != "variable_declarator":
            continue
        left = child.child_by_field_name("name")
        for one in [left] if left is not None and left.type == "identifier" else left.named_children if left else []:
            label = text_of(one if one.type != "pair_pattern" else one.child_by_field_name("value"))
            yield label, Expr("name", label, line_of(child))
