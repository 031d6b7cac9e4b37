"""One walk over a file: its functions with what is bound, called, tested and returned in each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from tree_sitter import Node

from checks.facts.code.conditions_javascript import FUNCTIONS
from checks.facts.code.expressions import anonymous
from checks.facts.code.functions_javascript import CLASSES
from checks.facts.code.imports_javascript import imports_of, required
from checks.facts.code.literals import short
from checks.facts.code.syntax import parse, text_of

MOST_NODES = 300_000  # of one file; a larger one is read in part, and says so
_FUNCTIONS = FUNCTIONS | {"function_definition", "lambda"}
_CLASSES = CLASSES | {"class_definition"}
_INLINE = frozenset({"arrow_function", "function_expression", "generator_function", "lambda"})
_CALLS = frozenset({"call", "call_expression", "new_expression"})
#: Parts of a statement that may be left out when it runs: what is bound there may not be bound.
_BRANCHES = frozenset(
    {
        *("if_statement", "elif_clause", "else_clause", "for_statement", "while_statement", "for_in_statement"),
        *("try_statement", "except_clause", "catch_clause", "switch_case", "match_statement", "case_clause"),
        *("ternary_expression", "conditional_expression"),
    }
)
_TESTED = frozenset({"if_statement", "elif_clause", "while_statement", "ternary_expression"})
_SILENT = frozenset(
    {"comment", "type_annotation", "type_arguments", "interface_declaration", "type_alias_declaration", "jsx_text"}
)
Path = tuple[str, ...]  # the members that a pattern takes of a value, from the outside in
ELEMENT = "[]"
_LONGEST_REQUIRE = 200  # bytes
_COMPREHENSION = 2_000  # bytes of one before its `for`
_MOST_BINDINGS = 400  # of one name in one function


@dataclass(frozen=True, slots=True)
class Binding:
    """
    *node* is bound to a name from byte *start* on.

    *how* is value, each (of an iterable), added (`+=`) or opaque; *path* what a pattern takes of it; *until* is the
    byte where the branch that it stands in ends.
    """

    how: str
    node: Node | None
    path: Path
    start: int
    until: int


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: *place* is its number and, of a destructured one, the member ("0", "1.params")."""

    name: str
    place: str
    annotation: str = ""
    default: Node | None = None
    node: Node | None = None


@dataclass(slots=True)
class Scope:
    """A function, or the file itself: *name* is that of its outline (code/outline.py)."""

    name: str
    node: Node
    parent: Scope | None
    language: str
    parameters: dict[str, Parameter] = field(default_factory=dict)
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    calls: list[Node] = field(default_factory=list)
    tests: list[Node] = field(default_factory=list)
    returns: list[Node] = field(default_factory=list)
    writes: list[Node] = field(default_factory=list)  # assignments to members and JSX attributes
    tagged: str = ""  # its directive, or its class

    @property
    def inline(self) -> bool:
        """Whether it is an argument or the like: nobody calls it by a name."""
        parent = self.node.parent
        if self.node.type not in _INLINE or parent is None:
            return False
        return parent.type not in {"variable_declarator", "assignment", "assignment_expression", "pair"} | {
            "export_statement",
            "public_field_definition",
            "field_definition",
        }


@dataclass(slots=True)
class File:
    """The scopes of one file, the file's own first; *imports* are local names by what they stand for."""

    language: str
    scopes: list[Scope]
    imports: dict[str, str] = field(default_factory=dict)
    directives: frozenset[str] = frozenset()
    truncated: bool = False


def read_scopes(text: str, language: str) -> File:
    """Return the scopes of *text*; no depth of the file can end it."""
    root = parse(text, language).root_node
    top = Scope("", root, None, "python" if language == "python" else "javascript")
    file = File(top.language, [top])
    stack: list[tuple[Node, Scope, str, int]] = [(root, top, "", root.end_byte)]
    count = 0
    directives = set()
    while stack and count < MOST_NODES:
        node, scope, prefix, until = stack.pop()
        count += 1
        kind = node.type
        if kind in _SILENT:
            continue
        if kind in _FUNCTIONS:
            scope, prefix = _function(node, scope, prefix)
            file.scopes.append(scope)
            until = node.end_byte
        elif kind in _CLASSES:
            name = text_of(node.child_by_field_name("name")) or anonymous(node)
            scope.bindings.setdefault(name, []).append(Binding("opaque", None, (), 0, until))
            prefix = f"{prefix}.{name}" if prefix else name
        elif kind in {"import_statement", "import_from_statement"}:
            _imported(node, file)
            continue
        elif kind == "string" and node.parent is not None and node.parent.type == "expression_statement":
            if top.language == "javascript" and short(node, 20)[1:-1] == "use server":
                scope.tagged = "use server"
                directives.add("use server")
            continue
        else:
            if kind in _BRANCHES:
                until = node.end_byte
            elif kind == "variable_declarator":
                _required(node, file)
            _note(node, kind, scope, until)
        stack.extend((child, scope, prefix, until) for child in reversed(node.named_children))
    file.truncated = bool(stack)
    file.directives = frozenset({"use server"} if top.tagged else set()) | {f"any {one}" for one in directives}
    return file


def _function(node: Node, scope: Scope, prefix: str) -> tuple[Scope, str]:
    own = text_of(node.child_by_field_name("name"))
    inline = node.type in _INLINE or (
        node.type == "method_definition" and (node.parent is None or node.parent.type == "object")
    )
    name = anonymous(node) if inline or not own else f"{prefix}.{own}" if prefix else own
    inner = Scope(name, node, scope, scope.language)
    for parameter in _parameters(node, scope.language):
        inner.parameters.setdefault(parameter.name, parameter)
    if own and not inline:
        scope.bindings.setdefault(own, []).append(Binding("opaque", None, (), 0, scope.node.end_byte))
    body = node.child_by_field_name("body")
    if body is not None and node.type in {"arrow_function", "lambda"} and body.type != "statement_block":
        inner.returns.append(body)
    return inner, name


def _note(node: Node, kind: str, scope: Scope, until: int) -> None:
    """Note what *node* binds, calls, tests or returns."""
    field_of = node.child_by_field_name
    if kind in _CALLS:
        scope.calls.append(node)
    elif kind in {"assignment", "variable_declarator", "assignment_expression", "named_expression"}:
        left, right = field_of("left") or field_of("name"), field_of("right") or field_of("value")
        _bind(scope, left, right, "value", until)
        if left is not None and left.type in {"member_expression", "attribute"} and right is not None:
            scope.writes.append(node)
    elif kind in {"augmented_assignment", "augmented_assignment_expression"}:
        left = field_of("left")
        _bind(scope, left, field_of("right"), "added", until)
        if left is not None and left.type == "member_expression":
            scope.writes.append(node)
    elif kind in {"for_statement", "for_in_clause", "for_in_statement"} and field_of("right") is not None:
        _bind(scope, field_of("left"), field_of("right"), "each", until, early=kind == "for_in_clause")
    elif kind == "as_pattern" and len(node.named_children) > 1:
        target = node.named_children[1]
        _bind(
            scope, target.named_children[0] if target.named_children else target, node.named_children[0], "value", until
        )
    elif kind == "return_statement" and node.named_children:
        scope.returns.append(node.named_children[0])
    elif kind == "jsx_attribute" or (kind == "pair" and short(field_of("key"), 10).strip("\"'") == "$where"):
        scope.writes.append(node)
    if kind in _TESTED:
        condition = field_of("condition")
        if condition is not None:
            scope.tests.append(condition)
    elif kind in {"switch_statement", "match_statement"}:
        scope.tests.extend(one for one in (field_of("value"), field_of("subject")) if one is not None)
    elif kind == "conditional_expression" and len(node.named_children) > 1:
        scope.tests.append(node.named_children[1])
    elif kind == "assert_statement":
        scope.tests.append(node)


def _bind(scope: Scope, left: Node | None, right: Node | None, how: str, until: int, *, early: bool = False) -> None:
    """Note what *left* is bound to; *early*: in a comprehension what is bound is used before it."""
    if left is None or right is None:
        return
    start = left.start_byte - _COMPREHENSION if early else right.end_byte
    for name, path in targets(left):
        bindings = scope.bindings.setdefault(name, [])
        if len(bindings) < _MOST_BINDINGS:
            bindings.append(Binding(how, right, path, start, until))


def targets(pattern: Node) -> Iterator[tuple[str, Path]]:
    """Yield each name that *pattern* binds, with the members it takes of the value."""
    stack: list[tuple[Node, Path]] = [(pattern, ())]
    for _ in range(200):
        if not stack:
            return
        node, path = stack.pop()
        match node.type:
            case "identifier" | "shorthand_property_identifier_pattern":
                name = text_of(node)
                inside = node.type.startswith("shorthand")
                yield name, ((*path, name) if inside else path)
            case "pair_pattern":
                key, value = node.child_by_field_name("key"), node.child_by_field_name("value")
                if value is not None:
                    stack.append((value, (*path, short(key, 80).strip("\"'"))))
            case "object_assignment_pattern" | "assignment_pattern":
                left = node.child_by_field_name("left")
                if left is not None:
                    stack.append((left, path))
            case "array_pattern" | "pattern_list" | "tuple_pattern" | "list_pattern":
                stack.extend((child, (*path, ELEMENT)) for child in reversed(node.named_children[:40]))
            case "object_pattern" | "rest_pattern" | "list_splat_pattern":
                stack.extend((child, path) for child in reversed(node.named_children[:60]))


def _parameters(node: Node, language: str) -> Iterator[Parameter]:
    single = node.child_by_field_name("parameter")
    if single is not None:
        yield Parameter(text_of(single), "0")
    listed = node.child_by_field_name("parameters")
    place = 0
    for child in islice(listed.named_children, 60) if listed is not None else ():
        if child.type == "comment":
            continue
        annotation = short(child.child_by_field_name("type"), 200)
        default = child.child_by_field_name("value")
        if language == "python":
            name = child.child_by_field_name("name") or (child.named_children[0] if child.named_children else child)
            label = text_of(name)
            if place == 0 and label in {"self", "cls"}:
                continue
            yield Parameter(label, str(place), annotation, default, child)
        else:
            pattern = child.child_by_field_name("pattern") or child
            for label, path in targets(pattern):
                inside = ".".join((str(place), *path[:1]))
                yield Parameter(label, inside, "" if path else annotation, default, child)
        place += 1


def _imported(node: Node, file: File) -> None:
    """Note the local names that an import binds: "module" or "module.name" by each."""
    if file.language == "javascript":
        for one in imports_of(node):
            file.imports[one.local] = f"{one.module}.{one.name}" if one.name else one.module
        return
    module = node.child_by_field_name("module_name")
    for child in node.children_by_field_name("name"):
        name = short(child.child_by_field_name("name") or child, 200)
        local = short(child.child_by_field_name("alias"), 200)
        if module is not None:
            file.imports[local or name] = f"{short(module, 200)}.{name}"
        else:
            file.imports[local or name.partition(".")[0]] = name


def _required(node: Node, file: File) -> None:
    """Note what `const x = require("module")` binds."""
    left, right = node.child_by_field_name("name"), node.child_by_field_name("value")
    if left is not None and right is not None and right.end_byte - right.start_byte < _LONGEST_REQUIRE:
        for one in required(left, right):
            file.imports[one.local] = f"{one.module}.{one.name}" if one.name else one.module


def dotted(node: Node | None, most: int = 120) -> str:
    """Return *node*'s text as a dotted name, without `?` and `!`; nothing where it is longer than *most* bytes."""
    return re.sub(r"\s+", "", short(node, most)).replace("?.", ".").replace("!.", ".")
