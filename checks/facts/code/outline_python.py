"""Reads Python into an outline (outline.py): one walk over the syntax tree, no recursion on its depth."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from tree_sitter import Node

from checks.facts.code.bodies import Body
from checks.facts.code.conditions import Condition
from checks.facts.code.expressions import anonymous, expression
from checks.facts.code.outline import Assign, Call, Class, Expr, Import, Outline, Parameter
from checks.facts.code.reading import Inside, Reader, how_of, in_development, lets_strangers_by, thrown
from checks.facts.code.syntax import line_of, text_of

_MOST_NODES = 400_000
_RAISED = re.compile(
    r"raise\s+[\w.]*(?:auth|permission|forbidden|denied|credential|login|jwt|signature|accesserror)", re.IGNORECASE
)
_REGISTERS = re.compile(
    r"route|^(?:get|post|put|patch|delete|register\w*|include\w*|add_\w+|mount|before_\w+|middleware|use|init_\w+|setup_\w+"
    r"|configure\w*|create_\w+|append|extend|init_app)$"
)
_WORTH = re.compile(
    r"^[A-Z]|app$|router|^(?:create|make|get|build|init)_?\w*|^path$|^url$|as_view|^(?:list|tuple|require)$|patterns"
)
_PASSES_ON = re.compile(
    r"return\s+(?:await\s+)?(?:self\.)?(?:next|call_next|\w*func\w*|f|fn|view\w*|handler|get_response|callback|method)\("
)
#: What runs a function that it is given, later or beside: Thread(target=f), tasks.add_task(f), pool.submit(f).
_STARTS = frozenset({"Thread", "Process", "Timer", "add_task", "submit", "run_in_threadpool", "to_thread"})
_STARTED = re.compile(r"(?:\(\s*|target\s*=\s*)([A-Za-z_][\w.]{0,80})\s*[,)]")
_LISTS = frozenset({"list", "set", "tuple", "call"})
_STATE = frozenset({"none", "false", "true", "integer", "string", "list", "dictionary"})


class _Reader(Reader):
    def visit(self, node: Node, scope: str, body: Body | None) -> Inside | None:
        """Note what *node* says; return the scope and body of what it holds, or None to leave it out."""
        match node.type:
            case "import_statement" | "import_from_statement":
                self.imports.extend(_imports(node))
                return None
            case "function_definition" | "lambda":
                return self._function(node, scope, body)
            case "class_definition":
                return self._class(node, scope), body
            case "assignment" | "augmented_assignment" | "named_expression":
                self._assignment(node, scope, body)
            case "call":
                self._call(node, scope, body)
            case "return_statement" | "raise_statement" if body is not None:
                self._leaves(node, body)
            case "for_statement" | "for_in_clause" | "as_pattern":
                self._bound(node, scope, body)
            case "string" | "comment":
                return None
            case "global_statement":
                self.state.update(text_of(name) for name in node.named_children)
        return scope, body

    def _function(self, node: Node, scope: str, parent: Body | None) -> Inside:
        name = text_of(node.child_by_field_name("name"))
        qualified = anonymous(node) if not name else f"{scope}.{name}" if scope else name
        body = Body(qualified, line_of(node), parent)
        if parent is not None:
            parent.inner.append(body.name)
        body.parameters = _parameters(node)
        body.decorators = _decorators(node)
        if node.type == "lambda":
            body.returns.append(expression(node.child_by_field_name("body")))
        self.bodies.append((body, node))
        return body.name, body

    def _class(self, node: Node, scope: str) -> str:
        name = text_of(node.child_by_field_name("name"))
        name = f"{scope}.{name}" if scope else name
        bases = node.child_by_field_name("superclasses")
        listed = bases.named_children if bases is not None else []
        self.classes.append(
            Class(name, line_of(node), tuple(expression(base) for base in listed[:20]), tuple(_decorators(node)))
        )
        return name

    def _assignment(self, node: Node, scope: str, body: Body | None) -> None:
        left = node.child_by_field_name("left") or node.child_by_field_name("name")
        right = node.child_by_field_name("right") or node.child_by_field_name("value")
        if left is not None and right is None and body is None and scope:
            # An attribute that is only declared, `user: CurrentUser`: its type may be a dependency.
            annotation = node.child_by_field_name("type")
            if annotation is not None:
                self.assigns.append(Assign(scope, text_of(left), expression(annotation), line_of(node)))
        if left is None or right is None:
            return
        if body is not None:
            self._local(left, right, body)
            if "status" in text_of(left)[-12:]:
                self._status(node, right, body)
        name = text_of(left)
        if scope == "" and left.type == "identifier":
            self.shared(name, right, _STATE, _LISTS)
        if left.type not in {"identifier", "attribute"} or len(name) > 80:  # noqa: PLR2004 - a name
            return
        if name.startswith("self."):
            scope = scope.rpartition(".")[0]  # an attribute is the class's
        callee = text_of(right.child_by_field_name("function")).rpartition(".")[2] if right.type == "call" else ""
        if body is None or _WORTH.search(callee) or right.type in {"identifier", "attribute", "list"}:
            value = expression(right, keep=_keeps(name))
            self.assigns.append(Assign(scope, name, value, line_of(node)))

    def _local(self, left: Node, right: Node, body: Body) -> None:
        names = [left] if left.type == "identifier" else [n for n in left.named_children if n.type == "identifier"]
        for name in names[:10]:
            body.set_from(text_of(name), self.short(right, 2_000))

    def _bound(self, node: Node, scope: str, body: Body | None) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return
        if body is not None:
            self._local(left, right, body)
        if left.type == "identifier" and right.type in {"list", "tuple"}:
            # for router in (a.router, b.router): the name is each of them
            self.assigns.append(Assign(scope, text_of(left), expression(right), line_of(node)))

    def _call(self, node: Node, scope: str, body: Body | None) -> None:
        function = node.child_by_field_name("function")
        if function is None or function.end_byte - function.start_byte > 400:  # noqa: PLR2004 - a name
            return
        name = text_of(function)
        last = name.rpartition(".")[2]
        if body is not None:
            arguments = self.short(node, 300)
            body.called(name, arguments)
            if last in _STARTS and (started := _STARTED.search(arguments)) is not None:
                body.called(started[1], "")
            if last in {"abort", "send_error", "set_status", "redirect_to_login", "HTTPError"}:
                how = "login" if last == "redirect_to_login" else how_of(arguments) or "exit"
                body.may_deny(how, line_of(node), lambda: self.conditions(node))
        if _REGISTERS.search(last) and (node.parent is not None and node.parent.type in _STANDS):
            development = in_development([one.text for one in self.conditions(node) if one.enclosing and one.holds])
            self.calls.append(Call(scope, expression(node), development))

    def _leaves(self, node: Node, body: Body) -> None:
        text = self.short(node, 300)
        value = node.named_children[0] if node.named_children else None
        if node.type == "return_statement" and value is not None and value.type not in {"string", "none"}:
            body.returns.append(expression(value))
        if _PASSES_ON.match(text):
            body.lets_by |= lets_strangers_by(text, self.conditions(node), body.local)
            return
        how = how_of(text)
        if node.type == "raise_statement" and how is None:
            named = value is not None and value.type == "identifier" and how_of(body.local.get(text_of(value), ""))
            how = "raise" if named or _RAISED.search(text) else thrown(text)
        body.may_deny(how or "exit", line_of(node), lambda: self.conditions(node), text)

    def _status(self, node: Node, right: Node, body: Body) -> None:
        how = how_of(self.short(right, 80))
        if how is not None:
            body.may_deny(how, line_of(node), lambda: self.conditions(node))

    def conditions(self, node: Node) -> Sequence[Condition]:
        """Return the conditions that *node* stands under within its function, nearest first."""
        found: list[Condition] = []
        for _ in range(40):
            parent = node.parent
            if parent is None or parent.type in {"function_definition", "lambda", "class_definition", "module"}:
                break
            if parent.type == "block":
                found.extend(self._exits_before(node, parent))
            found.extend(self._under(node, parent))
            node = parent
        return found

    def _under(self, node: Node, parent: Node) -> list[Condition]:
        if parent.type in {"if_statement", "elif_clause", "while_statement", "conditional_expression", "case_clause"}:
            condition = parent.child_by_field_name("condition")
            if parent.type == "conditional_expression" and len(parent.named_children) > 1:
                condition = parent.named_children[1]
            if condition is None or condition.id == node.id:
                return []
            holds = node.type not in {"else_clause", "elif_clause"}
            return [Condition(self.short(condition, 600), holds)]
        if parent.type == "except_clause" and parent.parent is not None:
            tried = parent.parent.child_by_field_name("body")

            what = self.short(parent, 80).partition(":")[0]
            return [Condition(f"catch {what} {self.short(tried, 600)}")] if tried is not None else []
        return []

    def _exits_before(self, node: Node, block: Node) -> list[Condition]:
        """Return, as not holding, the conditions of the ifs before *node* in *block* that leave it."""
        found = []
        for sibling in islice(block.named_children, 200):
            if sibling.id == node.id:
                break
            if sibling.type == "if_statement":
                inside = sibling.child_by_field_name("consequence")
                last = inside.named_children[-1] if inside is not None and inside.named_children else None
                condition = sibling.child_by_field_name("condition")
                if last is not None and condition is not None and last.type == "return_statement":
                    found.append(Condition(self.short(condition, 600), holds=False, enclosing=False))
        return found


_STANDS = frozenset({"expression_statement", "await", "module"})


def read_python(text: str) -> Outline:
    """Return the outline of Python *text*."""
    return _Reader(text, "python").read()


def _keeps(name: str) -> bool:
    return bool(
        re.search(r"urlpatterns|^MIDDLEWARE|ROOT_URLCONF|REST_FRAMEWORK|prefix|PREFIX|routes|http_method_names", name)
    )


def _imports(node: Node) -> list[Import]:
    module_node = node.child_by_field_name("module_name")
    module = text_of(module_node)
    found = []
    for child in node.children_by_field_name("name"):
        name = text_of(child.child_by_field_name("name") if child.type == "aliased_import" else child)
        alias = text_of(child.child_by_field_name("alias")) if child.type == "aliased_import" else ""
        if module_node is None:
            # `import a.b` binds a; only `import a.b as c` binds the inner module.
            found.append(Import(alias, name) if alias else Import(name.partition(".")[0], name.partition(".")[0]))
            if not alias and "." in name:
                found.append(Import(name, name))
        else:
            found.append(Import(alias or name, module, name))
    if any(child.type == "wildcard_import" for child in node.named_children):
        found.append(Import("*", module, "*"))
    return found


def _parameters(node: Node) -> list[Parameter]:
    listed = node.child_by_field_name("parameters")
    found = []
    for child in listed.named_children[:60] if listed is not None else []:
        name = child.child_by_field_name("name") or (child.named_children[0] if child.named_children else child)
        annotation, default = child.child_by_field_name("type"), child.child_by_field_name("value")
        if annotation is not None and annotation.named_children:
            annotation = annotation.named_children[0]
        found.append(
            Parameter(
                text_of(name),
                expression(annotation) if annotation is not None else None,
                expression(default) if default is not None else None,
            )
        )
    return found


def _decorators(node: Node) -> list[Expr]:
    parent = node.parent
    if parent is None or parent.type != "decorated_definition":
        return []
    return [
        expression(child.named_children[0])
        for child in parent.named_children
        if child.type == "decorator" and child.named_children
    ]
