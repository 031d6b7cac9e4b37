"""
What a fact is: something known about a repository, collected once for all checks that ask for it.

Four sources, one type each:

- *Collector*: from blobs, in two pure steps. `read(text, kind) -> part` sees one file's text and nothing of where it
  lies beyond its kind, so its part is cached by (collector, its source's hash, blob id, kind). `join(parts, listing) ->
  fact` puts the parts together and is never cached; whatever depends on the path belongs there.
- *Question*: from the parent, about other facts (which advisories touch these packages?). The worker has no network and
  opens no file; it asks through its pipe and the parent answers.
- *Given*: gathered by the parent before the worker starts (history, the code host's API, the listing).
- *Derived*: a pure function of other facts.

A part, a question, an answer and a given are msgspec-encodable values (frozen dataclasses of plain types); the type is
declared, so decoding checks it. A fact that cannot be had raises Missing with the reason.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any


class Missing(Exception):  # noqa: N818 - it is an outcome, not an error
    """A fact cannot be had; the text says why and, where there is one, the command that mends it."""


class Unreadable(Exception):  # noqa: N818 - said of a file
    """A collector's `read` cannot look at this text; says why, in words that go after "was not read: "."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the revision: *path*, *oid* (blob id), *size* in bytes, *mode* as git writes it."""

    path: str
    oid: str
    size: int
    mode: str = "100644"


@dataclass(frozen=True, slots=True)
class Listing:
    """Every file of the revision. *complete* is False where a limit stopped it; *missing* says what was left out."""

    entries: tuple[Entry, ...]
    complete: bool = True
    missing: tuple[str, ...] = ()

    @property
    def paths(self) -> frozenset[str]:
        """The paths of all entries."""
        return frozenset(entry.path for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Collector:
    """
    Collects one kind of fact from blobs.

    *kind_of* says by the path as what a file is to be read, or None where the collector does not want it. *read* gets
    the decoded text and that kind, returns a part of type *part*, or None for nothing. *join* gets {path: part} and the
    listing. *parsers* names the distributions whose versions are part of the cache key.
    """

    fact: type
    part: type
    kind_of: Callable[[str], str | None]
    read: Callable[[Any, str], Any]
    join: Callable[[Mapping[str, Any], Listing], Any]
    parsers: tuple[str, ...] = ()
    largest: int = 2 * 1024 * 1024  # bytes; a larger file makes the fact partial
    raw: bool = False  # read gets the file's bytes, whatever they are, and not its text


@dataclass(frozen=True, slots=True)
class Question:
    """
    A fact that the parent answers about other facts.

    *topic* names the parent's answerer (checks/gather/answers.py); *needs* are fact types given to *ask*, whose value
    is sent; the answer, decoded as *answer*, goes first to *join*, then the same facts. The parent may answer "missing,
    because". Checks that need a *slow* answer are asked last, since the parent works on it meanwhile.
    """

    fact: type
    topic: str
    needs: tuple[type, ...]
    ask: Callable[..., Any]
    answer: Any  # the type of the answer
    join: Callable[..., Any]
    slow: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """A fact that the parent brings under *topic*, decoded as *fact* itself."""

    fact: type
    topic: str


@dataclass(frozen=True, slots=True)
class Derived:
    """A fact computed from other facts; *partial* of any of them is inherited."""

    fact: type
    needs: tuple[type, ...]
    derive: Callable[..., Any]


Source = Collector | Question | Given | Derived


@dataclass(frozen=True, slots=True)
class Known:
    """A fact as the worker holds it: its *value*, and in words what it could not see (empty: whole)."""

    value: Any
    partial: tuple[str, ...] = field(default=())


def needed(facts: Iterable[type]) -> Mapping[type, Source]:
    """Return the sources of *facts* and of every fact that they are made of, at any depth."""
    found: dict[type, Source] = {}
    open_ = list(facts)
    while open_:
        fact = open_.pop()
        if fact not in found and (source := source_of(fact)) is not None:
            found[fact] = source
            open_.extend(source.needs if isinstance(source, Question | Derived) else ())
    return found


def source_of(fact: type) -> Source | None:
    """Return the source of *fact*, ours or one that stands beside the fact's type in another package, else None."""
    ours = all_sources().get(fact)
    source = ours or getattr(sys.modules.get(fact.__module__), "source", None)
    return source if source is not None and source.fact is fact else None


@cache
def all_sources() -> Mapping[type, Source]:
    """
    Every fact's source by its type: each module of checks.facts that has one declares it as `source`.

    A module that cannot be loaded is left out, so that it ends no more than the checks that import it.
    """
    package = importlib.import_module("checks.facts")
    sources: dict[type, Source] = {Listing: Given(Listing, "listing")}
    for info in pkgutil.walk_packages(package.__path__, "checks.facts."):
        try:
            source = getattr(importlib.import_module(info.name), "source", None)
        except Exception:  # noqa: BLE001, S112 - its checks fail to load too, and are told as not checked
            continue
        if source is not None:
            sources[source.fact] = source
    return sources
