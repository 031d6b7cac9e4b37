"""Whether one version of a package is one that an advisory is about, and which versions mend it."""

from __future__ import annotations

from typing import Any

from checks.facts.packages import versions
from checks.facts.packages.advisory import Advisory, Affected, Span


def affects(advisory: Advisory, ecosystem: str, name: str, version: str) -> bool | None:
    """
    Return whether *advisory* is about *version* of the package *name*; None where that cannot be compared.

    A version is affected when `versions` lists it or a span holds it: the schema says "or", and real records list too
    few versions as often as they leave ranges open.
    """
    here = versions.parse(ecosystem, version)
    answers: list[bool | None] = []
    for affected in _about(advisory, ecosystem, name):
        answers.append(_is_listed(affected, ecosystem, version, here))
        answers += (_holds(span, ecosystem, here) for span in affected.spans)
    if True in answers:
        return True
    return None if None in answers else False


def fixes(advisory: Advisory, ecosystem: str, name: str, version: str) -> tuple[str, ...]:
    """Return the versions above *version* at which a span of *advisory* ends mended, lowest first."""
    here = versions.parse(ecosystem, version)
    found: dict[str, Any] = {}
    for affected in _about(advisory, ecosystem, name):
        for span in affected.spans:
            key = versions.parse(ecosystem, span.fixed) if span.fixed is not None else None
            if key is not None and here is not None and key > here:
                found[str(span.fixed)] = key
    return tuple(sorted(found, key=lambda fixed: found[fixed]))


def _about(advisory: Advisory, ecosystem: str, name: str) -> tuple[Affected, ...]:
    return tuple(one for one in advisory.affected if one.ecosystem == ecosystem and one.name == name)


def _is_listed(affected: Affected, ecosystem: str, version: str, here: Any | None) -> bool:
    if version in affected.versions:
        return True
    # "1.0" and "1.0.0" are one version, written differently.
    return here is not None and any(versions.parse(ecosystem, one) == here for one in affected.versions)


def _holds(span: Span, ecosystem: str, here: Any | None) -> bool | None:
    """Return whether *span* holds the version *here*; None where a bound or the version cannot be compared."""
    if here is None:
        return None
    if span.introduced != "0":
        start = versions.parse(ecosystem, span.introduced)
        if start is None or here < start:
            return None if start is None else False
    bound = span.fixed if span.fixed is not None else span.last
    if bound is None:
        return True
    end = versions.parse(ecosystem, bound)
    if end is None:
        return None
    return bool(here < end if span.fixed is not None else here <= end)
