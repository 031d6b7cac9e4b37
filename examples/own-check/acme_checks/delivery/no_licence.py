"""
No file says under which licence the code is.

Whoever wants to use the code has to ask, and whoever wrote parts of it may say no later.

## How to fix
Add a file LICENSE to the root of the repository.

## Fix prompt
Add a LICENSE file with the licence that the company uses for internal tools, and name it in the README.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.check import Bad, Check, Good
from checks.fact import Listing
from checks.model import Finding, Placement, Severity

check = Check(
    __name__,
    severity=Severity.LOW,
    allows=Placement.PRODUCTION,  # it only advises; a place here, and findings that block, would hold apps back
    examples=(
        Bad({"app.py": "print('hello')\n"}, says="No file says"),
        Good({"LICENSE": "Apache License\n", "app.py": "print('hello')\n"}),
    ),
)


@check.detect
def detect(listing: Listing) -> Iterator[Finding]:
    """Yield one finding where no file in the root is a licence."""
    if not any(re.fullmatch(r"(?i)(licen[sc]e|copying)(\.\w+)?", path) for path in listing.paths):
        yield Finding("No file says under which licence the code is", blocking=False, identity="licence")
