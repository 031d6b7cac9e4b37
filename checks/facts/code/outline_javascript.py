"""Reads JavaScript and TypeScript into an outline (outline.py): one walk over the tree, no recursion on its depth."""

from __future__ import annotations

import re
from itertools import islice

from tree_sitter import Node

from checks.facts.code.bodies import Body
from checks.facts.code.conditions_javascript import FUNCTIONS, conditions_of
from checks.facts.code.expressions import anonymous, expression
from checks.facts.code.functions_javascript import CLASSES, decorators_of, injected, parameters_of
from checks.facts.code.imports_javascript import exports_of, imports_at_run_time, imports_of, required
from checks.facts.code.outline import Assign, Call, Class, Expr, Outline
from checks.facts.code.reading import LONGEST_NAME, Inside, Reader, how_of, in_development, lets_strangers_by, thrown
from checks.facts.code.syntax import line_of, text_of

_STATE = frozenset({"null", "false", "true", "number", "string", "array", "object", "undefined"})
#: Types of nodes that tell nothing here, nor does anything in them.
_SILENT = frozenset(
    {
        *("string", "comment", "template_string", "regex", "jsx_text", "type_annotation", "type_arguments"),
        *("interface_declaration", "type_alias_declaration", "ambient_declaration"),
    }
)
_LISTS = frozenset({"array", "call_expression", "new_expression", "as_expression"})
_PASSES_ON = re.compile(
    r"return\s+(?:await\s+)?(?:\w*next|\w*handler\w*|fn|callback|cb|\w*response\.next|resolve)\s*(?:\(\s*\)|\((?:req|request|ctx|c)\b"
    r"|\(\.\.\.)",
    re.IGNORECASE,
)
_ANSWERS = frozenset(
    {
        *("status", "sendStatus", "writeHead", "throw", "code", "redirect", "next", "unauthorized", "forbidden"),
        *("protect", "notFound", "reject", "error", "fail", "done", "cb"),
    }
)
_REGISTERS = re.compile(
    r"^(?:useGlobalGuards|setGlobalPrefix|forEach|get|post|put|patch|delete|all|use|route|register\w*|mount\w*|addHook|basePath|init\w*|setup\w*|config\w*|load\w*"
    r"|bind\w*|apply\w*|start\w*|create\w*|build\w*)$|routes?$|^$",
    re.IGNORECASE,
)
_WORTH = re.compile(
    r"^[A-Z]|app$|router|^(?:create|make|get|build|init|express|fastify|require)|passport|auth|guard", re.IGNORECASE
)
_REQUESTS = frozenset(
    {"req", "request", "res", "response", "ctx", "context", "c", "next", "event", "reply", "_req", "_"}
)
_VERBS = frozenset({"get", "post", "put", "patch", "delete", "all", "use", "route", "on"})


class _Reader(Reader):
    def visit(self, node: Node, scope: str, body: Body | None) -> Inside | None:
        if node.type in _SILENT:
            return None
        if node.type in FUNCTIONS:
            return self._function(node, scope, body)
        if node.type in CLASSES:
            return self._class(node, scope), body
        self._note(node, scope, body)
        return scope, body

    def _note(self, node: Node, scope: str, body: Body | None) -> None:
        match node.type:
            case "import_statement":
                self.imports.extend(imports_of(node))
            case "export_statement":
                self.exports.extend(exports_of(node))
            case "variable_declarator" | "public_field_definition" | "field_definition":
                self._declared(node, scope, body)
            case "assignment_expression":
                self._assigned(node, scope, body)
            case "call_expression":
                self._call(node, scope, body)
            case "return_statement" | "throw_statement" if body is not None:
                self._leaves(node, body)
            case "expression_statement" if node.named_children and node.named_children[0].type == "string":
                self.directives.append(f"{body.name if body is not None else ''}:{text_of(node).strip(';')[1:-1][:20]}")
            case "jsx_attribute":
                self._handed_over(node)

    def _handed_over(self, node: Node) -> None:
        """Note an imported name that JSX hands on, `action={save}`: it may be a server action."""
        held = node.named_children[-1].named_children if node.named_children else []
        if len(held) == 1 and held[0].type == "identifier":
            name = text_of(held[0])
            if any(one.local == name for one in self.imports):
                self.directives.append(f"{name}:handed over")

    def _function(self, node: Node, scope: str, parent: Body | None) -> Inside:
        own = text_of(node.child_by_field_name("name"))
        inline = node.type in {"arrow_function", "function_expression", "generator_function"} or (
            node.type == "method_definition" and (node.parent is None or node.parent.type == "object")
        )
        name = anonymous(node) if inline or not own else f"{scope}.{own}" if scope else own
        body = Body(name, line_of(node), parent)
        if parent is not None:
            parent.inner.append(name)
        body.parameters = parameters_of(node)
        body.decorators = decorators_of(node)
        result = node.child_by_field_name("body")
        if result is not None and result.type != "statement_block":
            body.returns.append(expression(result))
            how = how_of(self.short(result, 300))
            if how is not None:
                body.may_deny(how, line_of(result), lambda: conditions_of(result, self.short))
        if own == "constructor":
            self.assigns.extend(injected(node, scope))
        self._callback(node, body)
        self.bodies.append((body, node))
        return name, body

    def _callback(self, node: Node, body: Body) -> None:
        """Let the parameters of `verify(token, (err, user) => ...)` mean what the call is about."""
        call = node.parent.parent if node.parent is not None and node.parent.type == "arguments" else None
        function = call.child_by_field_name("function") if call is not None else None
        if call is None or function is None or self.short(function).rpartition(".")[2] in _VERBS:
            return
        about = self.source[call.start_byte : min(node.start_byte, call.start_byte + 200)].decode("utf-8", "replace")
        for parameter in body.parameters:
            if parameter.name not in _REQUESTS:
                body.set_from(parameter.name, about)

    def _class(self, node: Node, scope: str) -> str:
        name = text_of(node.child_by_field_name("name")) or anonymous(node)
        name = f"{scope}.{name}" if scope else name
        bases: list[Expr] = []
        for child in node.named_children:
            if child.type == "class_heritage":
                inside = child.named_children[0] if child.named_children else None
                value = inside.child_by_field_name("value") if inside is not None else None
                bases.append(expression(value or inside))
        self.classes.append(Class(name, line_of(node), tuple(bases), tuple(decorators_of(node))))
        return name

    def _declared(self, node: Node, scope: str, body: Body | None) -> None:
        left = node.child_by_field_name("name") or node.child_by_field_name("property")
        right = node.child_by_field_name("value")
        if left is None or right is None:
            return
        self.imports.extend(required(left, right))
        if body is not None:
            self._local(left, right, body)
        name = text_of(left)
        if left.type not in {"identifier", "property_identifier", "private_property_identifier"}:
            self._taken_apart(left, right, scope)
            return
        if scope == "":
            declared = node.parent is not None and node.parent.type in {"lexical_declaration", "variable_declaration"}
            literal = (
                right.type in {"null", "false"}
                or not declared
                or not self.short(node.parent or node, 6).startswith("const")
            )
            self.shared(name, right, _STATE if literal or right.type in {"array", "object"} else frozenset(), _LISTS)
        if not imports_at_run_time(right):
            self._keep(name, right, scope, body, line_of(node))

    def _taken_apart(self, left: Node, right: Node, scope: str) -> None:
        """Note `const { auth, signIn } = NextAuth(...)`: each name is a part of the value."""
        if left.type != "object_pattern" or right.type not in {
            "call_expression",
            "identifier",
            "new_expression",
            "member_expression",
        }:
            return
        whole = expression(right)
        for child in islice(left.named_children, 20):
            name = text_of(child if child.type != "pair_pattern" else child.child_by_field_name("value"))
            key = text_of(child if child.type != "pair_pattern" else child.child_by_field_name("key"))
            if child.type in {"shorthand_property_identifier_pattern", "pair_pattern"} and len(name) < LONGEST_NAME:
                self.assigns.append(
                    Assign(scope, name, Expr("name", f".{key}", line_of(child), base=whole), line_of(child))
                )

    def _keep(self, name: str, right: Node, scope: str, body: Body | None, line: int) -> None:
        inner = right
        while inner.type in {"await_expression", "as_expression", "satisfies_expression"} and inner.named_children:
            inner = inner.named_children[0]
        callee = inner.child_by_field_name("function") or inner.child_by_field_name("constructor")
        last = self.short(callee).rpartition(".")[2] if callee is not None else ""
        worth = inner.type in {*FUNCTIONS, "identifier", "member_expression", "new_expression"} or _WORTH.search(last)
        if (body is None or worth) and len(name) < LONGEST_NAME:
            self.assigns.append(Assign(scope, name, expression(right), line))

    def _assigned(self, node: Node, scope: str, body: Body | None) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return
        name = self.short(left, 120)
        if body is not None:
            self._local(left, right, body)
            if name.endswith(("status", "statusCode")) and (how := how_of(self.short(right, 60))) is not None:
                body.may_deny(how, line_of(node), lambda: conditions_of(node, self.short))
        if name in {"module.exports", "exports"}:
            self.exports.append(("=", expression(right)))
            self.imports.extend(required(left, right))
        elif name.startswith(("module.exports.", "exports.")):
            self.exports.append((name.rpartition(".")[2], expression(right)))
        elif ".prototype." in name:
            owner, _, method = name.partition(".prototype.")
            self._keep(method, right, owner, body, line_of(node))
        elif left.type in {"identifier", "member_expression"}:
            if name.startswith("this."):
                scope = scope.rpartition(".")[0] if "." in scope and ":" not in scope else scope
            self._keep(name, right, scope, body, line_of(node))

    def _local(self, left: Node, right: Node, body: Body) -> None:
        if left.type == "identifier":
            body.set_from(text_of(left), self.short(right, 2_000))
            return
        pending = [left] if left.type in {"object_pattern", "array_pattern"} else []
        for _ in range(40):
            if not pending:
                return
            one = pending.pop()
            if one.type in {"identifier", "shorthand_property_identifier_pattern"}:
                body.set_from(text_of(one), self.short(right, 2_000))
            elif one.type == "pair_pattern":
                pending.extend(child for child in [one.child_by_field_name("value")] if child is not None)
            else:
                pending.extend(one.named_children)

    def _call(self, node: Node, scope: str, body: Body | None) -> None:
        function = node.child_by_field_name("function")
        if function is None:
            return
        name = self.short(function, 400)
        last = re.split(r"[.?!]+", name)[-1] if function.type in {"identifier", "member_expression"} else ""
        if body is not None and function.end_byte - function.start_byte < LONGEST_NAME:
            body.called(name.replace("?.", ".").replace("!", ""), self.short(node, 300))
            if last in _ANSWERS:
                self._answers(node, last, body)
        holder = node.parent
        stands = holder.type if holder is not None else ""
        if stands in {"expression_statement", "await_expression"} and (_REGISTERS.search(last) or (body is None)):
            if name.startswith(("console.", "res.", "process.")):
                return
            development = in_development(
                [one.text for one in conditions_of(node, self.short) if one.enclosing and one.holds]
            )
            self.calls.append(Call(scope, expression(node), development))

    def _answers(self, node: Node, last: str, body: Body) -> None:
        text = self.short(node, 300)
        arguments = text.rpartition(last)[2]
        if last == "protect":
            how = "401"
        elif last in {"next", "done", "cb", "reject", "error", "fail"}:
            if re.match(r"\(\s*(?:\)|[\"']route|null|undefined|req)", arguments) or "(" not in arguments:
                return
            how = how_of(text) or "throw"
        else:
            how = how_of(text) or ("throw" if last in {"notFound", "redirect"} else None) or ""
        if how:
            body.may_deny(how, line_of(node), lambda: conditions_of(node, self.short))

    def _leaves(self, node: Node, body: Body) -> None:
        text = self.short(node, 300)
        value = node.named_children[0] if node.named_children else None
        if node.type == "return_statement":
            if value is not None and value.type not in {"string", "null", "template_string", "jsx_element"}:
                body.returns.append(expression(value))
            if _PASSES_ON.match(text):
                body.lets_by |= lets_strangers_by(text, conditions_of(node, self.short), body.local)
                return
        how = how_of(text)
        if node.type == "throw_statement" and how is None:
            how = thrown(text)
        body.may_deny(how or "exit", line_of(node), lambda: conditions_of(node, self.short), text)


def read_javascript(text: str, language: str) -> Outline:
    """Return the outline of *text* in *language* (javascript, typescript, tsx)."""
    return _Reader(text, language).read()
