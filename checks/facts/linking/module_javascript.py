"""Reads what a JavaScript or TypeScript file exports, imports and requires."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from checks.facts.code.syntax import line_of, nodes_of, parse, text_of, walk
from checks.facts.linking.conflicts import conflict_in
from checks.facts.linking.module import Fault, Module, Want

_STATEMENTS = "[(import_statement) (export_statement)] @it"
_CALLS = "(call_expression function: [(import) (identifier)] arguments: (arguments . (string))) @it"
_COMMONJS = re.compile(
    r"\bmodule\.exports\b|(?<![\w.])exports\.\w|\bexports\[|__exportStar|\bdefine\(|\bexport\s*=|declare\s+module"
)
_BRACKETS = {"{": "}", "[": "]"}
_LATER = frozenset({"function_declaration", "function_expression", "arrow_function", "method_definition"})
_DEEPEST = 200  # blocks around a call
_SEARCHED = 20_000_000  # bytes of one file, once for each name that it imports
_LONGEST_PATTERN = 10_000  # bytes of a destructured export


#: Beside a word of code: a part of a longer name, or before it a dot, which makes it an attribute.
_PART = re.compile(rb"[\w$]")
_ATTRIBUTE = re.compile(rb"[\w$.]")


class _Uses:
    """Tells whether anything that runs uses a name outside of its own import: not as a type, nor as an attribute."""

    def __init__(self, root: Node) -> None:
        self._root = root
        self._source = root.text or b""
        self._left = _SEARCHED  # bytes

    def used(self, name: Node) -> bool:
        """Whether *name*, as an import binds it, is used; False too where a file has too many names to ask for each."""
        self._left -= len(self._source)
        word = name.text or b""
        at = self._source.find(word) if word and self._left > 0 else -1
        while at >= 0:
            ends = at + len(word)
            own = name.start_byte <= at < name.end_byte
            if not own and not _PART.match(self._source, ends) and not _ATTRIBUTE.match(self._source[at - 1 : at]):
                found = self._root.descendant_for_byte_range(at, ends - 1)
                if found is not None and found.type in {"identifier", "shorthand_property_identifier"}:
                    return True
            at = self._source.find(word, ends)
        return False


def read_javascript(text: str, language: str) -> Module:
    """Return what the file *text* offers and wants, or where it cannot be parsed."""
    conflict = conflict_in(text)
    if conflict:
        return Module(opaque=True, fault=conflict)
    root = parse(text, language).root_node
    names: set[str] = set()
    stars: list[str] = []
    wants: list[Want] = []
    statements, uses = nodes_of(text, language, _STATEMENTS), _Uses(root)
    for node in statements:
        if node.type == "import_statement":
            wants.extend(_imported(node, uses))
        else:
            names.update(_exported(node))
            wants.extend(_passed_on(node))
            source = node.child_by_field_name("source")
            if source is not None and any(child.type == "*" for child in node.children):
                stars.append(text_of(source)[1:-1])
    wants.extend(_called(text, language))
    # A file with neither imports nor exports is CommonJS, or fills in what is global.
    opaque = not statements or root.has_error or bool(_COMMONJS.search(text))
    fault = _fault(root) if root.has_error else None
    return Module(frozenset(names), tuple(stars), tuple(wants), opaque, fault)


def _fault(root: Node) -> Fault | None:
    """
    Return where brackets do not close, which ends every parser; nothing else that the grammar calls an error is one.

    The grammar stumbles over an ampersand in JSX, tagged templates with type arguments and `export type *`: one file in
    sixty of well-run repositories has such an error. None has braces or square brackets that do not close.
    """
    open_ones: list[Node] = []
    for node in walk(root):
        if node.child_count or node.is_missing:
            continue
        if node.type in _BRACKETS or node.type == "${":
            open_ones.append(node)
        elif node.type in {"}", "]"}:
            if not open_ones:
                return (
                    None
                    if root.type == "ERROR"
                    else Fault(line_of(node), f"nothing opens the {node.type} that closes here")
                )
            if _BRACKETS.get(open_ones[-1].type, "}") != node.type:
                return None  # a text within JSX
            open_ones.pop()
    return (
        Fault(line_of(open_ones[-1]), f"the {open_ones[-1].type} that opens here is never closed")
        if open_ones
        else None
    )


def _imported(node: Node, uses: _Uses) -> Iterator[Want]:
    """Yield what an import statement wants; types are erased before anything runs."""
    module, line = text_of(node.child_by_field_name("source"))[1:-1], line_of(node)
    if not module or any(child.type in {"type", "typeof"} for child in node.children):
        return
    clause = next((child for child in node.named_children if child.type == "import_clause"), None)
    yield Want(module, "", line, unused=clause is not None and all(not uses.used(name) for name in _locals(clause)))
    for one in clause.named_children if clause is not None else ():
        if one.type == "identifier":
            yield Want(module, "default", line, unused=not uses.used(one))
        for specifier in one.named_children if one.type == "named_imports" else ():
            name = specifier.child_by_field_name("name")
            if name is None or any(child.type in {"type", "typeof"} for child in specifier.children):
                continue
            local = specifier.child_by_field_name("alias") or name
            yield Want(module, text_of(name).strip("\"'"), line_of(specifier), unused=not uses.used(local))


def _locals(clause: Node) -> Iterator[Node]:
    for one in clause.named_children:
        if one.type == "identifier":
            yield one
        for inner in one.named_children:
            local = (
                inner
                if inner.type == "identifier"
                else inner.child_by_field_name("alias") or inner.child_by_field_name("name")
            )
            if local is not None:
                yield local


def _passed_on(node: Node) -> Iterator[Want]:
    """Yield what `export ... from` wants."""
    source = node.child_by_field_name("source")
    if source is None or any(child.type == "type" for child in node.children):
        return
    module, line = text_of(source)[1:-1], line_of(node)
    yield Want(module, "", line)
    clause = next((child for child in node.named_children if child.type == "export_clause"), None)
    for specifier in clause.named_children if clause is not None else ():
        name = specifier.child_by_field_name("name")
        if name is not None:  # whether it is a type cannot be told from here
            yield Want(module, text_of(name), line_of(specifier), unused=True)


def _exported(node: Node) -> Iterator[str]:
    """Yield the names that an export statement exports."""
    if any(child.type == "default" for child in node.children):
        yield "default"
    for child in node.named_children:
        if child.type == "export_clause":
            for one in child.named_children:
                yield text_of(one.child_by_field_name("alias") or one.child_by_field_name("name")).strip("\"'")
        elif child.type == "namespace_export":
            yield from (text_of(one) for one in child.named_children)
    declaration = node.child_by_field_name("declaration")
    if declaration is not None:
        yield from _declared(declaration)


def _declared(node: Node) -> Iterator[str]:
    if node.type == "ambient_declaration":
        for child in node.named_children:
            yield from _declared(child)
    name = node.child_by_field_name("name")
    if name is not None:
        yield text_of(name).partition(".")[0]
    for child in node.named_children:
        left = child.child_by_field_name("name") if child.type == "variable_declarator" else None
        if left is not None and left.type == "identifier":
            yield text_of(left)
        elif left is not None and left.end_byte - left.start_byte < _LONGEST_PATTERN:
            yield from (text_of(one) for one in walk(left) if "identifier" in one.type)


def _called(text: str, language: str) -> Iterator[Want]:
    """Yield the files that `require("./x")` and `import("./x")` want."""
    for node in nodes_of(text, language, _CALLS):
        called, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if called is None or arguments is None or text_of(called) not in {"require", "import"}:
            continue
        runs = _runs(node)
        if runs is not None:
            yield Want(
                text_of(arguments.named_children[0])[1:-1], "", line_of(node), later=runs and called.type != "import"
            )


def _runs(node: Node) -> bool | None:
    """Return whether *node* runs later than when its file is loaded; None where its failure is caught."""
    later, parent = False, node.parent
    for _ in range(_DEEPEST):
        if parent is None:
            return later
        if parent.type in {"try_statement", "catch_clause"}:
            return None
        later = later or parent.type in _LATER or parent.type == "if_statement"
        parent = parent.parent
    return None
