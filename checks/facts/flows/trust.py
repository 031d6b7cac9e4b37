"""How far the conditions before a place have looked at a value: at its presence, its type, or what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice

from tree_sitter import Node

from checks.facts.code.literals import arguments_of, callee_of, short
from checks.facts.code.syntax import text_of
from checks.facts.flows.evaluation import Evaluation
from checks.facts.flows.scopes import Scope
from checks.facts.flows.value import Origin

#: Nobody looked; it is there; it is of the right type or shape; it is one of those that are allowed.
UNTESTED, PRESENT, TYPED, ALLOWED = 0, 1, 2, 3
_MOST_NODES = 200  # of one condition
_MOST_TESTS = 200  # of one function
_MOST_SCOPES = 24  # functions around a place
_LEAVES = frozenset({"identifier", "attribute", "member_expression", "subscript", "subscript_expression"})
_ALLOWS = re.compile(
    r"(?:^|[._])(?:includes|has|test|match|fullmatch|search|startsWith|startswith|endswith|endsWith|isdigit|isalnum|isnumeric|isalpha"
    r"|isidentifier|isNaN|isInteger|isFinite|is_relative_to|commonpath|commonprefix|hasOwn|hasOwnProperty)$"
)
_NAMED = re.compile(
    r"valid|safe|allow|permit|white|trust|verif|sanit|check|within|inside|forbid|block|private|^is_?[A-Z_a-z]",
    re.IGNORECASE,
)
# Whether there is such a file or folder: so there is outside the folder that is meant.
_IS_THERE = re.compile(r"(?i)^_?is_?(?:file|dir|directory|folder|symbolic_?link|link|mount|absolute|abs)$")
_DEMANDS = re.compile(r"(?:^|\.)_?(?:assert|validate|check|ensure|verify|require|demand)_?(?:[A-Z_]\w*)?$")
#: Parts of an address: who looks at them checks where it leads.
_OF_ADDRESS = frozenset({"netloc", "hostname", "host", "origin", "protocol", "scheme"})
_LENGTH = re.compile(r"\.(?:length|size)$|^len\(")
_TYPE = re.compile(r"(?:^|\.)(?:isinstance|isArray|type|is_string|isString|typeof)$")
_LEAVES_BRANCH = frozenset(
    {"return_statement", "throw_statement", "raise_statement", "continue_statement", "break_statement"}
)
_LEAVING = re.compile(r"abort|exit|next\(|notFound|stop\(|redirect|reject|error|=[^=]", re.IGNORECASE)
#: Types that hold whatever somebody writes: a text, and a list of texts.
_TEXTS = frozenset({"str", "list", "dict", "bytes", "(str, list)", "(list, tuple)"})
_TEXT = re.compile(r"^typeof.{1,250}[\"'](?:string|object)[\"']$", re.DOTALL)
Names = dict[tuple[str, str], list[tuple[int, int, int]]]  # (kind, name) -> (from byte, to byte, level)


class Trust:
    """Answers how far the values of *evaluation*'s file were looked at before they are used."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self._tested: dict[int, Names] = {}

    def level(self, origin: Origin, scope: Scope, position: int) -> int:
        """Return how far *origin* was looked at before byte *position* of *scope*."""
        best = UNTESTED
        at: Scope | None = scope
        for _ in range(_MOST_SCOPES):
            if at is None or best == ALLOWED:
                break
            for start, end, level in self._of(at).get((origin.kind, origin.name), ()):
                if start <= position <= end:
                    best = max(best, level)
            at = at.parent
        return best

    def _of(self, scope: Scope) -> Names:
        known = self._tested.get(scope.node.id)
        if known is None:
            known = self._tested[scope.node.id] = {}
            demands = (call for call in scope.calls if _DEMANDS.search(callee_of(call)))
            for test in islice(chain(scope.tests, demands), _MOST_TESTS):
                settles = _settles(test)
                for node, level, within in _looked_at(test):
                    place = test.parent if (within or (level > PRESENT and not settles)) else None
                    end = place.end_byte if place is not None else scope.node.end_byte
                    for origin in self.evaluation.value(node, scope).origins:
                        known.setdefault((origin.kind, origin.name), []).append((test.start_byte, end, level))
        return known


def _settles(test: Node) -> bool:
    """Whether what stands after *test* runs only where it went well: its branch leaves, or sets something else."""
    branch = test.parent
    if branch is None or branch.type not in {"if_statement", "elif_clause"}:
        return branch is None or branch.type not in {"ternary_expression", "conditional_expression"}
    body = branch.child_by_field_name("consequence")
    last = body.named_children[-1] if body is not None and body.named_children else body
    if last is None or body is None:
        return False
    if body.type not in {"block", "statement_block"}:
        last = body
    return last.type in _LEAVES_BRANCH or (
        last.type == "expression_statement" and _LEAVING.search(short(last)) is not None
    )


def _looked_at(test: Node) -> Iterator[tuple[Node, int, bool]]:
    """Yield what *test* looks at, how far, and whether that holds only within its own branch."""
    stack = [(test, PRESENT, False)]
    for _ in range(_MOST_NODES):
        if not stack:
            return
        node, level, within = stack.pop()
        if node.type in _LEAVES:
            last = node.child_by_field_name("attribute") or node.child_by_field_name("property")
            level = ALLOWED if short(last) in _OF_ADDRESS else level
            yield node, level, within
            held = node.child_by_field_name("object") or node.child_by_field_name("value")
            index = node.child_by_field_name("index") or node.child_by_field_name("subscript")
            if index is not None:
                stack.append((index, ALLOWED, within))
            if held is not None and level > PRESENT:
                stack.append((held, level, within))
            continue
        if node.type in {"call", "call_expression"}:
            yield node, level, within
        stack.extend(_parts(node, level, within=within))


def _parts(node: Node, level: int, *, within: bool) -> list[tuple[Node, int, bool]]:
    if node.type in {"call", "call_expression", "new_expression"}:
        callee = callee_of(node)
        last = callee.rpartition(".")[2]
        function = node.child_by_field_name("function")
        held = function.child_by_field_name("object") if function is not None else None
        how = level
        if _TYPE.search(callee):
            how = max(level, PRESENT) if _is_text(node, last) else TYPED
        elif _ALLOWS.search(callee) or (_NAMED.search(last) and not _IS_THERE.search(last)):
            how = ALLOWED
        parts = [(one, how, within) for one in arguments_of(node)]
        return [*parts, *([(held, how, within)] if held is not None else [])]
    if node.type in {"comparison_operator", "binary_expression"}:
        operator = next((text_of(child) for child in node.children if not child.is_named), "")
        if "in" in operator:
            return [
                (node.named_children[0], ALLOWED, False),
                *((one, PRESENT, False) for one in node.named_children[1:]),
            ]
        if operator in {"==", "===", "!=", "!=="}:
            literal = any(
                one.type in {"string", "integer", "number"} and short(one) not in {"''", '""'}
                for one in node.named_children
            )
            within = literal and operator[0] == "="
            how = ALLOWED if literal else level
            return [(one, level if _LENGTH.search(short(one)) else how, within) for one in node.named_children]
        if operator in {"<", ">", "<=", ">="}:
            return [
                (one, level if _LENGTH.search(short(one)) else max(level, TYPED), within) for one in node.named_children
            ]
    if node.type == "unary_expression" and text_of(node).startswith("typeof"):
        text = node.parent is not None and _TEXT.search(short(node.parent, 300)) is not None
        return [(one, PRESENT if text else TYPED, False) for one in node.named_children]
    return [(one, level, within) for one in node.named_children if one.type not in {"statement_block", "block"}]


def _is_text(call: Node, last: str) -> bool:
    """Whether *call* asks only whether a value is a text or a list, which may say anything."""
    asked = arguments_of(call)[1:2]
    return last in {"isArray", "isString", "is_string"} or any(short(one) in _TEXTS for one in asked)
