"""
A package that the app asks for is no longer looked after: its author gave it up, took the version back, or went silent.

Nobody mends the next fault that is found in it, and nobody adapts it to the next version of the language. Silence alone
proves nothing, since small packages can be finished; so this is advice, and holds no app back.

## How to fix
Read what the author says: most name what to use instead. Plan the move while nothing burns. A version that was taken
back (yanked) has a fault its author knows of: raise or lower it by one release today.

## Fix prompt
The packages below are deprecated, were taken back by their authors, or had no release for years. For each, read its
notice, propose what to replace it with and how much code that touches, and do the ones I agree to, one commit each.
Raise versions that were taken back to the next release that was not. Run the tests after each step.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from checks.check import Bad, Check, Good, NotApplicable, NotChecked
from checks.facts.packages.dependencies import Dependencies
from checks.facts.packages.index_answer import IndexAnswer, Known
from checks.facts.packages.package_index import Named, PackageIndex
from checks.facts.packages.packages import NPM, PYPI
from checks.model import Finding, Outcome, Package, Placement, Severity
from checks.sentences import reasons

SILENT = timedelta(days=3 * 365)
_LONGEST_NOTICE = 120  # characters of what an author says

_NOW = datetime(2026, 11, 1, tzinfo=UTC)


def _index(known: Known) -> dict[str, object]:
    """Return what an example's index answers."""
    return {"package_index": IndexAnswer(_NOW, (known,))}


_REQUEST = '{\n  "dependencies": {\n    "request": "^2.88.2"\n  }\n}\n'

check = Check(
    __name__,
    severity=Severity.LOW,
    allows=Placement.PRODUCTION,
    examples=(
        Bad(
            {"package.json": _REQUEST},
            given=_index(Known(NPM, "request", exists=True, deprecated="request has been deprecated, see https://x")),
            says="request is given up by its author: request has been deprecated, see https://x",
            line=3,
        ),
        Bad(
            {"requirements.txt": "pyjwt==2.1.1\n"},
            given=_index(Known(PYPI, "pyjwt", exists=True, withdrawn=(("2.1.1", "broken wheel"),))),
            says="pyjwt 2.1.1 was taken back by its author: broken wheel",
        ),
        Bad(
            {"requirements.txt": "flask-script==2.0.6\n"},
            given=_index(Known(PYPI, "flask-script", exists=True, last=datetime(2017, 4, 1, tzinfo=UTC))),
            says="flask-script had its last release in April 2017",
        ),
        Good(
            {"requirements.txt": "flask==3.0.0\n"},
            given=_index(Known(PYPI, "flask", exists=True, last=datetime(2026, 4, 1, tzinfo=UTC))),
        ),
        Good({"requirements.txt": "flask==3.0.0\n"}, says="package_index", outcome=Outcome.NOT_CHECKED),
        Good(
            {"notes.md": "nothing to install"},
            given={"package_index": IndexAnswer(_NOW)},
            outcome=Outcome.NOT_APPLICABLE,
        ),
    ),
)


@check.detect
def detect(dependencies: Dependencies, index: PackageIndex) -> Iterator[Finding]:
    """Yield, as advice, what the authors of the packages that the app asks for say, or do not say any more."""
    if not dependencies.files:
        raise NotApplicable("no file names any package")
    unanswered = []
    for one in index.named:
        key = (one.ecosystem, one.name)
        known = index.known.get(key)
        if known is None and one.dependency is not None:
            unanswered.append(f"{one.name}: {index.unanswered.get(key, 'the index was not asked')}")
        elif known is not None and one.dependency is not None:
            yield from _told(one, known, index.at)
    if unanswered:
        raise NotChecked(reasons(unanswered, 1))


def _told(one: Named, known: Known, at: datetime) -> Iterator[Finding]:
    for version, reason in known.withdrawn:
        why = f": {_short(reason)}" if reason else ""
        yield _finding(one, "taken-back", f"{one.name} {version} was taken back by its author{why}", version)
    if known.deprecated:
        yield _finding(one, "given-up", f"{one.name} is given up by its author: {_short(known.deprecated)}", None)
    elif known.last is not None and at - known.last > SILENT:
        yield _finding(one, "silent", f"{one.name} had its last release in {known.last:%B %Y}", None)


def _short(notice: str) -> str:
    """Return the beginning of what an author says, on one line."""
    line = " ".join(notice.split())
    return line if len(line) <= _LONGEST_NOTICE else f"{line[: _LONGEST_NOTICE - 2]} …"


def _finding(one: Named, kind: str, what: str, version: str | None) -> Finding:
    return Finding(
        what,
        one.path,
        one.line,
        kind,
        blocking=False,
        package=Package(one.ecosystem, one.name, version),
        identity=f"{kind}:{one.ecosystem}:{one.name}",
    )
