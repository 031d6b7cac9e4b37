"""Finds fallback secrets and literal signing keys in JavaScript's and TypeScript's syntax."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from checks.facts.code.literals import above, arguments_of, bound_name, callee_of, name_of, short, string_of
from checks.facts.secrets.fallback_judgement import Fallback
from checks.facts.secrets.fallback_places import find
from checks.facts.secrets.names import Sort, makes_account, names_signing, sort_of
from checks.facts.secrets.values import Look, is_random, look_of

_QUERY = (
    "[(call_expression) (variable_declarator) (assignment_expression) (augmented_assignment_expression)"
    " (binary_expression) (ternary_expression) (pair) (object_assignment_pattern)] @it"
)
_WRITES = re.compile(r"(?:^|[._])set_?(?!default)", re.IGNORECASE)
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
# Telegram's Web App documentation signs with this word to part one use of a key from another; it is no secret.
_LABELS = frozenset({"WebAppData"})
_LONGEST = 600  # characters of an expression that are looked at


def read(text: str, language: str) -> Iterator[Fallback]:
    """Yield the fallback secrets of *text*, in JavaScript or TypeScript by *language*."""
    return find(text, language, _QUERY, _literals)


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
            written_to_env = short(node.child_by_field_name("left")).startswith("process.env")
            if value and ((sort_of(name) is Sort.SIGNING and names_signing(name, value)) or written_to_env):
                yield name, value, "written"
        case "augmented_assignment_expression" | "binary_expression":
            value = string_of(node.child_by_field_name("right"))
            if value and short(node.child_by_field_name("operator")) in {"||", "??", "||=", "??="}:
                yield from _named(node, node.child_by_field_name("left"), value)
        case "ternary_expression":
            sides = (node.child_by_field_name("consequence"), node.child_by_field_name("alternative"))
            for side, other in (sides, sides[::-1]):
                value = string_of(side)
                if value and string_of(other) is None:
                    yield from _named(node, other, value)
        case _:
            yield from _of_pattern(node)


def _of_pattern(node: Node) -> Iterator[tuple[str, str, str]]:
    """Yield the default of `const { SECRET = "x" } = process.env`."""
    name, value = name_of(node.child_by_field_name("left")), string_of(node.child_by_field_name("right"))
    holder = next((each for each in above(node) if each.type == "variable_declarator"), None)
    taken_from = short(holder.child_by_field_name("value"), _LONGEST) if holder is not None else ""
    if value and _SOURCES.search(taken_from):
        yield name, value, "fallback"


def _value(node: Node | None) -> Node | None:
    """Return what a TextEncoder is given, as jose's signing keys are made; else *node* itself."""
    if node is not None and node.type == "call_expression" and callee_of(node) == "new TextEncoder().encode":
        return next(iter(arguments_of(node)), None)
    return node


def _named(node: Node, left: Node | None, value: str) -> Iterator[tuple[str, str, str]]:
    """Yield the literal under the name that is read, or else under the name that it is given."""
    read_from = short(left, _LONGEST)
    name = next((each for each in (name_of(left), bound_name(node)) if sort_of(each)), "")
    if not name and re.search(r"(?:URL|URI|DSN)$", name_of(left)):
        name = name_of(left)
    default_password = sort_of(name) is Sort.PASSWORD and look_of(value) in {Look.WEAK, Look.STRONG}
    drawn = sort_of(name) is Sort.TOKEN and is_random(value)
    if name and (_SOURCES.search(read_from) or sort_of(name) is Sort.SIGNING or default_password or drawn):
        yield name, value, "fallback"


def _of_call(call: Node) -> Iterator[tuple[str, str, str]]:
    function = callee_of(call)
    arguments = arguments_of(call)
    values = [string_of(_value(each)) for each in arguments]
    if function.endswith(".default") and values:
        name = _schema_name(call)
        if values[0] and sort_of(name):
            yield name, values[0], "default"
    elif (
        len(values) > 1
        and values[0]
        and values[1]
        and _READERS.search(function)
        and _SOURCES.search(function)
        and not _WRITES.search(function)
    ):
        yield values[0], values[1], "fallback"
    for pattern, place in _SIGNERS:
        key = values[place] if len(values) > place else None
        if key and key not in _LABELS and pattern.search(function):
            yield "signing_key", key, "written"


def _schema_name(call: Node) -> str:
    """Return the key of the schema's field that the chain of calls ending in *call* describes."""
    for each in above(call):
        if each.type == "pair":
            return name_of(each.child_by_field_name("key"))
        if each.type not in {"member_expression", "call_expression"}:
            break
    return ""


def _of_pair(pair: Node) -> Iterator[tuple[str, str, str]]:
    """Yield the literal key of session({secret: "x"}), cookieSession({keys: ["x"]}) and any `jwtSecret: "x"`."""
    name, node = name_of(pair.child_by_field_name("key")), pair.child_by_field_name("value")
    callee = _callee(pair)
    signs = _SIGNING_CALL.search(callee) is not None
    if node is not None and node.type == "array" and name == "keys" and signs:
        node, name = next(iter(node.named_children), None), "signing_key"
    value = string_of(_value(node))
    if not value:
        return
    if makes_account(name):
        yield name, value, "written"
    elif name == "password" and _IRON.search(callee):
        yield "session_secret", value, "written"
    elif sort_of(name) is Sort.SIGNING and " " not in value.strip():
        alone = name.lower() == "secret"  # the name of too many things, unless a call that signs gets it
        if signs or (not alone and names_signing(name, value)):
            yield name, value, "written"


def _callee(pair: Node) -> str:
    """Return the name of the call or the variable that the object of *pair* is for."""
    for each in above(pair):
        if each.type in {"call_expression", "new_expression"}:
            return callee_of(each)
        if each.type == "variable_declarator":
            return short(each.child_by_field_name("name"))
    return ""
