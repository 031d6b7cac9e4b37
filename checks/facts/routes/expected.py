"""Says of each route what login was expected there: the guard that the app's other routes have, where it has one."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from checks.facts.routes.served import Served

_NAME = re.compile(r"[A-Za-z_][\w.]{2,50}$")


def with_expected(routes: Sequence[Served]) -> list[Served]:
    """Return *routes*, each with the guard that most other routes of its framework have, or that none has."""
    guards: dict[str, Counter[str]] = defaultdict(Counter)
    for route in routes:
        if route.guard == "guarded":
            guards[route.framework][route.by if _NAME.match(route.by) else ""] += 1
    return [replace(route, expected=route.expected + _known(guards[route.framework])) for route in routes]


def _known(guards: Counter[str]) -> str:
    """Return the end of a sentence that tells of a guard that the app already has, or that it has none."""
    if not guards:
        return "; no route of this app has one yet"
    name = next((name for name, _ in guards.most_common() if name), "")
    return f", such as {name}, which other routes here have" if name else ", as other routes here have"
