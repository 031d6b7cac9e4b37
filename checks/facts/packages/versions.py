"""Versions as each ecosystem orders them: PEP 440 for PyPI, Semantic Versioning 2 for npm."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import semantic_version
from packaging.version import InvalidVersion, Version

from checks.facts.packages.packages import PYPI

#: Longer than any real version; both libraries match with expressions that hostile text could make slow.
_LONGEST = 200


@lru_cache(maxsize=65_536)  # a few dozen bounds are compared with every package at each of its versions
def parse(ecosystem: str, version: str) -> Any:
    """
    Return something that orders as *version* does in *ecosystem*, or None where it is no version there.

    npm's registry holds only whole versions, but advisories write bounds such as "4" and "1.2", which node's own
    comparison reads with zeros behind.
    """
    if len(version) > _LONGEST:
        return None
    return _pep440(version) if ecosystem == PYPI else _semver(version)


def _pep440(version: str) -> Any:
    try:
        return Version(version)
    except InvalidVersion:
        return None


def _semver(version: str) -> Any:
    plain = version.strip().lstrip("v=")
    try:
        # The key leaves build metadata out, as precedence does.
        return semantic_version.Version.coerce(plain).precedence_key
    except ValueError:
        return None
