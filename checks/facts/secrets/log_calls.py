"""Calls that write to a log what must not be read there: by line and by what it is, never by the value."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import re2
from tree_sitter import Node

from checks.fact import Collector, Listing
from checks.facts.code.components import as_code, page_of
from checks.facts.code.literals import above, arguments_of, callee_of, short
from checks.facts.code.syntax import PARSERS, language_of, line_of, nodes_of
from checks.facts.secrets.fallback_judgement import shape_of
from checks.facts.secrets.held_fields import HeldFields
from checks.facts.secrets.kept_records import keepable, keeps, tells_login
from checks.facts.secrets.log_words import HANDS_ON, LOGGERS, LOGIN, Leak, leak_of, says_secret
from checks.facts.tier import Tier, tier_of
from checks.facts.word_set import word_set


@dataclass(frozen=True, slots=True)
class LogLeak:
    """One value in a log: *line* from 1; *sure* is False where its name is vague; *cut*: its beginning alone."""

    line: int
    leak: Leak
    shape: str
    sure: bool
    cut: bool = False


@dataclass(frozen=True, slots=True)
class LeaksInFile:
    """What one file writes to logs, by line."""

    leaks: tuple[LogLeak, ...]


@dataclass(frozen=True, slots=True)
class LogLeaks:
    """What all files write to logs, by path."""

    files: Mapping[str, LeaksInFile]


_CALLS = {"python": "(call) @it", "": "(call_expression) @it"}
_LEAVES = frozenset(
    {
        "identifier",
        "attribute",
        "member_expression",
        "subscript",
        "subscript_expression",
        "shorthand_property_identifier",
    }
)
# Nodes that hand on what they hold: what is in them is written. Whatever stands in no list (comparisons, lengths,
# slices, calls of other functions) is not followed: what comes out of it is not known to be the value.
_OPEN = word_set(
    """
    argument_list arguments string concatenated_string interpolation template_string template_substitution
    parenthesized_expression list tuple array object dictionary spread_element dictionary_splat list_splat await
    await_expression as_expression non_null_expression
    """
)
# Levels that a production log leaves out; console.debug writes always.
_DEBUG = re.compile(r"(?<!console)\.(?:debug|trace|verbose)$")
_CONCATENATE = frozenset({"+", "%", "||", "??", "or"})
_NEAREST = 3  # functions and calls around a call whose names say what it deals with
_CUTS = re.compile(r"\.(?:slice|substring|substr)$")  # the first characters of a value
_TAKEN = re.compile(r"(?:\[(?:0?:|-)|\((?:0,\s*|-))(?P<count>\d{1,4}):?[\])]$")
# A name that is given a text; and in it an address with a password, or names whose values are put in.
_GIVEN = re2.compile(
    r"(?i)\b(?P<name>[a-z_]\w{0,60})[ \t]{0,8}(?::[ \t]{0,4}\w{1,20}[ \t]{0,4})?\+?=[ \t\n]{0,20}[rf]{0,2}[\"'`]"
    r"(?P<text>[^\n]{1,400})"
)
# A name that is given all headers of a request, alone or put into another form; and any name that is given
# something, by a statement: an argument's name stands without a blank before its sign.
_HEADERS_GIVEN = re2.compile(
    r"\b(?P<name>[A-Za-z_]\w{0,60})(?::[ \t]{0,4}[\w<>, ]{1,40})?[ \t]{1,8}=[ \t]{0,8}"
    r"(?:dict\(|Object\.fromEntries\(|JSON\.stringify\(|new Map\(|\{ ?\.\.\.)?[ \t]{0,4}"
    r"(?:self\.)?(?:req|request|ctx\.request|c\.req|event)\.headers(?:\.(?:entries|items|raw)\(\)|\.raw)?"
    r"[ \t]{0,4}[)};,]*[ \t]*(?:[\r\n]|$)"
)
_IS_GIVEN = re2.compile(r"\b([A-Za-z_]\w{0,60})(?::[ \t]{0,4}[\w<>, ]{1,40})?[ \t]{1,8}=[^=>]")
_BASE = re.compile(r"(?:postgres|mysql|mariadb|mongodb|redis|amqp)[\w+]{0,30}://[^\s\"'`:/@]{0,80}:[^\s\"'`{]{1,200}@")
_PUT_IN = re.compile(r"\{([\w.]{1,60})\}")
_PIECES = frozenset({Leak.PASSWORD, Leak.TOKEN, Leak.SIGNING, Leak.ADDRESS})
_CLOSE = 2  # lines from a call to a value in it: farther down, people look for the call
_IN_PARTS = frozenset({Leak.COOKIES, Leak.SESSION_ID})  # one line of many that show what a request holds
_ALL = 10**9  # rows
_FUNCTIONS = frozenset(
    {"function_definition", "function_declaration", "arrow_function", "method_definition", "function_expression"}
)
_HARMLESS = 8  # characters of a key that give nothing away
_DEPTH = 400  # nodes of one call that are looked at


def kind_of(path: str) -> str | None:
    """Return the language of *path*, or as what page it is read; None for others and other people's code."""
    return None if tier_of(path) is Tier.VENDORED else language_of(path) or page_of(path)


def read(text: str, kind: str) -> LeaksInFile | None:
    """Return what *text* writes to logs that must not be read there, or None."""
    text, kind = as_code(text, kind)
    found: dict[tuple[int, Leak], LogLeak] = {}
    given = _given(text)
    held, kept_here = HeldFields(text), keepable(text)
    for call in nodes_of(text, kind, _CALLS.get(kind, _CALLS[""])):
        function = callee_of(call)
        if LOGGERS.search(function) is None:
            if (kept := keeps(call, function, kept_here)) is not None:
                found.setdefault(
                    (line_of(call), kept), LogLeak(line_of(call), kept, shape_of(kept, function), sure=False)
                )
            continue
        if tells_login(short(call)):
            line = line_of(call)
            found.setdefault((line, Leak.SHOWN), LogLeak(line, Leak.SHOWN, shape_of(Leak.SHOWN, function), sure=False))
        within = ""
        for leaf in _written(call.child_by_field_name("arguments")):
            within = within or _surroundings(call)
            whole, cut = _whole(leaf)
            leaked = _leaked(whole, within, kind, given) if whole is not None else None
            leaked = _held(leaked, whole, call, held) if whole is not None and not cut else leaked
            if leaked is None and cut and whole is not None and says_secret(short(call)):
                leaked = Leak.TOKEN, False
            if leaked is not None:
                leak, sure = leaked[0], leaked[1] and not cut
                if _DEBUG.search(function):
                    if leak is Leak.BODY:
                        continue
                    sure = False
                sure = sure and not _is_trial(call, kind)
                near = line_of(leaf) - line_of(call) <= _CLOSE or leak in _IN_PARTS
                line = line_of(leaf) if near else line_of(call)
                found.setdefault((line, leak), LogLeak(line, leak, shape_of(leak, short(leaf)), sure, cut))
    return LeaksInFile(tuple(found[key] for key in sorted(found))) if found else None


def _is_trial(call: Node, kind: str) -> bool:
    """Whether *call* runs only where somebody starts its file by hand: below `if __name__ == "__main__"`."""
    return kind == "python" and any(
        each.type == "if_statement" and "__name__" in short(each.child_by_field_name("condition"))
        for each in above(call)
    )


def _given(text: str) -> dict[str, Leak]:
    """Return what of a secret the names in *text* hold that are given one as a part of an address or a sentence."""
    found: dict[str, Leak] = {}
    at = _GIVEN.groupindex
    text = text.encode("utf-8", "replace").decode()
    for match in _GIVEN.finditer(text):
        name, written = match.group(at["name"]), match.group(at["text"])
        if _BASE.match(written):
            found[name] = Leak.ADDRESS
        for put in _PUT_IN.findall(written):
            leaked = leak_of(put, "")
            if leaked is not None and leaked[0] in _PIECES:
                found.setdefault(name, Leak.LINK if "://" in written else leaked[0])
    headers = Counter(match.group(1) for match in _HEADERS_GIVEN.finditer(text))
    if headers:
        each_given = Counter(match.group(1) for match in _IS_GIVEN.finditer(text))
        found |= {name: Leak.HEADERS for name, times in headers.items() if each_given[name] == times}
    return found


def _leaked(whole: Node, within: str, kind: str, given: Mapping[str, Leak]) -> tuple[Leak, bool] | None:
    """Return what writing *whole* gives away, by its name or by what the file gives that name."""
    expression = short(whole)
    if expression in given:
        return given[expression], given[expression] is Leak.HEADERS
    leaked = leak_of(expression, within)
    return None if leaked == (Leak.SESSION, False) and kind == "python" and "." not in expression else leaked


def _held(leaked: tuple[Leak, bool] | None, whole: Node, call: Node, held: HeldFields) -> tuple[Leak, bool] | None:
    """Return what writing *whole* gives away where the function of *call* names a secret in it, else *leaked*."""
    if leaked is not None and leaked != (Leak.BODY, False):
        return leaked
    function = next((each for each in above(call) if each.type in _FUNCTIONS), None)
    first, last = (0, _ALL) if function is None else (function.start_point[0], function.end_point[0])
    field = held.of(short(whole).replace("self.", "").replace("this.", ""), first, last)
    if field is None:
        return leaked
    return (Leak.BODY, field.password) if leaked is not None and field.password else (Leak.RECORD, field.sure)


def _written(arguments: Node | None) -> Iterator[Node]:
    """Yield the names, attributes and items whose values the call writes as they are."""
    stack = [arguments] if arguments is not None else []
    for _ in range(_DEPTH):
        if not stack:
            return
        node = stack.pop()
        if node.type in _LEAVES or (node.type == "call" and callee_of(node) == "request.get_json"):
            yield node
        elif node.type in {"call", "call_expression"}:
            function = node.child_by_field_name("function")
            if _reads_secret(node) or _CUTS.search(callee_of(node)):
                yield node
            elif function is not None and HANDS_ON.search(callee_of(node)):
                stack.extend(
                    child
                    for child in (node.child_by_field_name("arguments"), function.child_by_field_name("object"))
                    if child
                )
        else:
            stack.extend(reversed(_within(node)))


def _whole(leaf: Node) -> tuple[Node | None, bool]:
    """Return what *leaf* takes its first characters of, None where they are too few to harm, and whether it does."""
    function = leaf.child_by_field_name("function")
    if any(child.type == "slice" for child in leaf.children):
        holder = leaf.child_by_field_name("value")
    elif leaf.type == "call_expression" and function is not None and _CUTS.search(callee_of(leaf)):
        holder = function.child_by_field_name("object")
    else:
        return leaf, False
    taken = _TAKEN.search(short(leaf))
    return (holder if taken is not None and int(taken["count"]) >= _HARMLESS else None), True


def _within(node: Node) -> list[Node]:
    """Return the children of *node* whose values it hands on."""
    match node.type:
        case "pair" | "keyword_argument":
            value = node.child_by_field_name("value")
            return [value] if value is not None else []
        case "binary_operator" | "binary_expression" | "boolean_operator":
            operator = short(node.child_by_field_name("operator"))
            return list(node.named_children) if operator in _CONCATENATE else []
        case "ternary_expression":
            return [child for name in ("consequence", "alternative") if (child := node.child_by_field_name(name))]
        case "conditional_expression":
            return [node.named_children[0], node.named_children[-1]]
        case kind if kind in _OPEN:
            return list(node.named_children)
        case _:
            return []


def _reads_secret(call: Node) -> bool:
    """Whether *call* reads a variable of the environment: os.getenv("X"), os.environ.get("X")."""
    function = callee_of(call)
    return function.endswith(
        ("os.getenv", "os.environ.get", "Deno.env.get", "headers.get", "cookies.get", "COOKIES.get", "Storage.getItem")
    )


def _surroundings(call: Node) -> str:
    """Return the names of the functions, routes and calls that *call* stands in, and its own text where it is short."""
    names = [short(call)]
    for each in above(call):
        if len(names) > _NEAREST:
            break
        if each.type in {"function_definition", "function_declaration", "method_definition", "variable_declarator"}:
            names.append(short(each.child_by_field_name("name")))
        elif each.type == "decorated_definition":
            names += [short(child) for child in each.named_children if child.type == "decorator"]
        elif each.type == "call_expression":
            names.append(" ".join([callee_of(each), *(short(child) for child in arguments_of(each)[:1])]))
    return " ".join(names)


def join(parts: Mapping[str, LeaksInFile], _listing: Listing) -> LogLeaks:
    """Return what all files write to logs; a whole request counts where names around it or the path speak of logins."""
    return LogLeaks({path: LeaksInFile(tuple(_settled(path, part.leaks))) for path, part in parts.items()})


def _settled(path: str, leaks: tuple[LogLeak, ...]) -> Iterator[LogLeak]:
    for each in leaks:
        if each.leak is not Leak.BODY or each.sure:
            yield each
        elif LOGIN.search(path):
            yield replace(each, sure=True)


source = Collector(
    fact=LogLeaks,
    part=LeaksInFile,
    kind_of=kind_of,
    read=read,
    join=join,
    parsers=PARSERS,
)
