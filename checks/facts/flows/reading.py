"""Reads one file: what its values reach, and what it hands to other functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from tree_sitter import Node

from checks.facts.code.literals import arguments_of, callee_of, keyword_of, short
from checks.facts.code.syntax import line_of, text_of
from checks.facts.flows.evaluation import Evaluation
from checks.facts.flows.flow import Argument, FileFlows, Handed, Reach
from checks.facts.flows.model_calls import gives_answer
from checks.facts.flows.returned_pages import pages_of
from checks.facts.flows.scopes import File, Scope, dotted, read_scopes
from checks.facts.flows.sink import OBJECT, Sink
from checks.facts.flows.sinks import sinks_for
from checks.facts.flows.sinks_javascript import WRITTEN
from checks.facts.flows.stores import made_of, store_fits
from checks.facts.flows.trust import ALLOWED, Trust
from checks.facts.flows.value import (
    ADDRESS,
    ANY_USE,
    CALL,
    MODEL,
    NOTHING,
    PARAMETER,
    REQUEST,
    UNKNOWN,
    Origin,
    Value,
    either,
)

_MOST_REACHES, _MOST_HANDED = 600, 400
_LONGEST_CALL = 3_000  # bytes of one call whose text is searched
_NO_OBJECT = frozenset({"request", "redirect", "sql", "path", "html"})  # of an object one property counts
#: What a server is called by and a browser sends by itself: nobody chooses these for somebody else.
_OWN = re.compile(
    r"^\w+\.(?:url|nextUrl|headers?|get|cookies|host|hostname|protocol|originalUrl|rel_url|META)(?:$|[.\[])"
    r"|location\.href$|^document\."
)
_NEVER_HANDED = re.compile(
    r"^(?:console|res|response|reply|logger|logging|log|JSON|Math|Object|Array|print|toast|String|Number|app|router|document"
    r"|window|z|cn|clsx|t|next|set[A-Z]\w*|use[A-Z]\w*|jsonify|len|NextResponse|Response|HTTPException)(?:$|\.)"
)


def read_flows(text: str, language: str) -> FileFlows | None:
    """Return what *text*, a file in *language*, says of where data goes; None for nothing."""
    file = read_scopes(text, language)
    reader = _Reader(file)
    reader.read()
    if not (reader.reaches or reader.handed or reader.answers or file.truncated):
        return None
    return FileFlows(
        tuple(islice(reader.reaches, _MOST_REACHES)),
        tuple(islice(reader.handed, _MOST_HANDED)),
        tuple(reader.answers),
        file.truncated,
    )


class _Reader:
    """Gathers what one *file* says."""

    def __init__(self, file: File) -> None:
        self.file = file
        self.evaluation = Evaluation(file)
        self.trust = Trust(self.evaluation)
        self.reaches: dict[Reach, None] = {}
        self.handed: dict[Handed, None] = {}
        self.answers: dict[str, None] = {}

    def read(self) -> None:
        """Look at every call, assignment and return of the file."""
        for scope in self.file.scopes:
            for call in scope.calls:
                self._call(call, scope)
            for node in scope.writes:
                self._written(node, scope)
            for node, value in pages_of(scope, self.file, self.evaluation):
                self._reached("html", value, node, scope, "return")
            if any(one.kind == MODEL for node in scope.returns[:20] for one in self._value(node, scope).origins):
                self.answers[scope.name] = None

    def _value(self, node: Node | None, scope: Scope) -> Value:
        return self.evaluation.value(node, scope)

    def _call(self, call: Node, scope: Scope) -> None:
        function = call.child_by_field_name("function") or call.child_by_field_name("constructor")
        callee = dotted(function, 300) or callee_of(call)
        arguments = call.child_by_field_name("arguments")
        if not callee or arguments is None:
            return
        tagged = arguments.type == "template_string"
        for sink in () if tagged else sinks_for(callee[-160:], scope.language):
            if self._serves(sink, call, callee):
                self._acts(sink, call, callee, scope)
        if gives_answer(callee, self.file):
            self._asked(call, callee, scope)
        self._hands(call, callee, scope)

    def _serves(self, sink: Sink, call: Node, callee: str) -> bool:
        """Whether the call is what *sink* means: by its text, and by where its name was imported from."""
        root = callee.partition(".")[0]
        origin = self.file.imports.get(root)
        if sink.origin is not None and not sink.origin.search(origin or root):
            return False
        if sink.kind in {"shell", "program", "path"} and "." not in callee and self.file.language == "javascript":
            if origin is not None and not re.search(r"child_process|fs\b|execa|shelljs|zx", origin):
                return False
        if sink.library is not None and not any(sink.library.match(one) for one in self.file.imports.values()):
            return False
        if sink.needs is None and sink.never is None:
            return True
        text = short(call, _LONGEST_CALL)
        return (sink.needs is None or sink.needs.search(text) is not None) and (
            sink.never is None or sink.never.search(text) is None
        )

    def _acts(self, sink: Sink, call: Node, callee: str, scope: Scope) -> None:
        if sink.kind == "store":
            value = (
                either([made_of(node, scope, self.evaluation) for node in _at(sink, call)])
                if store_fits(call, callee)
                else NOTHING
            )
            self._reached("store", value, call, scope, callee)
            return
        for node in _at(sink, call):
            for kind, value in self._judged(sink, node, scope):
                self._reached(kind, value, node if line_of(node) - line_of(call) > 30 else call, scope, callee)

    def _judged(self, sink: Sink, node: Node, scope: Scope) -> Iterator[tuple[str, Value]]:
        """Yield as what kind of sink the argument *node* counts, and its value."""
        value = self._value(node, scope)
        kind = sink.kind
        if not value.origins or (node.type == "object" and kind in _NO_OBJECT):
            return
        if kind == "statement":
            # A statement that was sent whole, or that a model wrote: not one that this file puts together.
            if not value.text.strip("\0"):
                yield "sql", value
        elif kind == "program":
            first = node.named_children[0] if node.type in {"list", "array"} and node.named_children else node
            yield "shell", self._value(first, scope) if node.type in {"list", "array"} else value
        elif kind == "query":
            yield from self._query(node, scope, value)
        elif kind == "code" and sink.callee.search("setTimeout") and node.type in {"arrow_function", "identifier"}:
            return
        elif not sink.text or (value.built and sink.fits(value.text)):
            yield kind, value

    def _query(self, node: Node, scope: Scope, value: Value) -> Iterator[tuple[str, Value]]:
        """Yield what a document store is asked: a whole body as the filter, or code in `$where`."""
        if node.type not in {"object", "dictionary"}:
            yield "query", Value(tuple(one for one in value.origins if one.whole or one.kind == PARAMETER))
            return
        for pair in islice(node.named_children, 40):
            if pair.type == "spread_element" or pair.type == "dictionary_splat":
                yield "query", Value(tuple(one for one in self._value(pair, scope).origins if one.whole))
            elif pair.type in {"pair", "shorthand_property_identifier"}:
                held = pair.child_by_field_name("value") or pair
                if held.type not in {"object", "template_string"}:
                    yield "field", self._value(held, scope)

    def _written(self, node: Node, scope: Scope) -> None:
        """Note what is assigned to a property that acts, or given to a JSX attribute that does."""
        if node.type == "jsx_attribute":
            if text_of(node.named_children[0]) == "dangerouslySetInnerHTML" and len(node.named_children) > 1:
                element = node.parent.child_by_field_name("name") if node.parent is not None else None
                if text_of(element) not in {"style", "script"}:
                    self._reached(
                        "html", self._value(node.named_children[1], scope), node, scope, "dangerouslySetInnerHTML"
                    )
            return
        if node.type == "pair":
            self._reached("code", self._value(node, scope), node, scope, "$where")
            return
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        target = dotted(left)
        name = target.rpartition(".")[2] or short(left.child_by_field_name("property") if left is not None else None)
        kind = WRITTEN.get(name)
        if kind is None or self.file.language == "python":
            return
        if kind == "redirect" and not re.search(r"(?:^|\.)location(?:\.href)?$", target):
            return
        value = self._value(right, scope)
        if (
            kind == "html"
            and right is not None
            and right.type == "member_expression"
            and text_of(right).endswith("HTML")
        ):
            return
        self._reached(kind, value, node, scope, name)

    def _asked(self, call: Node, callee: str, scope: Scope) -> None:
        """Note what a model with tools is asked."""
        text = short(call, 20_000)
        if re.search(r"\b(?:tools|functions)[\"']?\s*[:=]\s*(?!\s*(?:\[\s*\]|None|undefined|null))|^tools\s*,", text):
            value = either([self._value(one, scope) for one in arguments_of(call)])
            value = either(
                [value, *(self._value(keyword_of(call, name), scope) for name in ("messages", "input", "contents"))]
            )
            self._reached("tools", Value(value.origins, "", value.built), call, scope, callee)

    def _reached(self, kind: str, value: Value, node: Node, scope: Scope, via: str) -> None:
        for origin in value.origins:
            if not _acts_on(kind, origin, value):
                continue
            trust = self.trust.level(origin, scope, node.start_byte)
            if trust == ALLOWED and kind not in {"store", "html", "tools"}:
                continue
            reach = Reach(
                kind, line_of(node), origin.owner or scope.name, origin.kind, origin.name, via[-60:],
                trust, value.built, origin.leads, origin.whole, origin.schema,
            )  # fmt: skip
            if len(self.reaches) < _MOST_REACHES:
                self.reaches[reach] = None

    def _hands(self, call: Node, callee: str, scope: Scope) -> None:
        """Note what the call hands to a function that may be this repository's own."""
        if _NEVER_HANDED.match(callee) or len(self.handed) >= _MOST_HANDED:
            return
        found: list[Argument] = []
        for place, node in _arguments(call):
            value = self._value(node, scope)
            for origin in value.origins:
                if origin.kind not in {UNKNOWN, CALL} and ANY_USE not in origin.safe:
                    trust = self.trust.level(origin, scope, call.start_byte)
                    found.append(
                        Argument(
                            place,
                            origin.kind,
                            origin.name,
                            tuple(sorted(origin.safe)),
                            trust,
                            origin.schema,
                            origin.leads,
                            origin.whole or origin.kind == PARAMETER,
                            origin.owner,
                        )
                    )
        if found:
            self.handed[Handed(scope.name, line_of(call), callee[-100:], tuple(found[:20]))] = None


def _acts_on(kind: str, origin: Origin, value: Value) -> bool:
    """Whether *origin* matters to a sink of *kind*."""
    if ANY_USE in origin.safe or kind in origin.safe:
        return False
    match kind:
        case "request" | "redirect":
            chosen = (
                origin.kind not in {REQUEST, ADDRESS} or "earchParams" in origin.name or not _OWN.search(origin.name)
            )
            return origin.leads and chosen and (origin.kind != ADDRESS or kind == "redirect")
        case "path" | "sql" | "shell" | "load" | "template" | "query" if origin.kind == ADDRESS:
            return False
        case "html" if origin.kind == REQUEST and _OWN.search(origin.name):
            return False
        case "path":
            # An uploaded file itself is no path; its name is.
            return (
                not re.search(r"(?:files?|FILES)(?:\[|\.get\b|$)(?!.*name)", origin.name) or "filename" in origin.name
            )
    return True


def _at(sink: Sink, call: Node) -> Iterator[Node]:
    """Yield the arguments of *call* that *sink* acts on."""
    positional = arguments_of(call)
    for place in sink.places:
        if place == OBJECT:
            function = call.child_by_field_name("function")
            held = function.child_by_field_name("object") if function is not None else None
            found: Iterable[Node] = [held] if held is not None else []
        elif isinstance(place, int):
            found = positional[place : place + 1]
        elif place == "last":
            found = positional[-1:] if len(positional) > 1 else []
        else:
            found = _named(call, place)
        yield from found


def _named(call: Node, name: str) -> Iterator[Node]:
    """Yield the keyword *name* of a Python call, or that property of an object that is an argument."""
    held = keyword_of(call, name)
    if held is not None:
        yield held
    arguments = call.child_by_field_name("arguments")
    for child in arguments.named_children[:4] if arguments is not None else ():
        if name == "**" and child.type == "dictionary_splat":
            yield child
        if child.type == "object":
            for pair in child.named_children[:40]:
                if short(pair.child_by_field_name("key"), 40).strip("\"'") == name:
                    yield pair


def _arguments(call: Node) -> Iterator[tuple[str, Node]]:
    """Yield place and node of each argument; of an object each property by itself too."""
    arguments = call.child_by_field_name("arguments")
    place = 0
    for child in islice(arguments.named_children, 20) if arguments is not None else ():
        if child.type == "comment":
            continue
        if child.type == "keyword_argument":
            value = child.child_by_field_name("value")
            if value is not None:
                yield short(child.child_by_field_name("name"), 60), value
            continue
        if child.type == "object":
            for pair in islice(child.named_children, 20):
                key = pair.child_by_field_name("key") or (pair if pair.type.startswith("shorthand") else None)
                if key is not None:
                    yield f"{place}.{short(key, 60)}", pair
        yield str(place), child
        place += 1
