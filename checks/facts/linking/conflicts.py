"""Marks of a merge that nobody finished (https://git-scm.com/docs/git-merge#_how_conflicts_are_presented)."""

from __future__ import annotations

import re

from checks.facts.linking.module import Fault

_MARKS = tuple(re.compile(pattern, re.MULTILINE) for pattern in (r"^<{7} \S", r"^={7}$", r"^>{7} \S"))


def conflict_in(text: str) -> Fault | None:
    """Return where a conflict begins in *text*: its three marks must follow one another, as in no other text."""
    begins = _MARKS[0].search(text)
    found = begins
    for mark in _MARKS[1:]:
        found = mark.search(text, found.end()) if found else None
    if begins is None or found is None:
        return None
    return Fault(text.count("\n", 0, begins.start()) + 1, "a merge conflict was committed with its marks")
