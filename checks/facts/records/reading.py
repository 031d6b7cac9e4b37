"""Reads one file: what each of its functions does with records, and what it makes of who is asking."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tree_sitter import Node

from checks.facts.code.expressions import anonymous
from checks.facts.code.syntax import descend, line_of, parse, text_of
from checks.facts.records.access import Doing, key_of
from checks.facts.records.callers import Scope, is_caller_name
from checks.facts.records.seen import TAKEN_OUT, Call, Comparison, Seen, is_answer
from checks.facts.records.uses import doing_of

_FUNCTIONS = frozenset(
    {
        *("function_definition", "lambda", "function_declaration", "generator_function_declaration", "arrow_function"),
        *("function_expression", "method_definition", "generator_function"),
    }
)
_SILENT = frozenset(
    {
        *("comment", "type_annotation", "type_arguments", "interface_declaration", "type_alias_declaration"),
        *("import_statement", "import_from_statement", "jsx_text", "regex"),
    }
)
_CALLS = frozenset({"call", "call_expression", "new_expression"})
_SETS = frozenset(
    {"assignment", "augmented_assignment", "named_expression", "variable_declarator", "assignment_expression"}
)
_COMPARES = frozenset({"==", "!=", "===", "!==", "in", "is", "not in", "is not", "<", ">"})
_MEMBERS = frozenset({"member_expression", "attribute", "subscript", "subscript_expression"})
_CHAINS = frozenset({"member_expression", "attribute"})
#: What stands in these is handed on, and asked by nobody here.
_HANDED_ON = frozenset({"pair", "keyword_argument", "return_statement", "jsx_expression", *_MEMBERS})
#: Calls whose callbacks get rows and elements, not a request.
_ROUTING = re.compile(
    r"(?:^|\.)(?:get|post|put|patch|delete|all|use|route|on|onCall|onRequest|serve|handler|action|mutation|query"
    r"|procedure|\w*[aA]sync\w*|with\w+|\w*[hH]andler|\w*[wW]rap\w*|protected\w*|catch\w*|createSafe\w*|cache|\w*[aA]uth\w*)$"
)
#: Defaults and types of a Python parameter that make it the caller, and those that make it part of the machinery.
_DEPENDS = re.compile(r"\b(?:Depends|Security)\(")
_DEPENDS_CALLER = re.compile(
    r"(?:Depends|Security)\(\s*[\w.]*(?:user|auth|admin|current|token|account|member|jwt|bearer|login|identity|role|perm"
    r"|require|owner|viewer|principal|staff)\w*",
    re.IGNORECASE,
)
_NEST_CALLER = re.compile(r"@\w*(?:[uU]ser|[aA]uth|[aA]ccount|[sS]ession|[cC]laims|[jJ]wt|[mM]ember|[tT]enant)\w*\(")
_DEPENDED_ON = re.compile(r"auth|user|current|claims|principal|identity|account|payload", re.IGNORECASE)
_TYPE_CALLER = re.compile(
    r"^(?:Optional\[)?(?:Current|Auth|Active|Authenticated|Logged|Verified|Admin|Super)\w*|^\w*(?:UserDep|UserDependency|Principal"
    r"|TokenData|TokenPayload)\b"
)
_MACHINERY_TYPE = re.compile(r"(?:Session|Request|Response|BackgroundTasks|WebSocket|Dep|Depends|Settings|Client)\b")
#: What adds to a list: values.push(id) makes `values` a part of what the request brings.
_GROWS = frozenset({"push", "append", "extend", "unshift", "add", "update"})
_MOST_NODES, _MOST_EVENTS = 400_000, 400
_LONGEST, _SHORT = 2_500, 400  # bytes of one call and of one operand


@dataclass(slots=True)
class _Function:
    node: Node
    name: str
    scope: Scope
    seen: Seen = field(default_factory=Seen)


def functions_in(text: str, language: str) -> tuple[Doing, ...]:
    """Return the functions of *text* that touch records or who is asking."""
    return _Reading(text.encode("utf-8", "replace")).read(parse(text, language).root_node)


class _Reading:
    def __init__(self, source: bytes) -> None:
        self.source = source
        self.functions: list[_Function] = []

    def read(self, root: Node) -> tuple[Doing, ...]:
        """Walk the tree once; each function is judged when all its names are known."""
        top = _Function(root, "", Scope())
        descend(root, (top, ""), self._visit, _MOST_NODES)
        done = (doing_of(key_of(line_of(one.node), one.name), one.seen, one.scope) for one in self.functions)
        return tuple(one for one in done if one.uses or one.accesses or one.passes)

    def _visit(self, node: Node, above: tuple[_Function, str]) -> tuple[_Function, str] | None:
        # The type of a node's holder walks along: to ask a node for its parent costs its depth.
        function, held_by = above
        kind = node.type
        if kind in _SILENT or not node.named_child_count:
            return None
        if kind in _FUNCTIONS:
            function = self._function(node, function)
        else:
            self._note(node, function, held_by)
        return function, kind

    def short(self, node: Node | None, limit: int = _SHORT) -> str:
        """Return the beginning of *node*'s text."""
        if node is None:
            return ""
        return self.source[node.start_byte : min(node.end_byte, node.start_byte + limit)].decode("utf-8", "replace")

    def _function(self, node: Node, outer: _Function) -> _Function:
        name = text_of(node.child_by_field_name("name"))
        inline = node.type in {"arrow_function", "function_expression", "generator_function", "lambda"} or (
            node.type == "method_definition" and (node.parent is None or node.parent.type == "object")
        )
        scope = Scope(outer=outer.scope)
        made = _Function(node, anonymous(node) if inline or not name else name, scope)
        self._parameters(node, scope)
        self.functions.append(made)
        return made

    def _parameters(self, node: Node, scope: Scope) -> None:
        listed = node.child_by_field_name("parameters")
        single = node.child_by_field_name("parameter")
        wrapped, about = self._handed_to(node)
        told = {
            name for child in (listed.named_children[:6] if listed is not None else []) for name in _names_of(child)
        }
        several = listed.named_children[:40] if listed is not None else []
        for child in [single] if single is not None else several:
            text = self.short(child)
            for name in _names_of(child):
                if name == "user" and "info" in told:
                    scope.callers.add(name)  # passport's callback: (err, user, info)
                    continue
                if about:
                    scope.put(name, about)
                elif (wrapped and is_caller_name(name)) or _is_caller(name, text):
                    scope.callers.add(name)
                elif not _is_machinery(text):
                    scope.parameter(name)

    def _handed_to(self, node: Node) -> tuple[bool, str]:
        """Return whether *node* is handed to a call, and what that is about where it is no wrapper of handlers."""
        call = (
            node.parent.parent
            if node.parent is not None and node.parent.type in {"arguments", "argument_list"}
            else None
        )
        callee = call.child_by_field_name("function") if call is not None else None
        if call is None or callee is None:
            return False, ""
        name = self.short(callee, 200)
        if _ROUTING.search(name) or callee.type not in {"member_expression", "attribute"}:
            return True, ""
        return True, self.source[call.start_byte : min(node.start_byte, call.start_byte + _SHORT)].decode(
            "utf-8", "replace"
        ) + " "

    def _note(self, node: Node, function: _Function, held_by: str) -> None:
        seen = function.seen
        if node.type in _SETS or node.type in {"for_statement", "for_in_statement", "for_in_clause", "as_pattern"}:
            self._set(node, function.scope)
        if seen.count > _MOST_EVENTS:
            return
        if node.type in _CALLS:
            if held_by not in _CHAINS:  # a part of a longer chain is looked at with the whole
                self._call(node, function)
        elif node.type in {"binary_expression", "comparison_operator"}:
            if not self._leaves_out(node, function.node):
                self._compared(node, seen)
        elif node.type in _MEMBERS and (held_by not in _HANDED_ON or is_answer(held_by, function.name)):
            self._member(node, seen)
        elif node.type in {
            "if_statement",
            "ternary_expression",
            "conditional_expression",
            "elif_clause",
            "assert_statement",
        }:
            condition = node.child_by_field_name("condition") or (
                node.named_children[0] if node.named_children else None
            )
            seen.conditions.append(self.short(condition, 600))

    def _set(self, node: Node, scope: Scope) -> None:
        field_of = node.child_by_field_name
        left = field_of("left") or field_of("name") or field_of("alias")
        right = field_of("right") or field_of("value")
        if left is None or right is None:
            return
        text = self.short(right, 1_500)
        if left.type in _MEMBERS:  # where.userId = user.id: it becomes part of `where`
            base = re.match(r"[A-Za-z_$][\w$]*", self.short(left, 100))
            if base is not None and (base[0] in scope.meanings or base[0] in scope.parameters):
                scope.put(base[0], text)
            return
        parts = self.short(left) if left.type == "object_pattern" else ""
        context = parts and text.strip() in {"ctx", "context"}
        for name in _names_of(left):
            if context and is_caller_name(name):
                scope.callers.add(name)  # what the guard before a procedure or an action put there
            else:
                part = f".{name}" if parts and (f"...{name}" not in parts or TAKEN_OUT.search(parts)) else ""
                scope.put(name, text + part)

    def _call(self, node: Node, function: _Function) -> None:
        seen = function.seen
        callee = node.child_by_field_name("function") or node.child_by_field_name("constructor")
        arguments = node.child_by_field_name("arguments")
        if callee is None:
            return
        items = [self.short(child, 1_200) for child in arguments.named_children[:12]] if arguments is not None else []
        if arguments is not None and arguments.type == "template_string":
            items = [self.short(arguments, 1_200)]
        name = self.short(callee, _LONGEST)
        base, _, verb = name.rpartition(".")
        if verb in _GROWS and base in function.scope.meanings and items:
            function.scope.put(base, items[0])
        last = callee.child_by_field_name("property") or callee.child_by_field_name("attribute")
        seen.calls.append(
            Call(
                line_of(node),
                name,
                text_of(last)[:80] if last is not None else name[:200],
                tuple(items),
                self.short(node, _LONGEST),
            )
        )
        seen.count += 1

    def _compared(self, node: Node, seen: Seen) -> None:
        sides = node.named_children
        operator = text_of(node.child_by_field_name("operator")) or " ".join(
            child.type for child in node.children if not child.is_named
        )
        if len(sides) < 2 or operator not in _COMPARES:  # noqa: PLR2004 - a comparison has two sides
            return
        seen.comparisons.append(Comparison(self.short(sides[0]), self.short(sides[-1]), sides[-1].type, sides[0].type))
        seen.count += 1

    def _leaves_out(self, node: Node, holder: Node) -> bool:
        """Whether *node* is the whole of a filter's callback, and unequal: all but me are the others' records."""
        body = holder.child_by_field_name("body") if holder.type == "arrow_function" else None
        unequal = text_of(node.child_by_field_name("operator")) in {"!=", "!=="}
        if not unequal or body is None or body.start_byte != node.start_byte or holder.parent is None:
            return False
        call = holder.parent.parent
        return call is not None and self.short(call.child_by_field_name("function"), 2_000).endswith(".filter")

    def _member(self, node: Node, seen: Seen) -> None:
        """Note a part of something, which may say what somebody may do."""
        text = self.short(node, 200)
        seen.members.append(text)
        seen.count += 1


def _names_of(node: Node) -> list[str]:
    """Return the names that a pattern or parameter binds."""
    found: list[str] = []
    pending = [node]
    for _ in range(80):
        if not pending:
            break
        one = pending.pop(0)
        if one.type in {"identifier", "shorthand_property_identifier_pattern"}:
            found.append(text_of(one)[:80])
        elif one.type == "pair_pattern":
            pending.extend(child for child in [one.child_by_field_name("value")] if child is not None)
        elif one.type in {"assignment_pattern", "object_assignment_pattern"}:
            pending.extend(child for child in [one.child_by_field_name("left")] if child is not None)
        elif one.type in {"required_parameter", "optional_parameter"}:
            pending.extend(child for child in [one.child_by_field_name("pattern")] if child is not None)
        elif one.type in {"typed_parameter", "default_parameter", "typed_default_parameter"}:
            name = one.child_by_field_name("name") or (one.named_children[0] if one.named_children else None)
            pending.extend(child for child in [name] if child is not None)
        elif one.type in {
            "object_pattern",
            "array_pattern",
            "pattern_list",
            "tuple_pattern",
            "rest_pattern",
            "as_pattern_target",
        }:
            pending.extend(one.named_children[:30])
    return found


def _is_caller(name: str, text: str) -> bool:
    """Whether the parameter *name*, written as *text*, is who is asking by its default, its type or its name."""
    if _DEPENDS_CALLER.search(text) or _NEST_CALLER.match(text):
        return True
    if _DEPENDS.search(text) and _DEPENDED_ON.search(name):
        return True
    kind = text.partition(":")[2].partition("=")[0].strip()
    if kind and _TYPE_CALLER.search(kind):
        return True
    return name.lower().lstrip("_") in {"current_user", "currentuser", "current_admin", "current_account", "auth_user"}


def _is_machinery(text: str) -> bool:
    """Whether a parameter is what the framework hands in: a database session, the request."""
    kind = text.partition(":")[2]
    return bool(_DEPENDS.search(text) or (kind and _MACHINERY_TYPE.search(kind)))
