"""Which apps install a package within a range: read from the lists of their last checks, no repository is touched."""

from __future__ import annotations

import re
from dataclasses import dataclass

from checks.facts.packages.osv import normalised
from checks.facts.packages.packages import NPM, PYPI
from checks.facts.packages.ranges import allows
from storage import packages
from storage.database import Transaction
from storage.packages import Use

_LONGEST = 300  # characters
_NAME = re.compile(r"(@[\w.~-]+/)?[\w.~-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A package by *name* as it was typed, and the *range* of its versions ("": any)."""

    name: str
    range: str


def parse_package(text: str) -> Wanted:
    """Return what `lodash@<4.17.21`, `@scope/x@^1` or `flask` names; raises ValueError where it is none of these."""
    name, at, wanted = text[1:].partition("@")
    name = (text[:1] + name).strip()
    if len(text) > _LONGEST or _NAME.fullmatch(name) is None or (at and not wanted.strip()):
        raise ValueError(text)
    if wanted and allows(NPM, wanted, "1.0.0") is None and allows(PYPI, wanted, "1.0.0") is None:
        raise ValueError(text)
    return Wanted(name, wanted.strip())


async def uses_within(transaction: Transaction, wanted: Wanted) -> tuple[Use, ...]:
    """Return every use of the package, under either ecosystem's spelling, whose version the range allows."""
    spelled = {(PYPI, normalised(PYPI, wanted.name)), (NPM, wanted.name)}
    known = await packages.versions_of(transaction, {name for _, name in spelled})
    fitting = [
        (ecosystem, name, version)
        for (ecosystem, name), versions in known.items()
        for version in versions
        if (ecosystem, name) in spelled and (not wanted.range or allows(ecosystem, wanted.range, version))
    ]
    return await packages.uses_of(transaction, fitting)


def noted(use: Use) -> str:
    """Return *use* in a few words, for a line of a list."""
    how = "for development" if use.dev else "asked for itself" if use.direct else "through another package"
    return f"{use.name} {use.version} ({how})"
