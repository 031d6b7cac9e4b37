"""What a pattern binds: parameters of functions and the left sides of assignments, taken apart to names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from tree_sitter import Node

from checks.facts.code.literals import short
from checks.facts.code.syntax import text_of

Path = tuple[str, ...]  # the members that a pattern takes of a value, from the outside in
ELEMENT = "[]"
_MOST_PARTS = 200  # of one pattern


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: *place* is its number and, of a destructured one, the member ("0", "1.params")."""

    name: str
    place: str
    annotation: str = ""
    default: Node | None = None
    node: Node | None = None


def targets(pattern: Node) -> Iterator[tuple[str, Path]]:
    """Yield each name that *pattern* binds, with the members it takes of the value."""
    stack: list[tuple[Node, Path]] = [(pattern, ())]
    for _ in range(_MOST_PARTS):
        if not stack:
            return
        node, path = stack.pop()
        match node.type:
            case "identifier" | "shorthand_property_identifier_pattern":
                name = text_of(node)
                yield name, ((*path, name) if node.type.startswith("shorthand") else path)
            case "pair_pattern":
                key, value = node.child_by_field_name("key"), node.child_by_field_name("value")
                if value is not None:
                    stack.append((value, (*path, short(key, 80).strip("\"'"))))
            case "object_assignment_pattern" | "assignment_pattern":
                left = node.child_by_field_name("left")
                if left is not None:
                    stack.append((left, path))
            case "array_pattern" | "pattern_list" | "tuple_pattern" | "list_pattern":
                stack.extend((child, (*path, ELEMENT)) for child in reversed(node.named_children[:40]))
            case "object_pattern" | "rest_pattern" | "list_splat_pattern":
                stack.extend((child, path) for child in reversed(node.named_children[:60]))


def parameters_of(node: Node, language: str) -> Iterator[Parameter]:
    """Yield the parameters of the function *node*; Python's self and cls take no place."""
    single = node.child_by_field_name("parameter")
    if single is not None:
        yield Parameter(text_of(single), "0")
    listed = node.child_by_field_name("parameters")
    place = 0
    for child in islice(listed.named_children, 60) if listed is not None else ():
        if child.type == "comment":
            continue
        found = list(_python(child, place) if language == "python" else _javascript(child, place))
        yield from found
        place += bool(found)


def _python(child: Node, place: int) -> Iterator[Parameter]:
    name = text_of(child.child_by_field_name("name") or next(iter(child.named_children), child))
    if place == 0 and name in {"self", "cls"}:
        return
    annotation = short(child.child_by_field_name("type"), 200)
    yield Parameter(name, str(place), annotation, child.child_by_field_name("value"), child)


def _javascript(child: Node, place: int) -> Iterator[Parameter]:
    pattern = child.child_by_field_name("pattern") or child
    annotation = short(child.child_by_field_name("type"), 200)
    default = child.child_by_field_name("value")
    for label, path in targets(pattern):
        yield Parameter(label, ".".join((str(place), *path[:1])), "" if path else annotation, default, child)
