"""What one source file offers to others and wants of them, and where it cannot even be parsed; any language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a file stops being code: *line*, and *said*, a few words after "cannot be parsed: "."""

    line: int
    said: str


@dataclass(frozen=True, slots=True)
class Want:
    """
    One import: *name* of *module* as written; an empty *name* is the module itself.

    *later* means that it happens only when something is called, or on a condition. *unused* means that nothing runs on
    the name: a type, or an import left over, which builders drop.
    """

    module: str
    name: str
    line: int
    later: bool = False
    unused: bool = False


@dataclass(frozen=True, slots=True)
class Module:
    """
    One file. *names* are what it offers, *stars* the modules of which it offers everything.

    *opaque* means that it may offer more than can be read off it: CommonJS, `__getattr__`, `globals()`, a file that
    cannot be parsed.
    """

    names: frozenset[str] = frozenset()
    stars: tuple[str, ...] = ()
    wants: tuple[Want, ...] = ()
    opaque: bool = False
    fault: Fault | None = None
