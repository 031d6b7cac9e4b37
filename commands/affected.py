"""News of vulnerabilities that have become known since apps were checked: the part of commands/news.py on them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AffectedPackage:
    """One package of an app that a new advisory is about; *fixed* is the lowest version that mends it."""

    name: str
    version: str
    advisory: str
    summary: str
    fixed: str | None
    direct: bool


@dataclass(frozen=True, slots=True)
class AffectedApp:
    """One app with the packages that new advisories are about; *hidden* counts those that a reader may not see."""

    name: str
    packages: tuple[AffectedPackage, ...]
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class Affected:
    """Apps that are affected by vulnerabilities which have become known since they were checked."""

    apps: tuple[AffectedApp, ...]
