"""What one file says of where data goes, as it is cached: names and lines, never a value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reach:
    """
    A value reaches what acts on it.

    *kind* is sql, shell, code, load (of pickled data), template, path, request (an address the server asks), redirect,
    html, query (of a document store) or one field of it, filter, store (a write) or tools (a model that holds some).
    *origin* and *name* are those of the value (flows/value.py), *function* the function it happens in, or whose
    parameter it is. *trust* says how far it was looked at before (flows/trust.py). *built* says that it was put into a
    text, *leads* that the text begins with it, *whole* that it is a whole body. *schema*: a schema has passed it. *via*
    is what acts: the callee, property or filter. *spliced* is the line where it was put into a text, 0 elsewhere.
    """

    kind: str
    line: int
    function: str
    origin: str
    name: str
    via: str
    trust: int = 0
    built: bool = False
    leads: bool = True
    whole: bool = False
    schema: bool = False
    spliced: int = 0


@dataclass(frozen=True, slots=True)
class Argument:
    """
    What stands at *place* ("0", "1.id", or a keyword) of a call: see Reach for the rest.

    *owner* is the function whose parameter it is, where it is one: the caller or one around it.
    """

    place: str
    origin: str
    name: str
    safe: tuple[str, ...] = ()
    trust: int = 0
    schema: bool = False
    leads: bool = True
    whole: bool = False
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Handed:
    """*function* calls *callee* with *arguments* of which something is known."""

    function: str
    line: int
    callee: str
    arguments: tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class FileFlows:
    """One file. *answers* are functions that give back what a model wrote."""

    reaches: tuple[Reach, ...] = ()
    handed: tuple[Handed, ...] = ()
    answers: tuple[str, ...] = ()
    truncated: bool = False
