"""
No file says who answers for the code.

A CODEOWNERS file makes the code host ask the right person for every change, and tells whoever finds a fault whom to
ask. It is advice and holds no app back: who answers for an app is in the registry, and well-run projects do without.

## How to fix

Add a CODEOWNERS file that names a person or a team for everything. One line does it: `* @your-team`, in `/CODEOWNERS`,
`/.github/CODEOWNERS` or `/docs/CODEOWNERS`. Name two people or a team, so that a holiday stops nothing.

## Fix prompt

Add the file `.github/CODEOWNERS` to this repository with one line: `*` followed by the owner and the backup whom I name
to you. Ask me for their handles first; do not invent any. If there is a CODEOWNERS file elsewhere or one that names
nobody, replace it.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import Bad, Check, Good
from checks.facts.delivery.ownership_file import OwnershipFile
from checks.model import Finding, Placement, Severity

_NAME = "no-codeowners"  # one fault, whichever file shows it

check = Check(
    __name__,
    severity=Severity.LOW,
    allows=Placement.PRODUCTION,
    examples=(
        Bad({"app.py": ""}, says="no CODEOWNERS"),
        Bad({"CODEOWNERS": ""}, says="names nobody"),
        Bad({".github/CODEOWNERS": "# * @somebody\n*\n"}, says="names nobody"),
        Bad({"CODEOWNERS": "* @your-team\n"}, says="names nobody"),
        Bad({"backend/CODEOWNERS": "* @ann\n"}, says="where no code host reads it"),
        Good({"CODEOWNERS": "* @ann @bo\n"}),
        Good({".github/CODEOWNERS": "/api/ @acme/platform  # the API\n"}),
        Good({"docs/CODEOWNERS": "* ann@acme.example\n"}),
        Good({"MAINTAINERS.md": "# Maintainers\n- Ann Bauer\n"}),
        Good({"OWNERS": "approvers:\n  - ann\n"}),
    ),
)


@check.detect
def detect(ownership: OwnershipFile) -> Iterator[Finding]:
    """Ask whether a file that a code host reads names anybody."""
    if ownership.naming:
        return
    if ownership.empty:
        path = ownership.empty[0]
        yield Finding(f"{path} names nobody", path=path, line=1, identity=_NAME, blocking=False)
    elif ownership.misplaced:
        path = ownership.misplaced[0]
        yield Finding(f"{path} lies where no code host reads it", path=path, identity=_NAME, blocking=False)
    else:
        yield Finding("there is no CODEOWNERS file", identity=_NAME, blocking=False)
