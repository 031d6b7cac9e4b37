"""Routes without a login among routes that ask for one: what an author forgot looks like this."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from checks.facts.routes.public_routes import Leave, public_by_design
from checks.facts.routes.served import Served

_MOST = 30  # of one repository that are told
_FEWEST = 6  # routes of a framework before most of them say anything


def outliers(served: Sequence[Served]) -> Iterator[tuple[Served, str]]:
    """Yield each open GET route whose file, or most of whose app, asks for a login, with who does."""
    routes = [route for route in served if route.method in {"GET", "ANY"}]
    every = Counter(route.framework for route in served)
    guarded = Counter(route.framework for route in served if route.guard == "guarded")
    beside = Counter(route.file for route in served if route.guard == "guarded")
    told = 0
    for route in routes:
        if route.guard != "open" or told >= _MOST or public_by_design(route) is not Leave.NO:
            continue
        if beside[route.file]:
            told += 1
            yield route, f"{beside[route.file]} of the routes in this file"
        elif every[route.framework] >= _FEWEST and 2 * guarded[route.framework] > every[route.framework]:
            told += 1
            yield route, f"{guarded[route.framework]} of the app's {every[route.framework]} routes"
