"""Places where code decides with a literal who gets in: by line and by kind, never by the literal itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tree_sitter import Node

from checks.fact import Collector, Listing
from checks.facts.code.components import as_code, page_of
from checks.facts.code.literals import (
    above,
    arguments_of,
    bound_name,
    callee_of,
    head_of,
    name_of,
    rows_with,
    short,
    string_of,
)
from checks.facts.code.syntax import PARSERS, language_of, line_of, nodes_on
from checks.facts.secrets.fallback_judgement import shape_of
from checks.facts.secrets.files import LARGEST, WRITTEN
from checks.facts.secrets.fixed_codes import fixed_codes
from checks.facts.secrets.login_words import (
    COOKIE_NAME,
    ELSEWHERE,
    HASHERS,
    HASHING_MODULES,
    HINT,
    LISTS,
    MAKERS,
    OTHER_SERVERS,
    STORED,
    chosen,
    opens,
    opens_as,
)
from checks.facts.secrets.names import Sort, sort_of
from checks.facts.secrets.values import Look, look_of
from checks.facts.tier import Tier, tier_of


class Way(StrEnum):
    """How a literal lets somebody in; the value is the message."""

    COMPARED = "a password is compared with a literal"
    CONSTANT = "this literal is the password that a login compares with"
    CODE = "a key or code in the request is compared with a literal"
    COOKIE = "a cookie with a constant value is taken for a login"
    BROWSER = "the browser's own storage is taken for a login"
    ADDRESS = "an address in the code decides who is an administrator"
    LISTED = "users and their passwords are listed in the code"
    MADE = "a user is made with a literal password"
    FIXED = "the one-time code is the same for everybody and always"


@dataclass(frozen=True, slots=True)
class Login:
    """One such place: *line* from 1; *sure* is False where the literal may be for show only."""

    line: int
    way: Way
    shape: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class LoginsInFile:
    """The literal logins of one file, by line."""

    logins: tuple[Login, ...]


@dataclass(frozen=True, slots=True)
class LiteralLogins:
    """The literal logins of all files, by path."""

    files: Mapping[str, LoginsInFile]

    def lines(self, path: str) -> frozenset[int]:
        """The lines of *path* that surely hold one."""
        part = self.files.get(path)
        return frozenset(each.line for each in part.logins if each.sure) if part else frozenset()


_COMPARISONS = {"python": "(comparison_operator) @it", "": "(binary_expression) @it"}
_CALLS = {"python": "(call) @it", "": "[(call_expression) (new_expression)] @it"}
_OBJECTS = {"python": "(dictionary) @it", "": "(object) @it"}
_PLAIN_HASHERS = frozenset({"hash", "hashSync", "ph.hash", "hasher.hash", "password_hasher.hash", "pwd_hasher.hash"})
_CONSTANTS = {"python": "(assignment) @it", "": "(variable_declarator) @it"}
_GUARDS = re.compile(r"\b(?:raise|throw|warn|warning|exit|abort)\b")
_CREATES = re.compile(r"create_?(?:super)?user$|add_?user$|register_?user$", re.IGNORECASE)
_COMPARERS = re.compile(r"(?:compare_digest|timingSafeEqual|safeCompare|safe_str_cmp)$")
# Values that say "signed in" and prove nothing.
_SETTERS = ("set_cookie", ".cookie", "setCookie", "cookies.set", "Cookies.set", "cookies().set", "Storage.setItem")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+$")
_YES = frozenset({"1", "true", "yes", "authenticated", "admin", "logged_in", "loggedin", "ok", "granted"})
_LONGEST = 300  # characters of an expression that are looked at


def kind_of(path: str) -> str | None:
    """Return the language of *path*, or as what page it is read; None for others and other people's code."""
    return None if tier_of(path) is Tier.VENDORED else language_of(path) or page_of(path)


def read(text: str, kind: str) -> LoginsInFile | None:
    """Return the literal logins of *text*, or None where it has none."""
    if len(text) > WRITTEN:
        return None
    text, kind = as_code(text, kind)
    rows = rows_with(text, HINT)
    if not rows:
        return None

    def near(query: Mapping[str, str]) -> list[Node]:
        return nodes_on(text, kind, query.get(kind, query[""]), rows)

    found: dict[int, Login] = {}
    constants = _constants(near(_CONSTANTS))
    hashers = HASHING_MODULES.search(text) is not None
    for login in (
        *_comparisons(near(_COMPARISONS), constants),
        *_calls(near(_CALLS), hashers=hashers),
        *_objects(near(_OBJECTS)),
        *(Login(line, Way.FIXED, shape_of(name), sure=sure) for line, name, sure in fixed_codes(text, kind)),
    ):
        if login.line not in found or (login.sure and not found[login.line].sure):
            found[login.line] = login
    return LoginsInFile(tuple(found[line] for line in sorted(found))) if found else None


def _comparisons(nodes: list[Node], constants: Mapping[str, tuple[int, str]]) -> Iterator[Login]:
    for node in nodes:
        sides = node.named_children
        if len(sides) != 2:  # noqa: PLR2004 - a < b < c
            continue
        operator = "".join(short(child) for child in node.children if not child.is_named)
        if operator not in {"==", "===", "!=", "!=="}:
            continue
        for asked, literal in (sides, sides[::-1]):
            if string_of(asked) is None:
                yield from _compared(node, asked, literal, operator, constants)


def _compared(
    node: Node, asked: Node, literal: Node, operator: str, constants: Mapping[str, tuple[int, str]]
) -> Iterator[Login]:
    value = string_of(literal)
    name = name_of(asked)
    if value is None:
        line, constant = constants.get(short(literal), (0, ""))
        secret = sort_of(name) is Sort.PASSWORD or sort_of(short(literal)) is Sort.PASSWORD
        if constant and secret and opens(constant):
            yield Login(line, Way.CONSTANT, shape_of(short(literal)))
        return
    if name == "email" and _ADDRESS.match(value) and "admin" in bound_name(node).lower():
        yield Login(line_of(node), Way.ADDRESS, shape_of(bound_name(node)), sure=False)
    source = short(asked, _LONGEST)
    way = opens_as(name, source, value)
    if way is None or (operator in {"==", "==="} and _refuses(node, value)):
        return
    yield Login(line_of(node), Way[way], shape_of(way, name), sure=way != "BROWSER")


def _refuses(node: Node, value: str) -> bool:
    """Whether the comparison finds a default that was not replaced: `if password == "changeme": raise`."""
    if look_of(value) not in {Look.PLACEHOLDER, Look.WEAK}:
        return False
    holder = next((each for each in above(node) if each.type == "if_statement"), None)
    return holder is not None and _GUARDS.search(head_of(holder.child_by_field_name("consequence"))) is not None


def _constants(nodes: list[Node]) -> dict[str, tuple[int, str]]:
    constants = {}
    for node in nodes:
        target = node.child_by_field_name("left") or node.child_by_field_name("name")
        value = string_of(node.child_by_field_name("right") or node.child_by_field_name("value"))
        if value and target is not None and target.type == "identifier":
            constants[short(target)] = (line_of(node), value)
    return constants


def _calls(calls: list[Node], *, hashers: bool) -> Iterator[Login]:
    """Yield the calls that let a literal in; with *hashers* a plain `hash` is that of a library for passwords."""
    for call in calls:
        function = callee_of(call)
        values = [string_of(each) for each in arguments_of(call)]
        if _COMPARERS.search(function) and len(values) > 1 and any(value and opens(value) for value in values):
            yield Login(line_of(call), Way.COMPARED, shape_of(function))
        elif (
            (HASHERS.search(function) or (hashers and function in _PLAIN_HASHERS))
            and values
            and chosen(values[0] or "")
        ):
            yield Login(line_of(call), Way.MADE, shape_of(function))
        elif function.endswith(_SETTERS) and len(values) > 1:
            way, names = (Way.BROWSER, STORED) if function.endswith("setItem") else (Way.COOKIE, COOKIE_NAME)
            if values[0] and values[1] and names.search(values[0]) and values[1].lower() in _YES:
                yield Login(line_of(call), way, shape_of(function, values[0]), sure=False)
        elif MAKERS.search(function):
            yield from _made(call, function, values)


def _made(call: Node, function: str, values: list[str | None]) -> Iterator[Login]:
    """Yield a call that makes a user: create_user("admin", "admin123"), User(name="x", password="y")."""
    arguments = call.child_by_field_name("arguments")
    for child in arguments.named_children if arguments is not None else ():
        if child.type == "keyword_argument" and sort_of(short(child.child_by_field_name("name"))) is Sort.PASSWORD:
            value = string_of(child.child_by_field_name("value"))
            if value and chosen(value):
                yield Login(line_of(child), Way.MADE, shape_of(function))
    last = values[-1] if len(values) > 1 else None
    if (
        last
        and look_of(last) in {Look.WEAK, Look.STRONG}
        and opens(last)
        and "@" not in last
        and _CREATES.search(function)
    ):
        yield Login(line_of(call), Way.MADE, shape_of(function))


def _objects(objects: list[Node]) -> Iterator[Login]:
    for node in objects:
        pairs = [child for child in node.named_children if child.type == "pair"]
        keys = {_key(pair).lower() for pair in pairs}
        holder = _holder(node)
        if not keys.isdisjoint(OTHER_SERVERS) or not pairs or len(pairs) > 200:  # noqa: PLR2004 - a table, no list of users
            continue
        if LISTS.search(bound_name(node)) and all(_opens_pair(pair) for pair in pairs):
            yield from (Login(line_of(pair), Way.LISTED, shape_of(holder, _key(pair))) for pair in pairs)
            continue
        password = next((pair for pair in pairs if sort_of(_key(pair)) is Sort.PASSWORD), None)
        value = string_of(password.child_by_field_name("value")) if password is not None else None
        named = any(re.search(r"user|mail|login|^name$|role|nick", key) for key in keys)
        if (
            password is not None
            and value
            and chosen(value)
            and named
            and ELSEWHERE.match(_key(password)) is None
            and (LISTS.search(holder) or MAKERS.search(holder))
        ):
            sure = look_of(value) is not Look.DUMMY
            yield Login(line_of(password), Way.LISTED, shape_of(holder), sure=sure)


def _key(pair: Node) -> str:
    key = pair.child_by_field_name("key")
    return string_of(key) or short(key)


def _opens_pair(pair: Node) -> bool:
    value = string_of(pair.child_by_field_name("value"))
    return bool(value) and look_of(value or "") in {Look.WEAK, Look.STRONG} and opens(value or "")


def _holder(node: Node) -> str:
    """Return the name of the variable or the call that *node* stands in, through lists and objects."""
    for each in above(node):
        if each.type in {"assignment", "variable_declarator"}:
            return name_of(each.child_by_field_name("left") or each.child_by_field_name("name"))
        if each.type in {"call", "call_expression", "new_expression"}:
            return callee_of(each)
        if each.type in {"function_definition", "arrow_function", "function_declaration", "statement_block"}:
            break
        if each.type == "pair" and LISTS.search(_key(each)):
            return _key(each)
    return ""


def join(parts: Mapping[str, LoginsInFile], _listing: Listing) -> LiteralLogins:
    """Return all files' literal logins."""
    return LiteralLogins(parts)


source = Collector(
    fact=LiteralLogins,
    part=LoginsInFile,
    kind_of=kind_of,
    read=read,
    join=join,
    parsers=PARSERS,
    largest=LARGEST,
)
