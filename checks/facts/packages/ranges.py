"""
The lowest version a range allows and the first above it, so that "every version it allows is affected" can be told.

Without a lock nobody knows which version is installed; but where an advisory is about all that `^8.5.1` allows, it is
about the one that is installed. Only ranges with both ends are read; for any other the answer is None.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from semantic_version import NpmSpec, Version

from checks.facts.packages import versions
from checks.facts.packages.advisory import Advisory
from checks.facts.packages.packages import NPM, PYPI

_SHORT = re.compile(r"^([~^=]?)\s*v?(\d+(?:\.\d+){0,2})((?:\.[xX*]){0,2})(-[0-9A-Za-z.-]+)?$")
_BETWEEN = re.compile(r"^>=\s*v?(\d+(?:\.\d+){0,2})\s+<\s*v?(\d+(?:\.\d+){0,2})$")
_CARET = re.compile(r"^[~^]")
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Bounds:
    """A range allows nothing below *low*, and nothing from *above* on."""

    low: str
    above: str


def bounds_of(ecosystem: str, specifier: str) -> Bounds | None:
    """Return the bounds of *specifier* as its ecosystem writes ranges, or None where it lacks one or is not read."""
    if len(specifier) > _LONGEST:
        return None
    specifier = specifier.strip()
    if ecosystem == NPM or (_CARET.match(specifier) and not specifier.startswith("~=")):
        return _npm(specifier)
    return _pypi(specifier)


def allows(ecosystem: str, specifier: str, version: str) -> bool | None:
    """Return whether *specifier*, as its ecosystem writes ranges, allows *version*; None where that cannot be told."""
    if len(specifier) > _LONGEST:
        return None
    try:
        if ecosystem == NPM:
            return bool(NpmSpec(specifier).match(Version.coerce(version)))
        exact = specifier if specifier[:1] in "<>=!~" else f"=={specifier}"
        return SpecifierSet(exact).contains(version, prereleases=True)
    except (ValueError, InvalidSpecifier):
        return None


def wholly_affected(advisory: Advisory, ecosystem: str, name: str, bounds: Bounds) -> bool:
    """Return whether every version within *bounds* is one that *advisory* is about: one span holds them all."""
    low, above = versions.parse(ecosystem, bounds.low), versions.parse(ecosystem, bounds.above)
    if low is None or above is None or low >= above:
        return False
    for affected in advisory.affected:
        for span in affected.spans if (affected.ecosystem, affected.name) == (ecosystem, name) else ():
            start = low if span.introduced == "0" else versions.parse(ecosystem, span.introduced)
            bound = span.fixed if span.fixed is not None else span.last
            end = above if bound is None else versions.parse(ecosystem, bound)
            if start is not None and end is not None and start <= low and end >= above:
                return True
    return False


def _npm(specifier: str) -> Bounds | None:
    """Read `^1.2.3`, `~1.2`, `1.x` and `>=1.0 <2.0` (https://docs.npmjs.com/cli/using-npm/semver); Poetry's `^` too."""
    between = _BETWEEN.match(specifier)
    if between is not None:
        return Bounds(between[1], between[2])
    short = _SHORT.match(specifier)
    if short is None:
        return None
    numbers = [int(number) for number in short[2].split(".")]
    whole = [*numbers, 0, 0][:3]
    if short[1] == "^":
        # The first number that is not zero stays; of "^0.0" the second, of "^0" the first.
        place = next((index for index, number in enumerate(numbers) if number), len(numbers) - 1)
    elif short[1] == "~":
        place = min(len(numbers) - 1, 1)
    else:
        place = len(numbers) - 1
    above = [*whole[:place], whole[place] + 1, 0, 0][:3]
    return Bounds(".".join(map(str, whole)) + (short[4] or ""), ".".join(map(str, above)))


def _pypi(specifier: str) -> Bounds | None:
    """Read PEP 440 specifiers that set both ends: `>=1,<2`, `~=1.4`, `==1.*`."""
    try:
        parts = list(SpecifierSet(specifier))
    except InvalidSpecifier:
        return None
    lows, aboves = [], []
    for part in parts:
        plain = part.version.removesuffix(".*")
        if part.operator in {">=", ">"}:
            lows.append(plain)
        elif part.operator == "<":
            aboves.append(plain)
        elif part.operator == "~=" or (part.operator == "==" and part.version.endswith(".*")):
            release = versions.parse(PYPI, plain).release
            stays = release[:-1] if part.operator == "~=" else release
            lows.append(plain)
            aboves.append(".".join(map(str, (*stays[:-1], stays[-1] + 1))))
    if not lows or not aboves:
        return None
    return Bounds(
        max(lows, key=lambda one: versions.parse(PYPI, one)), min(aboves, key=lambda one: versions.parse(PYPI, one))
    )
