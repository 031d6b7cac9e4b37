"""What the tests of routes share: the routes of a small repository, by method and path."""

from __future__ import annotations

from collections.abc import Mapping

from checks.example import facts_of
from checks.facts.routes.routes import Routes
from checks.facts.routes.served import Served


def routes_of(files: Mapping[str, str]) -> Routes:
    """Return the Routes fact of *files*, {path: text}."""
    fact = facts_of(files).get(Routes).value
    assert isinstance(fact, Routes)
    return fact


def served(files: Mapping[str, str]) -> dict[str, Served]:
    """Return the routes of *files* by "METHOD /path"."""
    return {f"{route.method} {route.path}": route for route in routes_of(files).served}


def guards(files: Mapping[str, str]) -> dict[str, str]:
    """Return "METHOD /path" -> guarded, open, unknown, waived or elsewhere."""
    return {name: route.guard for name, route in served(files).items()}
