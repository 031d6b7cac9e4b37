"""Finds fallback secrets and literal signing keys in Python's syntax."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from checks.facts.code.literals import above, arguments_of, bound_name, callee_of, keyword_of, name_of, short, string_of
from checks.facts.secrets.fallback_judgement import Fallback
from checks.facts.secrets.fallback_places import find
from checks.facts.secrets.names import Sort, makes_account, names_signing, sort_of
from checks.facts.secrets.values import Look, is_random, look_of

_QUERY = "[(call) (assignment) (boolean_operator) (conditional_expression) (keyword_argument) (pair)] @it"
_READERS = re.compile(
    r"(?:^|[._])(?:getenv|get_?env|env|config|get|str|get_?config|get_?setting|get_?secret|setdefault)$"
)
_WRITES = re.compile(r"(?:^|[._])set_?(?!default)", re.IGNORECASE)
_SOURCES = re.compile(r"env|config|setting|secret", re.IGNORECASE)
# Calls that sign or encrypt, and which argument is the key.
_SIGNERS = (
    (re.compile(r"(?:^|\.)jwt\.(?:encode|decode)$"), 1, "key"),
    (re.compile(r"(?:^|\.)(?:URLSafe(?:Timed)?Serializer|TimestampSigner|TimedSerializer)$"), 0, "secret_key"),
    (re.compile(r"^hmac\.(?:new|digest)$"), 0, "key"),
)
# Telegram's Web App documentation signs with this word to part one use of a key from another; it is no secret.
_LABELS = frozenset({"WebAppData"})
_LONGEST = 600  # characters of an expression that are looked at


def read(text: str) -> Iterator[Fallback]:
    """Yield the fallback secrets of the Python *text*."""
    return find(text, "python", _QUERY, _literals)


def _literals(node: Node) -> Iterator[tuple[str, str, str]]:
    """Yield (name, value, how) of each literal that *node* puts where a secret belongs."""
    match node.type:
        case "call":
            yield from _of_call(node)
        case "assignment":
            yield from _of_assignment(node)
        case "keyword_argument":
            name, value = short(node.child_by_field_name("name")), string_of(node.child_by_field_name("value"))
            if value and sort_of(name) is Sort.SIGNING and names_signing(name, value):
                yield name, value, "written"
        case "pair":
            yield from _of_pair(node)
        case "boolean_operator":
            value = string_of(node.child_by_field_name("right"))
            if value and short(node.child_by_field_name("operator")) == "or":
                yield from _named(node, node.child_by_field_name("left"), value)
        case _:
            sides = [node.named_children[0], node.named_children[-1]] if len(node.named_children) >= 3 else []  # noqa: PLR2004
            for side, other in (sides, sides[::-1]) if sides else ():
                value = string_of(side)
                if value and string_of(other) is None:
                    yield from _named(node, other, value)


def _of_pair(pair: Node) -> Iterator[tuple[str, str, str]]:
    """Yield the literal of {"DJANGO_SUPERUSER_PASSWORD": "x"}, which a program gets as its environment."""
    name, value = string_of(pair.child_by_field_name("key")), string_of(pair.child_by_field_name("value"))
    if not name or not value:
        return
    configures = any(each.type == "call" and "config" in callee_of(each) for each in above(pair))
    if makes_account(name) or (configures and sort_of(name) is Sort.SIGNING and names_signing(name, value)):
        yield name, value, "written"


def _named(node: Node, left: Node | None, value: str) -> Iterator[tuple[str, str, str]]:
    """Yield the literal under the name that is read, or else under the name that it is given."""
    read_from = short(left, _LONGEST)
    name = next((each for each in (name_of(left), bound_name(node)) if sort_of(each)), "")
    if not name and _is_address(name_of(left)):
        name = name_of(left)
    default_password = sort_of(name) is Sort.PASSWORD and look_of(value) in {Look.WEAK, Look.STRONG}
    drawn = sort_of(name) is Sort.TOKEN and is_random(value)
    if name and (_SOURCES.search(read_from) or sort_of(name) is Sort.SIGNING or default_password or drawn):
        yield name, value, "fallback"


def _is_address(name: str) -> bool:
    """Whether *name* is that of an address that may hold a password."""
    return re.search(r"(?:URL|URI|DSN)$", name, re.IGNORECASE) is not None


def _of_call(call: Node) -> Iterator[tuple[str, str, str]]:
    function = callee_of(call)
    arguments = arguments_of(call)
    if arguments and _READERS.search(function) and _SOURCES.search(function) and not _WRITES.search(function):
        name = string_of(arguments[0])
        value = string_of(keyword_of(call, "default") or (arguments[1] if len(arguments) > 1 else None))
        if name and value:
            yield name, value, "fallback"
    for pattern, place, keyword in _SIGNERS:
        if pattern.search(function):
            key = arguments[place] if len(arguments) > place else keyword_of(call, keyword)
            value = string_of(key)
            if value and value not in _LABELS:
                yield "signing_key", value, "written"


def _of_assignment(node: Node) -> Iterator[tuple[str, str, str]]:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    name = name_of(left)
    settings = _is_setting(node)
    value = string_of(right)
    if right is not None and right.type == "call" and callee_of(right).endswith("Field"):
        value = string_of(keyword_of(right, "default") or next(iter(arguments_of(right)), None))
    if not value:
        return
    if settings and (sort_of(name) or _is_address(name)):
        yield name, value, "default"
        return
    sort, into_environment = sort_of(name), short(left).startswith(("os.environ[", "environ["))
    if (sort is Sort.SIGNING and names_signing(name, value)) or (sort and into_environment):
        yield name, value, "written"


def _is_setting(node: Node) -> bool:
    """Whether *node* stands in the body of a class of settings, as pydantic has them."""
    holder = next((each for each in above(node) if each.type in {"class_definition", "function_definition"}), None)
    if holder is None or holder.type != "class_definition":
        return False
    return "Settings" in short(holder.child_by_field_name("superclasses"))
