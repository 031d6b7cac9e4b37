"""One walk over a file: its functions with what is bound, called, tested and returned in each."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache, partial

from tree_sitter import Node

from checks.facts.code.conditions_javascript import FUNCTIONS
from checks.facts.code.expressions import anonymous
from checks.facts.code.functions_javascript import CLASSES
from checks.facts.code.imports_javascript import imports_of, required
from checks.facts.code.literals import short
from checks.facts.code.syntax import descend, parse, text_of
from checks.facts.flows.patterns import Parameter, Path, parameters_of, targets

MOST_NODES = 1_500_000  # of one file; a larger one is read in part, and says so
_FUNCTIONS = FUNCTIONS | {"function_definition", "lambda"}
_CLASSES = CLASSES | {"class_definition"}
_INLINE = frozenset({"arrow_function", "function_expression", "generator_function", "lambda"})
#: What a function stands in that gives it a name to be called by.
_NAMING = frozenset(
    {
        *("variable_declarator", "assignment", "assignment_expression", "pair", "export_statement"),
        *("public_field_definition", "field_definition"),
    }
)
#: Parts of a statement that may be left out when it runs: what is bound there may not be bound.
_BRANCHES = frozenset(
    {
        *("if_statement", "elif_clause", "else_clause", "for_statement", "while_statement", "for_in_statement"),
        *("try_statement", "except_clause", "catch_clause", "switch_case", "match_statement", "case_clause"),
        *("ternary_expression", "conditional_expression", "block", "statement_block"),
    }
)
_SILENT = frozenset(
    {"comment", "type_annotation", "type_arguments", "interface_declaration", "type_alias_declaration", "jsx_text"}
)
_LONGEST_REQUIRE = 200  # bytes
_COMPREHENSION = 2_000  # bytes of one before its `for`
_MOST_BINDINGS = 100  # of one name in one function


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
    writes: list[Node] = field(default_factory=list)  # assignments to members, JSX attributes and `$where`
    action: bool = False  # marked "use server"

    @property
    def inline(self) -> bool:
        """Whether it is an argument or the like: nobody calls it by a name."""
        parent = self.node.parent
        return self.node.type in _INLINE and parent is not None and parent.type not in _NAMING

    def bind(self, name: str, binding: Binding) -> None:
        """Note one more *binding* of *name*."""
        bindings = self.bindings.setdefault(name, [])
        if len(bindings) < _MOST_BINDINGS:
            bindings.append(binding)


@dataclass(slots=True)
class File:
    """
    The scopes of one file, the file's own first.

    *imports* are local names by what they stand for, *modules* is that as one text.
    """

    language: str
    scopes: list[Scope]
    imports: dict[str, str] = field(default_factory=dict)
    modules: str = ""
    truncated: bool = False

    @property
    def actions(self) -> bool:
        """Whether all that the file exports are server actions."""
        return self.scopes[0].action


#: What a node stands in: its scope, the names of the classes around it, and the byte where its branch ends.
_Above = tuple[Scope, str, int]


@lru_cache(maxsize=1)
def read_scopes(text: str, language: str) -> File:
    """Return the scopes of *text*; no depth of the file can end it. The last are kept for the next collector."""
    root = parse(text, language).root_node
    top = Scope("", root, None, "python" if language == "python" else "javascript")
    file = File(top.language, [top])
    file.truncated = descend(root, (top, "", root.end_byte), partial(_visit, file), MOST_NODES)
    file.modules = " ".join(file.imports.values())
    return file


def _visit(file: File, node: Node, above: _Above) -> _Above | None:
    scope, prefix, until = above
    kind = node.type
    if kind in _SILENT or (kind == "string" and _is_directive(node, scope)):
        return None
    if kind in {"import_statement", "import_from_statement"}:
        _imported(node, file)
        return None
    if kind in _FUNCTIONS:
        scope, prefix = _function(node, scope, prefix)
        file.scopes.append(scope)
        return scope, prefix, node.end_byte
    if kind in _CLASSES:
        name = text_of(node.child_by_field_name("name")) or anonymous(node)
        scope.bind(name, Binding("opaque", None, (), 0, until))
        return scope, f"{prefix}.{name}" if prefix else name, until
    until = node.end_byte if kind in _BRANCHES else until
    if kind == "variable_declarator":
        _required(node, file)
    if kind in _NOTED:
        _NOTED[kind](node, scope, until)
    return scope, prefix, until


def _is_directive(node: Node, scope: Scope) -> bool:
    """Whether the string *node* is a statement of its own, which "use server" is; notes it then."""
    parent = node.parent
    if parent is None or parent.type != "expression_statement":
        return False
    if scope.language == "javascript" and short(node, 20)[1:-1] == "use server":
        scope.action = True
    return True


def _function(node: Node, scope: Scope, prefix: str) -> tuple[Scope, str]:
    own = text_of(node.child_by_field_name("name"))
    inline = node.type in _INLINE or (
        node.type == "method_definition" and (node.parent is None or node.parent.type == "object")
    )
    name = anonymous(node) if inline or not own else f"{prefix}.{own}" if prefix else own
    inner = Scope(name, node, scope, scope.language)
    for parameter in parameters_of(node, scope.language):
        inner.parameters.setdefault(parameter.name, parameter)
    if own and not inline:
        scope.bind(own, Binding("opaque", None, (), 0, scope.node.end_byte))
    body = node.child_by_field_name("body")
    if body is not None and node.type in {"arrow_function", "lambda"} and body.type != "statement_block":
        inner.returns.append(body)
    return inner, name


def _called(node: Node, scope: Scope, _until: int) -> None:
    scope.calls.append(node)


def _assigned(node: Node, scope: Scope, until: int) -> None:
    left = node.child_by_field_name("left") or node.child_by_field_name("name")
    right = node.child_by_field_name("right") or node.child_by_field_name("value")
    _bind(scope, left, right, "added" if node.type.startswith("augmented") else "value", until)
    if left is not None and left.type in {"member_expression", "attribute"} and right is not None:
        scope.writes.append(node)


def _looped(node: Node, scope: Scope, until: int) -> None:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    _bind(scope, left, right, "each", until, early=node.type == "for_in_clause")


def _with(node: Node, scope: Scope, until: int) -> None:
    if len(node.named_children) > 1:
        target = node.named_children[1]
        _bind(scope, next(iter(target.named_children), target), node.named_children[0], "value", until)


def _returned(node: Node, scope: Scope, _until: int) -> None:
    scope.returns.extend(node.named_children[:1])


def _attribute(node: Node, scope: Scope, _until: int) -> None:
    if node.type == "jsx_attribute" or short(node.child_by_field_name("key"), 10).strip("\"'") == "$where":
        scope.writes.append(node)


def _tested(node: Node, scope: Scope, _until: int) -> None:
    fields = ("condition", "value", "subject")
    found = next((one for name in fields if (one := node.child_by_field_name(name)) is not None), None)
    if node.type == "conditional_expression" and len(node.named_children) > 1:
        found = node.named_children[1]
    scope.tests.append(found if found is not None else node)


_NOTED: dict[str, Callable[[Node, Scope, int], None]] = {
    **dict.fromkeys(("call", "call_expression", "new_expression"), _called),
    **dict.fromkeys(("assignment", "variable_declarator", "assignment_expression", "named_expression"), _assigned),
    **dict.fromkeys(("augmented_assignment", "augmented_assignment_expression"), _assigned),
    **dict.fromkeys(("for_statement", "for_in_clause", "for_in_statement"), _looped),
    **dict.fromkeys(("jsx_attribute", "pair"), _attribute),
    **dict.fromkeys(("if_statement", "elif_clause", "while_statement", "ternary_expression"), _tested),
    **dict.fromkeys(("switch_statement", "match_statement", "conditional_expression", "assert_statement"), _tested),
    "as_pattern": _with,
    "return_statement": _returned,
}


def _bind(scope: Scope, left: Node | None, right: Node | None, how: str, until: int, *, early: bool = False) -> None:
    """Note what *left* is bound to; *early*: in a comprehension what is bound is used before it."""
    if left is None or right is None:
        return
    start = left.start_byte - _COMPREHENSION if early else right.end_byte
    for name, path in targets(left):
        scope.bind(name, Binding(how, right, path, start, until))


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
