"""Finds fallback secrets and literal signing keys in JavaScript's and TypeScript's syntax."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from checks.facts.assigned_secrets import Strength
from checks.facts.fallback_judgement import Fallback, judge, shape_of, speaks_of_environment
from checks.facts.literals import above, arguments_of, bound_name, name_of, string_of
from checks.facts.secret_names import Sort, names_signing, sort_of
from checks.facts.secret_values import Look, look_of
from checks.facts.syntax import line_of, nodes_of, text_of

_QUERY = (
    "[(call_expression) (variable_declarator) (assignment_expression) (augmented_assignment_expression) (binary_expression)"
    " (ternary_expression) (pair) (object_assignment_pattern)] @it"
)
_SOURCES = re.compile(r"\benv\b|process\.|config|setting|secrets?\b", re.IGNORECASE)
_READERS = re.compile(
    r"(?:^|\.|\b)(?:get|env|getEnv|getOrDefault|config|requireEnv|optional|optionalEnv|getSecret|readEnv)$"
)
# Calls that sign or encrypt, and which argument is the key.
_SIGNERS = (
    (re.compile(r"(?:^|\b)(?:jwt|jsonwebtoken|JWT|jsonWebToken)\.(?:sign|verify)$"), 1),
    (re.compile(r"(?:^|\.)(?:createHmac|createCipheriv|createDecipheriv)$"), 1),
    (re.compile(r"CryptoJS\.(?:AES\.(?:en|de)crypt|Hmac\w+)$"), 1),
    (re.compile(r"^cookieParser$"), 0),
)
_SIGNING_CALL = re.compile(r"session|cookie|auth|jwt|passport|strategy|iron|csrf", re.IGNORECASE)
_IRON = re.compile(r"iron|session", re.IGNORECASE)
_STOPS = re.compile(r"\b(?:throw|exit|abort|fatal)\b")
_LONGEST = 600  # characters of a condition or a body that are looked at


def read(text: str, language: str) -> Iterator[Fallback]:
    """Yield the fallback secrets of *text*, in JavaScript or TypeScript by *language*."""
    guards = [
        text_of(node.child_by_field_name("condition"))[:_LONGEST]
        for node in nodes_of(text, language, "(if_statement) @it")
        if _STOPS.search(text_of(node.child_by_field_name("consequence"))[:_LONGEST])
    ]
    for node in nodes_of(text, language, _QUERY):
        for name, value, how in _literals(node):
            found = judge(name, value)
            if found is None:
                continue
            what, strength = found
            if how == "written" and look_of(value) is Look.WORDS and name.lower() in {"secret", "key"}:
                strength = Strength.POSSIBLE
            names = {name, bound_name(node)} - {""}
            stopped = any(
                any(each in guard for each in names) and (value in guard or speaks_of_environment(guard))
                for guard in guards
            )
            blocking = strength is not Strength.POSSIBLE and not stopped and not _in_development(node)
            yield Fallback(_line(node), what, how, shape_of(name, how), blocking)


def _line(node: Node) -> int:
    """Return the line of the literal: the last of a fallback, which often stands below the name it is for."""
    right = node.child_by_field_name("right") or node.child_by_field_name("alternative")
    return line_of(right if right is not None and string_of(right) is not None else node)


def _literals(node: Node) -> Iterator[tuple[str, str, str]]:
    """Yield (name, value, how) of each literal that *node* puts where a secret belongs."""
    match node.type:
        case "call_expression":
            yield from _of_call(node)
        case "pair":
            yield from _of_pair(node)
        case "variable_declarator" | "assignment_expression":
            name = name_of(node.child_by_field_name("name") or node.child_by_field_name("left"))
            value = string_of(_value(node.child_by_field_name("value") or node.child_by_field_name("right")))
            written_to_env = text_of(node.child_by_field_name("left")).startswith("process.env")
            if value and (sort_of(name) is Sort.SIGNING and names_signing(name, value) or written_to_env):
                yield name, value, "written"
        case "augmented_assignment_expression" | "binary_expression":
            value = string_of(node.child_by_field_name("right"))
            if value and text_of(node.child_by_field_name("operator")) in {"||", "??", "||=", "??="}:
                yield from _named(node, node.child_by_field_name("left"), value)
        case "ternary_expression":
            sides = (node.child_by_field_name("consequence"), node.child_by_field_name("alternative"))
            for side, other in (sides, sides[::-1]):
                value = string_of(side)
                if value and string_of(other) is None:
                    yield from _named(node, other, value)
        case _:  # const { SECRET = "x" } = process.env
            name, value = name_of(node.child_by_field_name("left")), string_of(node.child_by_field_name("right"))
            holder = next((each for each in above(node) if each.type == "variable_declarator"), None)
            if (
                value
                and holder is not None
                and _SOURCES.search(text_of(holder.child_by_field_name("value"))[:_LONGEST])
            ):
                yield name, value, "fallback"


def _value(node: Node | None) -> Node | None:
    """Return what a TextEncoder is given, as jose's signing keys are made; else *node* itself."""
    if node is not None and node.type == "call_expression" and text_of(node).startswith("new TextEncoder().encode("):
        return next(iter(arguments_of(node)), None)
    return node


def _named(node: Node, left: Node | None, value: str) -> Iterator[tuple[str, str, str]]:
    """Yield the literal under the name that is read, or else under the name that it is given."""
    read_from = text_of(left)[:_LONGEST]
    name = next((each for each in (name_of(left), bound_name(node)) if sort_of(each)), "")
    if not name and re.search(r"(?:URL|URI|DSN)$", name_of(left)):
        name = name_of(left)
    if name and (_SOURCES.search(read_from) or sort_of(name) is Sort.SIGNING):
        yield name, value, "fallback"


def _of_call(call: Node) -> Iterator[tuple[str, str, str]]:
    function = text_of(call.child_by_field_name("function"))[-100:]
    arguments = arguments_of(call)
    if function.endswith(".default") and arguments:
        name, value = _schema_name(call), string_of(arguments[0])
        if value and sort_of(name):
            yield name, value, "default"
    elif len(arguments) > 1 and _READERS.search(function) and _SOURCES.search(function):
        name, value = string_of(arguments[0]), string_of(arguments[1])
        if name and value:
            yield name, value, "fallback"
    for pattern, place in _SIGNERS:
        if pattern.search(function) and len(arguments) > place:
            value = string_of(_value(arguments[place]))
            if value:
                yield "signing_key", value, "written"


def _schema_name(call: Node) -> str:
    """Return the key of the schema's field that the chain of calls ending in *call* describes."""
    for each in above(call):
        if each.type == "pair":
            return name_of(each.child_by_field_name("key"))
        if each.type not in {"member_expression", "call_expression"}:
            break
    return ""


def _of_pair(pair: Node) -> Iterator[tuple[str, str, str]]:
    name, node = name_of(pair.child_by_field_name("key")), pair.child_by_field_name("value")
    if node is not None and node.type == "array" and name == "keys":
        node, name = next(iter(node.named_children), None), "signing_key"
    value = string_of(_value(node))
    if not value:
        return
    call = next(
        (each for each in above(pair) if each.type in {"call_expression", "new_expression", "variable_declarator"}),
        None,
    )
    holder = "" if call is None else "function" if call.type == "call_expression" else "constructor"
    callee = (
        text_of(call.child_by_field_name(holder) or call.child_by_field_name("name"))[-100:] if call is not None else ""
    )
    signs = _SIGNING_CALL.search(callee) is not None
    if name == "password" and _IRON.search(callee):
        yield "session_secret", value, "written"
    elif sort_of(name) is Sort.SIGNING and " " not in value.strip() and (signs or names_signing(name, value)):
        if signs or name.lower() != "secret":
            yield name, value, "written"


def _in_development(node: Node) -> bool:
    for each in above(node):
        if each.type in {"if_statement", "ternary_expression"}:
            if speaks_of_environment(text_of(each.child_by_field_name("condition"))[:_LONGEST]):
                return True
    return node.type == "ternary_expression" and speaks_of_environment(
        text_of(node.child_by_field_name("condition"))[:_LONGEST]
    )
