"""Which file of a repository stands for the whole of it, where a reader of findings asks for a file."""

from __future__ import annotations

import re
from collections.abc import Iterable

#: What people open first, the best first; a manifest where there is no README.
_FIRST = (
    r"readme(\.\w+)?",
    r"package\.json|pyproject\.toml|requirements[\w.-]*\.txt|pipfile|setup\.(py|cfg)",
    r"\.github/workflows/[^/]+\.ya?ml",
    r"[^/]+",
    r".+",
)


def front_page(paths: Iterable[str]) -> str | None:
    """Return the one of *paths* that stands for the whole repository, or None where there is none."""
    ordered = sorted(paths)
    matches = (path for form in _FIRST for path in ordered if re.fullmatch(form, path, re.IGNORECASE))
    return next(matches, None)
