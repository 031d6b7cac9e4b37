"""Every source file of the app itself, with what it offers and wants."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from checks.fact import Collector, Listing
from checks.facts.code.syntax import PARSERS, language_of
from checks.facts.linking.module import Module
from checks.facts.linking.module_javascript import read_javascript
from checks.facts.linking.module_python import read_python
from checks.facts.tier import Tier, tier_of

#: Folders of code that a generator copies elsewhere; what it imports lies there. A declaration file never runs either.
_FILLED_IN = re.compile(
    r"(?:^|/)(?:_?templates?|scaffold(?:s|ing)?|skeletons?|boilerplates?|codemods?)/", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Sources:
    """*modules* by path; *places* are all paths of the revision."""

    modules: Mapping[str, Module] = field(default_factory=dict)
    places: frozenset[str] = frozenset()


def kind_of(path: str) -> str | None:
    """Return the language of *path*; None for tests, examples, docs and what is others'."""
    if path.endswith((".d.ts", ".d.mts", ".d.cts")) or _FILLED_IN.search(path):
        return None
    return language_of(path) if tier_of(path) is Tier.CODE else None


def read(text: str, kind: str) -> Module:
    """Return what the file *text*, in the language *kind*, offers and wants."""
    return read_python(text) if kind == "python" else read_javascript(text, kind)


def join(parts: Mapping[str, Module], listing: Listing) -> Sources:
    """Return all files."""
    return Sources(dict(sorted(parts.items())), listing.paths)


source = Collector(Sources, Module, kind_of, read, join, parsers=PARSERS)
