"""Which calls a denial reaches: by their method, their path and the name of their handler."""

from __future__ import annotations

from collections.abc import Iterable

from checks.facts.code.outline import Denial


def applies(denials: Iterable[Denial], method: str, path: str, endpoint: str = "") -> bool:
    """Whether one of *denials* reaches a call of *method* on *path*, whose handler is called *endpoint*."""
    for denial in denials:
        if denial.methods and method != "ANY" and method not in denial.methods:
            continue
        if method in denial.not_methods:
            continue
        if denial.only and not matches(denial.only, path, endpoint):
            continue
        if denial.unless and matches(denial.unless, path, endpoint):
            continue
        return True
    return False


def matches(patterns: Iterable[str], path: str, endpoint: str = "") -> bool:
    """Whether *path* (or "@" + *endpoint*) is one of *patterns*; "*", "(.*)" and parameters end a literal beginning."""
    plain = "/" + path.strip("/")
    for pattern in patterns:
        if pattern.startswith("@"):
            if endpoint and pattern[1:].rpartition(".")[2] == endpoint.rpartition(".")[2]:
                return True
            continue
        beginning = pattern
        for mark in ("(", "*", ":", "[", "{", "<"):
            beginning = beginning.partition(mark)[0]
        if beginning == pattern:
            if plain == "/" + pattern.strip("/"):
                return True
        elif plain.startswith(beginning) or plain == "/" + beginning.strip("/"):
            return True
    return False
