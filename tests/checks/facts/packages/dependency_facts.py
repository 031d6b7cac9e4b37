"""Collects the Dependencies fact of a handful of files, as a check gets it."""

from collections.abc import Mapping

from checks.example import facts_of
from checks.facts.packages.dependencies import Dependencies, Dependency


def dependencies_of(files: Mapping[str, str]) -> Dependencies:
    """Return the packages of *files*, {path: text}."""
    known: Dependencies = facts_of(files).get(Dependencies).value
    return known


def only(files: Mapping[str, str], name: str) -> Dependency:
    """Return the one package called *name* in *files*."""
    (found,) = [one for one in dependencies_of(files).packages if one.name == name]
    return found


def reasons(files: Mapping[str, str]) -> list[str]:
    """Return what was skipped in *files*, as a person reads it."""
    return [str(skip) for skip in dependencies_of(files).skipped]
