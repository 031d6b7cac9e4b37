"""Where the result of a call comes from: a source, what the call hands on, or what nobody knows."""

from __future__ import annotations

from tree_sitter import Node

from checks.facts.code.literals import arguments_of, callee_of, keyword_of, short
from checks.facts.code.syntax import line_of
from checks.facts.flows import handing_on, sources
from checks.facts.flows.bound_values import STATE, Evaluate
from checks.facts.flows.model_calls import gives_answer
from checks.facts.flows.scopes import File, Scope, dotted
from checks.facts.flows.value import (
    CALL,
    MODEL,
    NOTHING,
    PARAMETER,
    UNKNOWN,
    Origin,
    Value,
    caught_all,
    either,
    joined,
    named,
)
from checks.facts.word_set import word_set

_MOST_ITEMS = 60
_VAGUE = frozenset({CALL, UNKNOWN, PARAMETER})
_OF_TEXT = word_set(
    """
    strip lstrip rstrip lower upper title capitalize split rsplit splitlines encode decode trim trimStart trimEnd
    toLowerCase toUpperCase toString slice substring substr concat at pop shift get items values keys copy casefold
    partition rpartition removeprefix removesuffix zfill ljust padStart padEnd normalize json text read charAt
    getlist getAll data filter map reverse flat valueOf
    """
)


def value_of_call(node: Node, scope: Scope, file: File, evaluate: Evaluate) -> Value:
    """Return where the result of the call *node* comes from."""
    function = node.child_by_field_name("function") or node.child_by_field_name("constructor")
    callee = dotted(function)
    found = sources.by_name(callee, scope, file, call=True) if callee else None
    if found is not None:
        return found
    name = callee or callee_of(node)
    if gives_answer(name, file):
        return Value((Origin(MODEL, named(name)),))
    if handing_on.is_schema(name):
        return either([NOTHING, *(evaluate(one, scope) for one in arguments_of(node)[:2])]).through_schema()
    if handing_on.ends(name) or not name:
        return NOTHING
    # A list of pieces may be called as the module is: `const { path } = await params; path.join("/")`.
    module = not name.startswith("path.") or "path" in file.imports
    return _of_function(name if module else f"?{name}", node, scope, evaluate)


def _of_function(name: str, node: Node, scope: Scope, evaluate: Evaluate) -> Value:
    function = node.child_by_field_name("function")
    if handing_on.hands_on(name) or handing_on.safe_after(name):
        return _handed_on(name, node, scope, evaluate)
    if function is not None and function.type in {"attribute", "member_expression"}:
        return _method(function, node, name, scope, evaluate)
    return Value((Origin(CALL, named(name)),))


def _handed_on(name: str, node: Node, scope: Scope, evaluate: Evaluate) -> Value:
    """Return what a function gives back that hands on what it gets."""
    values = [evaluate(one, scope) for one in arguments_of(node)[:_MOST_ITEMS]]
    if name.endswith("format_html"):
        return NOTHING
    if not values:
        function = node.child_by_field_name("function")
        found = evaluate(function.child_by_field_name("object"), scope) if function is not None else NOTHING
    elif handing_on.joins_path(name):
        found = joined(values, boundary="/").spliced_at(line_of(node))
    elif name in {"URL", "urljoin", "urllib.parse.urljoin"} and len(values) > 1:
        found = values[0] if node.type == "new_expression" else values[1]
    else:
        found = either(values)
    safe = handing_on.safe_after(name)
    return found.but_safe(*safe) if safe else found


def _method(function: Node, call: Node, name: str, scope: Scope, evaluate: Evaluate) -> Value:
    """Return what a method of a value gives back: of a text the text, of an unknown object what nobody knows."""
    held, arguments = function.child_by_field_name("object"), arguments_of(call)
    last = name.rpartition(".")[2]
    value = evaluate(held, scope)
    if last in {"join", "concat"} and not any(one.kind == CALL for one in value.origins):
        if last == "join" and short(arguments[0] if arguments else None, 10).strip("\"'`") == "/":
            value = Value(tuple(caught_all(one) for one in value.origins), value.text, value.built)
        return either([value, *(evaluate(one, scope) for one in arguments[:4])])
    if last == "format" and value.text:
        listed = call.child_by_field_name("arguments")
        parts = listed.named_children[:_MOST_ITEMS] if listed is not None else []
        return filled(value, either([NOTHING, *(evaluate(one, scope) for one in parts)]))
    if last in {"replace", "replaceAll", "sub"} and arguments:
        return _replaced(value, arguments, last, scope, evaluate)
    if not value.origins:
        return _of_nothing(value, held, name, last)
    return _of_value(value, call, name, scope, evaluate)


def _of_value(value: Value, call: Node, name: str, scope: Scope, evaluate: Evaluate) -> Value:
    last, arguments = name.rpartition(".")[2], arguments_of(call)
    if last not in _OF_TEXT and all(origin.kind in _VAGUE for origin in value.origins):
        return Value((Origin(CALL, named(name)),))
    if last in {"get", "getlist", "getAll", "param", "header"} and arguments:
        return _got(value, call, arguments, scope, evaluate)
    return Value(value.origins, value.text, value.built)


def _of_nothing(value: Value, held: Node | None, name: str, last: str) -> Value:
    """Return what a method gives back of a literal, of the app's state or of an object made elsewhere."""
    literal = held is not None and held.type in {"string", "template_string", "identifier"}
    if literal and last in _OF_TEXT:
        return value
    return NOTHING if dotted(held).partition(".")[0] in STATE else Value((Origin(CALL, named(name)),))


def _got(value: Value, call: Node, arguments: list[Node], scope: Scope, evaluate: Evaluate) -> Value:
    """Return one entry of *value*: `args.get("page", 1)`; with `type=int` it is a number."""
    if short(keyword_of(call, "type")) in {"int", "float", "bool"}:
        return NOTHING
    key = short(arguments[0], 40).strip("\"'")
    return either([value.member(key), *(evaluate(one, scope) for one in arguments[1:2])])


def _replaced(value: Value, arguments: list[Node], last: str, scope: Scope, evaluate: Evaluate) -> Value:
    """Return *value* with something replaced in it: what is left may be safe for a use, or hold what was put in."""
    pattern = short(arguments[0], 200)
    if last == "sub":
        value = either([NOTHING, *(evaluate(one, scope) for one in arguments[1:3])])
    if handing_on.replaces_all(pattern):
        return value.but_safe("*")
    put_in = evaluate(arguments[1], scope) if len(arguments) > 1 and last != "sub" else NOTHING
    if put_in.origins:
        return filled(value, put_in) if value.text else either([value, put_in])
    if "'" in pattern.strip("\"'`/g") or pattern in {'"\'"', "/'/g"}:
        return value.but_safe("sql")
    return value.but_safe("html") if "<" in pattern or "&" in pattern else value


def filled(form: Value, held: Value) -> Value:
    """Return *form*, a text with places, filled with *held*."""
    if not held.origins:
        return form
    begins = form.text.lstrip().startswith(("%", "{"))
    first = Value(text="" if begins else form.text or "x")
    return Value(joined([first, held]).origins + form.origins, form.text, built=True)
