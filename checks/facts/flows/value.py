"""What is known of an expression's value: where it comes from, and how it was put together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

#: Kinds of origin, the strongest first: a request, a page's own address, a model's answer, a parameter of the function,
#: what another function gave back, and what cannot be told.
REQUEST, ADDRESS, MODEL, PARAMETER, CALL, UNKNOWN = "request", "address", "model", "parameter", "call", "unknown"
ANY_USE = "*"  # safe for every use
_MOST_ORIGINS = 8
_LONGEST_TEXT = 600
_LONGEST_NAME = 60
HOLE = "\0"  # stands for a value within a text
_NO_HOST = re.compile(r"(?:[a-z]+:(?://?)?)?", re.IGNORECASE)
_NOT_IN_NAME = re.compile(r"[^\w.\[\]$?'\"()-]+")


@dataclass(frozen=True, slots=True)
class Origin:
    """
    One place that a value comes from.

    *kind* is one of the kinds above, *name* how the code writes it ("req.query.id"; of a parameter its place, and
    *owner* the function that it is one of). *safe*
    are the uses that it was made safe for. *leads* says that the value begins with it, *whole* that it is a whole body
    or query, *schema* that a schema has passed it: of what type it is then, the schema says. *spliced* is the line
    where what a request sent was put into a text first, 0 where it was not.
    """

    kind: str
    name: str
    safe: frozenset[str] = frozenset()
    leads: bool = True
    whole: bool = False
    schema: bool = False
    owner: str = ""
    spliced: int = 0

    def but_safe(self, *uses: str) -> Origin:
        """Return this origin, safe for *uses* as well."""
        return replace(self, safe=self.safe | frozenset(uses))


@dataclass(frozen=True, slots=True)
class Value:
    """
    A value: its *origins*, its literal *text* with a HOLE for each part that is none, and whether it was *built*.

    A literal, a number and a setting have no origins.
    """

    origins: tuple[Origin, ...] = ()
    text: str = ""
    built: bool = False

    def but_safe(self, *uses: str) -> Value:
        """Return this value, safe for *uses* as well."""
        return replace(self, origins=tuple(one.but_safe(*uses) for one in self.origins))

    def member(self, name: str) -> Value:
        """Return member *name* of this value."""
        return Value(tuple(_member(one, name) for one in self.origins))

    def spliced_at(self, line: int) -> Value:
        """Return this value, put into a text at *line*."""
        found = (
            replace(one, spliced=one.spliced or line) if one.kind in {REQUEST, ADDRESS, PARAMETER} else one
            for one in self.origins
        )
        return Value(tuple(found), self.text, self.built)

    def through_schema(self) -> Value:
        """Return this value as a schema hands it on."""
        return Value(tuple(replace(one, schema=True, whole=False) for one in self.origins))


NOTHING = Value()
_PIECES = "[...]"


def caught_all(origin: Origin) -> Origin:
    """Return *origin* as the pieces of a path that somebody sent, put together again: `params.path.join("/")`."""
    sent = origin.kind == REQUEST and not origin.name.endswith(_PIECES)
    return replace(origin, name=f"{origin.name[: _LONGEST_NAME - len(_PIECES)]}{_PIECES}") if sent else origin


def is_caught_all(origin: Origin) -> bool:
    """Whether *origin* is a whole path that somebody sent, slashes and dots and all."""
    return origin.kind == REQUEST and origin.name.endswith(_PIECES)


def named(text: str) -> str:
    """Return *text*, a piece of source code, short enough for a message and without anything but names."""
    return _NOT_IN_NAME.sub(" ", text).strip()[:_LONGEST_NAME]


def unknown(name: str) -> Value:
    """Return a value of which nothing is known but the *name*."""
    return Value((Origin(UNKNOWN, named(name)),))


def either(values: Iterable[Value]) -> Value:
    """Return a value that is one of *values*."""
    found = list(values)
    if len(found) == 1:
        return found[0]
    origins = dict.fromkeys(origin for value in found for origin in value.origins)
    text = next((value.text for value in found if value.text), "")
    return Value(tuple(origins)[:_MOST_ORIGINS], text, any(value.built for value in found))


def joined(pieces: Sequence[Value], *, boundary: str = "") -> Value:
    """
    Return the text that *pieces* make one after the other, *boundary* between them.

    What stands after a fixed beginning does not lead: a host or a folder is settled before it. What stands right after
    other characters than a slash cannot climb out of a folder.
    """
    text = ""
    origins: dict[Origin, None] = {}
    for number, piece in enumerate(pieces):
        if number:
            text += boundary
        settled = not _NO_HOST.fullmatch(text)
        glued = bool(text) and text[-1] not in "/\\" + HOLE
        for origin in piece.origins:
            one = replace(origin, leads=origin.leads and not settled, whole=False)
            origins[one.but_safe("path") if glued else one] = None
        text = (text + (piece.text or (HOLE if piece.origins else "x")))[:_LONGEST_TEXT]
    return Value(tuple(origins)[:_MOST_ORIGINS], text, built=bool(origins))


def _member(origin: Origin, name: str) -> Origin:
    if origin.kind == CALL:
        return origin
    if origin.kind == PARAMETER:
        return origin if "." in origin.name else replace(origin, name=f"{origin.name}.{name}"[:_LONGEST_NAME])
    return replace(origin, name=named(f"{origin.name}.{name}"), whole=False)
