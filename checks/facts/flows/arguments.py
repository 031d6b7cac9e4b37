"""The arguments of a call, by place and by name, in either language."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from tree_sitter import Node

from checks.facts.code.literals import arguments_of, keyword_of, short
from checks.facts.flows.sink import OBJECT, Sink

_MOST = 20  # arguments of one call, and properties of one object


def arguments_at(sink: Sink, call: Node) -> Iterator[Node]:
    """Yield the arguments of *call* that *sink* acts on."""
    positional = arguments_of(call)
    for place in sink.places:
        if place == OBJECT:
            function = call.child_by_field_name("function")
            held = function.child_by_field_name("object") if function is not None else None
            yield from [held] if held is not None else []
        elif isinstance(place, int):
            yield from positional[place : place + 1]
        elif place == "last":
            yield from positional[-1:] if len(positional) > 1 else []
        else:
            yield from _named(call, place)


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


def places_of(call: Node) -> Iterator[tuple[str, Node]]:
    """Yield place and node of each argument; of an object each property by itself too."""
    arguments = call.child_by_field_name("arguments")
    place = 0
    for child in islice(arguments.named_children, _MOST) if arguments is not None else ():
        if child.type == "comment":
            continue
        if child.type == "keyword_argument":
            value = child.child_by_field_name("value")
            if value is not None:
                yield short(child.child_by_field_name("name"), 60), value
            continue
        for pair in islice(child.named_children, _MOST) if child.type == "object" else ():
            key = pair.child_by_field_name("key") or (pair if pair.type.startswith("shorthand") else None)
            if key is not None:
                yield f"{place}.{short(key, 60)}", pair
        yield str(place), child
        place += 1
