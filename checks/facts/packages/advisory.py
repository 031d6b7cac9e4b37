"""
What an advisory says, trimmed to what matching and telling need, and how the parent answers the question for them.

The words are OSV's (https://ossf.github.io/osv-schema/); `checks.facts.packages.osv` makes these from its records.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from checks.facts.packages.packages import NPM, PYPI

#: Only these can be matched; other ecosystems' records are left out of the index.
ECOSYSTEMS = (PYPI, NPM)


@dataclass(frozen=True, slots=True)
class Span:
    """
    Affected versions from *introduced* ("0": from the first one) up to *fixed*, which is not one of them, or *last*.

    Both None: all later ones.
    """

    introduced: str
    fixed: str | None = None
    last: str | None = None


@dataclass(frozen=True, slots=True)
class Affected:
    """The versions of one package that an advisory is about: those of *spans* and those of *versions*."""

    ecosystem: str
    name: str
    spans: tuple[Span, ...] = ()
    versions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Advisory:
    """One advisory: *severity* is the source's own word in small letters or empty, *cvss* its vectors."""

    id: str
    aliases: tuple[str, ...] = ()
    summary: str = ""
    severity: str = ""
    cvss: tuple[str, ...] = ()
    affected: tuple[Affected, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What the index knows: *source*, *date* of its newest change, *ecosystems* in it, the records asked for.

    *stale* says in words that the data is too old to let anything pass; empty where it is not.
    """

    source: str
    date: datetime | None
    ecosystems: tuple[str, ...]
    advisories: tuple[Advisory, ...]
    stale: str = ""
