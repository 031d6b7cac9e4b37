"""The packages that an app installs, as they are kept to be asked about later: who uses this, and at which version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from checks.facts.packages.advisories import match
from checks.facts.packages.advisory import Advisory
from checks.facts.packages.cvss import rate
from checks.facts.packages.dependencies import Dependencies
from checks.facts.packages.matching import fixes
from checks.model import Installed, Severity

_MOST = 50_000
_WORDS = {"low": Severity.LOW, "moderate": Severity.MEDIUM, "medium": Severity.MEDIUM, "high": Severity.HIGH} | {
    "critical": Severity.CRITICAL
}


def installed(dependencies: Dependencies) -> tuple[Installed, ...]:
    """Return each package at each version once: direct where asked for anywhere, for development only if all are."""
    found: dict[tuple[str, str, str], Installed] = {}
    for one in dependencies.packages:
        if one.version is None or len(found) >= _MOST:
            continue
        key = (one.ecosystem, one.name, one.version)
        before = found.get(key, Installed(*key, direct=False, dev=True))
        found[key] = replace(before, direct=before.direct or one.direct, dev=before.dev and one.dev)
    return tuple(found.values())


def affected_by(advisory: Advisory, ecosystem: str, name: str, versions: Sequence[str]) -> tuple[str, ...]:
    """Return those of *versions* of the package that *advisory* is about; what cannot be compared is none."""
    return tuple(version for version in versions if match(ecosystem, name, version, (advisory,))[0])


def severity_of(advisory: Advisory) -> Severity | None:
    """Return how bad *advisory* says its fault is, in its own word or by its vector; None where it says nothing."""
    if any(name.startswith("MAL-") for name in (advisory.id, *advisory.aliases)):
        return Severity.CRITICAL
    if advisory.severity in _WORDS:
        return _WORDS[advisory.severity]
    rated = [rating.severity for vector in advisory.cvss if (rating := rate(vector)) is not None]
    return max(rated, key=list(Severity).index, default=None)


def usual_id(advisory: Advisory) -> str:
    """Return the id under which most people know *advisory*: its CVE, where it has one."""
    return next((name for name in (advisory.id, *advisory.aliases) if name.startswith("CVE-")), advisory.id)


def first_fix(advisory: Advisory, ecosystem: str, name: str, version: str) -> str | None:
    """Return the lowest version above *version* that mends what *advisory* is about; None where none is known."""
    return next(iter(fixes(advisory, ecosystem, name, version)), None)
