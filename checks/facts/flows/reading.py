"""Reads one file: what its values reach, and what it hands to other functions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, pairwise

from tree_sitter import Node

from checks.facts.code.literals import arguments_of, callee_of, keyword_of, short
from checks.facts.code.syntax import line_of, text_of
from checks.facts.flows.arguments import arguments_at, places_of
from checks.facts.flows.evaluation import Evaluation
from checks.facts.flows.flow import Argument, FileFlows, Handed, Reach
from checks.facts.flows.mattering import matters
from checks.facts.flows.model_calls import gives_answer
from checks.facts.flows.returned_pages import pages_of
from checks.facts.flows.scopes import File, Scope, dotted, read_scopes
from checks.facts.flows.sink import Sink
from checks.facts.flows.sinks import sinks_for
from checks.facts.flows.sinks_javascript import WRITTEN
from checks.facts.flows.stores import made_of, store_fits
from checks.facts.flows.trust import ALLOWED, Trust
from checks.facts.flows.value import (
    ANY_USE,
    CALL,
    MODEL,
    NOTHING,
    PARAMETER,
    UNKNOWN,
    Origin,
    Value,
    either,
    is_caught_all,
)

_MOST_REACHES, _MOST_HANDED = 600, 400
_LONGEST_CALL, _LONGEST_QUESTION = 3_000, 20_000  # bytes of one call whose text is searched
_MOST_PARTS, _LONGEST_FLAG = 40, 12  # of a command
_RUNS_NEXT = frozenset({"-c", "-e", "--eval", "-lc", "-Command", "/c"})  # what follows is run
_FAR = 30  # lines of one call within which its own line is near enough
_NO_OBJECT = frozenset({"request", "redirect", "sql", "path", "html"})  # of an object one property counts
_LOOKED_AT = frozenset({"store", "html", "tools"})  # kinds that a list of what is allowed does not end
_TOOLS = re.compile(
    r"\b(?:tools|functions)[\"']?\s*[:=]\s*(?!\s*(?:\[\s*\]|None|undefined|null))|^tools\s*,", re.MULTILINE
)
_LOCATION = re.compile(r"^(?:window\.|document\.|self\.|top\.|parent\.|globalThis\.)?location(?:\.href)?$")
_OUTSIDE = re.compile(r"child_process|fs\b|execa|shelljs|zx")
_NEVER_HANDED = re.compile(
    r"^(?:console|res|response|reply|logger|logging|log|JSON|Math|Object|Array|print|toast|String|Number|app|router"
    r"|document|window|z|cn|clsx|t|next|set[A-Z]\w*|use[A-Z]\w*|jsonify|len|NextResponse|Response|HTTPException)(?:$|\.)"
)


def read_flows(text: str, language: str) -> FileFlows | None:
    """Return what *text*, a file in *language*, says of where data goes; None for nothing."""
    file = read_scopes(text, language)
    reader = _Reader(file)
    reader.read()
    if not (reader.reaches or reader.handed or reader.answers or file.truncated):
        return None
    reaches, handed = tuple(islice(reader.reaches, _MOST_REACHES)), tuple(islice(reader.handed, _MOST_HANDED))
    return FileFlows(reaches, handed, tuple(reader.answers), file.truncated)


class _Reader:
    """Gathers what one *file* says."""

    def __init__(self, file: File) -> None:
        self.file = file
        self.evaluation = Evaluation(file)
        self.value = self.evaluation.value
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
            if any(one.kind == MODEL for node in scope.returns[:20] for one in self.value(node, scope).origins):
                self.answers[scope.name] = None

    def _call(self, call: Node, scope: Scope) -> None:
        function = call.child_by_field_name("function") or call.child_by_field_name("constructor")
        callee = dotted(function, 300) or callee_of(call)
        arguments = call.child_by_field_name("arguments")
        if not callee or arguments is None:
            return
        tagged = arguments.type == "template_string"  # sql`...${x}` hands its values over as parameters
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
        bare = "." not in callee and self.file.language == "javascript" and origin is not None
        if bare and sink.kind in {"shell", "program", "path"} and not _OUTSIDE.search(origin or ""):
            return False
        if sink.kind == "template" and "sandbox" in self.file.modules.lower():
            return False
        if sink.library is not None and not any(sink.library.match(one) for one in self.file.imports.values()):
            return False
        if sink.needs is None and sink.never is None:
            return True
        text = short(call, _LONGEST_CALL)
        needed = sink.needs is None or sink.needs.search(text) is not None
        return needed and (sink.never is None or sink.never.search(text) is None)

    def _acts(self, sink: Sink, call: Node, callee: str, scope: Scope) -> None:
        if sink.kind == "store":
            if store_fits(call, callee):
                made = [made_of(node, scope, self.evaluation) for node in arguments_at(sink, call)]
                self._reached("store", either([NOTHING, *made]), call, scope, callee)
            return
        for node in arguments_at(sink, call):
            for kind, value in self._judged(sink, node, scope):
                far = line_of(node) - line_of(call) > _FAR
                self._reached(kind, value, node if far else call, scope, callee)

    def _judged(self, sink: Sink, node: Node, scope: Scope) -> Iterator[tuple[str, Value]]:
        """Yield as what kind of sink the argument *node* counts, and its value."""
        kind, value = sink.kind, self.value(node, scope)
        if not value.origins or (node.type == "object" and kind in _NO_OBJECT):
            return
        if kind == "statement":
            # A statement that was sent whole, or that a model wrote: not one that this file puts together.
            if not value.text.strip("\0"):
                yield "sql", value
        elif kind == "program":
            yield from self._program(node, scope, value)
        elif kind == "query":
            yield from self._query(node, scope, value)
        elif kind == "code" and sink.callee.search("setTimeout") and node.type in {"arrow_function", "identifier"}:
            return
        elif kind == "request":
            yield kind, value
            # Below an address that is settled: with dots it leads to whatever else that server answers.
            yield "below", Value(tuple(one for one in value.origins if is_caught_all(one) and not one.leads))
        elif not sink.text or (value.built and sink.fits(value.text)):
            yield kind, value

    def _program(self, node: Node, scope: Scope, value: Value) -> Iterator[tuple[str, Value]]:
        """Yield what names the program that is started, and the code that an interpreter is handed: `-c`, `-e`."""
        if node.type not in {"list", "array"}:
            if scope.language == "python" or node.prev_named_sibling is None:
                yield "shell", value
            return
        parts = node.named_children[:_MOST_PARTS]
        if node.type == "list" and parts:  # JavaScript's list stands behind the program's name
            yield "shell", self.value(parts[0], scope)
        for flag, part in pairwise(parts):
            if short(flag, _LONGEST_FLAG).strip("\"'`") in _RUNS_NEXT:
                yield "code", self.value(part, scope)

    def _query(self, node: Node, scope: Scope, value: Value) -> Iterator[tuple[str, Value]]:
        """Yield what a document store is asked: a whole body as the filter, or a field of one."""
        if node.type not in {"object", "dictionary"}:
            yield "query", Value(tuple(one for one in value.origins if one.whole or one.kind == PARAMETER))
            return
        for pair in islice(node.named_children, 40):
            if pair.type in {"spread_element", "dictionary_splat"}:
                yield "query", Value(tuple(one for one in self.value(pair, scope).origins if one.whole))
            elif pair.type in {"pair", "shorthand_property_identifier"}:
                held = pair.child_by_field_name("value") or pair
                if held.type not in {"object", "template_string"}:
                    yield "field", self.value(held, scope)

    def _written(self, node: Node, scope: Scope) -> None:
        """Note what is assigned to a property that acts, or given to a JSX attribute that does."""
        if node.type == "pair":
            self._reached("code", self.value(node, scope), node, scope, "$where")
        elif node.type == "jsx_attribute":
            if text_of(node.named_children[0]) == "dangerouslySetInnerHTML" and len(node.named_children) > 1:
                element = node.parent.child_by_field_name("name") if node.parent is not None else None
                if text_of(element) not in {"style", "script"}:
                    value = self.value(node.named_children[1], scope)
                    self._reached("html", value, node, scope, "dangerouslySetInnerHTML")
        elif self.file.language == "javascript":
            self._assigned(node, scope)

    def _assigned(self, node: Node, scope: Scope) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        target = dotted(left)
        name = target.rpartition(".")[2] or short(left.child_by_field_name("property") if left is not None else None)
        kind = WRITTEN.get(name)
        if kind is None or (kind == "redirect" and not _LOCATION.search(target)):
            return
        copied = right is not None and right.type == "member_expression" and text_of(right).endswith("HTML")
        if not (kind == "html" and copied):
            self._reached(kind, self.value(right, scope), node, scope, name)

    def _asked(self, call: Node, callee: str, scope: Scope) -> None:
        """Note what a model with tools is asked."""
        if _TOOLS.search(short(call, _LONGEST_QUESTION)):
            asked = [*arguments_of(call), *(keyword_of(call, name) for name in ("messages", "input", "contents"))]
            value = either([NOTHING, *(self.value(one, scope) for one in asked)])
            self._reached("tools", Value(value.origins, "", value.built), call, scope, callee)

    def _reached(self, kind: str, value: Value, node: Node, scope: Scope, via: str) -> None:
        for origin in value.origins:
            if not matters(kind, origin):
                continue
            trust = self.trust.level(origin, scope, node.start_byte)
            if (trust < ALLOWED or kind in _LOOKED_AT) and len(self.reaches) < _MOST_REACHES:
                reach = Reach(
                    kind,
                    line_of(node),
                    origin.owner or scope.name,
                    origin.kind,
                    origin.name,
                    via[-60:],
                    trust,
                    value.built,
                    origin.leads,
                    origin.whole,
                    origin.schema,
                    origin.spliced,
                )
                self.reaches[reach] = None

    def _hands(self, call: Node, callee: str, scope: Scope) -> None:
        """Note what the call hands to a function that may be this repository's own."""
        if _NEVER_HANDED.match(callee) or len(self.handed) >= _MOST_HANDED:
            return
        found = [
            self._argument(place, origin, scope, call)
            for place, node in places_of(call)
            for origin in self.value(node, scope).origins
            if origin.kind not in {UNKNOWN, CALL} and ANY_USE not in origin.safe
        ]
        if found:
            self.handed[Handed(scope.name, line_of(call), callee[-100:], tuple(found[:20]))] = None

    def _argument(self, place: str, origin: Origin, scope: Scope, call: Node) -> Argument:
        return Argument(
            place,
            origin.kind,
            origin.name,
            tuple(sorted(origin.safe)),
            self.trust.level(origin, scope, call.start_byte),
            origin.schema,
            origin.leads,
            origin.whole or origin.kind == PARAMETER,
            origin.owner,
        )
