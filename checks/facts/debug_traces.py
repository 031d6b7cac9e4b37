"""Answers of an app that hold the stack trace of an error."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from checks.facts.code.literals import above, callee_of, short
from checks.facts.code.syntax import line_of, nodes_of
from checks.facts.debug_switch import DebugSwitch, Switch
from checks.facts.secrets.fallback_judgement import shape_of, speaks_of_environment

_ANSWERS = re.compile(r"(?:^|\.)(?:jsonify|\w*Response|HTTPException|abort)$")
_SENDS = re.compile(r"(?:^|\.)(?:json|send)$")
_STACK = re.compile(r"^\w+\??\.stack$")
_FUNCTIONS = frozenset({"function_definition", "function_declaration", "arrow_function", "method_definition"})
_CONDITIONS = frozenset({"if_statement", "ternary_expression", "conditional_expression", "binary_expression"})


def traces_sent(text: str) -> Iterator[DebugSwitch]:
    """Yield each answer of Python code that holds `traceback.format_exc()`."""
    if "format_exc" not in text:
        return
    for call in nodes_of(text, "python", "(call) @it"):
        if callee_of(call) == "traceback.format_exc" and _is_sent(call, "call", _ANSWERS):
            yield _found(call)


def stacks_sent(text: str, language: str) -> Iterator[DebugSwitch]:
    """Yield each answer of JavaScript code that holds an error's stack."""
    if ".stack" not in text:
        return
    for node in nodes_of(text, language, "(pair) @it"):
        value = node.child_by_field_name("value")
        if _STACK.match(short(value, 80)) and _is_sent(node, "call_expression", _SENDS):
            yield _found(node)


def _is_sent(node: Node, call: str, answers: re.Pattern[str]) -> bool:
    """Whether *node* stands in a call that answers, with no question around it where the app runs."""
    sent = False
    for each in above(node):
        if each.type in _FUNCTIONS:
            break
        if each.type in _CONDITIONS:
            condition = each.child_by_field_name("condition") or each.child_by_field_name("left")
            if speaks_of_environment(short(condition)):
                return False
        sent = sent or (each.type == call and answers.search(callee_of(each)) is not None)
    return sent


def _found(node: Node) -> DebugSwitch:
    return DebugSwitch(line_of(node), Switch.TRACES, shape_of(Switch.TRACES.name), sure=False)
