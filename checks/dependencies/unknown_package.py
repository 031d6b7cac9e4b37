"""
The app asks for a package that does not exist, that appeared days ago, or that is one slip away from a well-known name.

Models invent package names that sound right, and people mistype them. Whoever registers such a name first is installed
into the app, and its code runs on every developer's machine and in every build, with all their keys within reach. The
package index is asked about each name that the app asks for itself; where it gives no answer, nothing was checked. A
name that does not exist breaks the build today and is an open door tomorrow, so it keeps an app from production, not
from a place apart from production's data.

## How to fix
Look the package up: who publishes it, since when, from which repository? Where the name was a slip or an invention, put
the right package in its place and install anew. Where it is a package of your own, give it a scope or an index of its
own, so that nobody outside can take the name.

## Fix prompt
The packages named below do not exist at the package index, are only days old, or imitate a well-known name. For each,
find out what the code wanted from it. If a well-known package does that, replace the name in the manifest and in all
imports; if nothing uses it, remove it. Then install anew and commit the lock file. Do not install the package to try
it, and do not guess another name: show me where you found the right one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from checks.check import Bad, Check, Good, NotApplicable, NotChecked
from checks.facts.packages.dependencies import Dependencies
from checks.facts.packages.index_answer import IndexAnswer, Known, Unanswered
from checks.facts.packages.install_sources import InstallSources
from checks.facts.packages.package_index import Named, PackageIndex
from checks.facts.packages.packages import NPM, PYPI
from checks.facts.packages.slips import is_popular, meant
from checks.model import Confidence, Finding, Outcome, Package, Placement, Severity

#: A new name is given so long for somebody to notice what it does. Most packages made to do harm are found and taken
#: down within weeks (OSV's MAL- records).
YOUNG = timedelta(days=30)
#: A name that imitates another is doubted for longer, and as long as it has next to no history.
_DOUBTED = timedelta(days=365)
_FEW = 2  # releases

_NOW = datetime(2026, 11, 1, tzinfo=UTC)


def _index(*known: Known, unanswered: tuple[Unanswered, ...] = ()) -> dict[str, object]:
    """Return what an example's index answers."""
    return {"package_index": IndexAnswer(_NOW, known, unanswered)}


_OLD = datetime(2020, 1, 1, tzinfo=UTC)

check = Check(
    __name__,
    severity=Severity.HIGH,
    allows=Placement.ISOLATED,
    examples=(
        Bad(
            {"requirements.txt": "fastapi==0.115.0\nfastapi-supabase-auth==1.0.0\n"},
            given=_index(Known(PYPI, "fastapi-supabase-auth", exists=False), Known(PYPI, "fastapi", exists=True)),
            says="there is no package fastapi-supabase-auth at the index of PyPI",
            line=2,
        ),
        Bad(
            {"package.json": '{\n  "dependencies": {\n    "react-quick-auth-kit": "^1.0.0"\n  }\n}\n'},
            given=_index(Known(NPM, "react-quick-auth-kit", exists=True, first=datetime(2026, 10, 29, tzinfo=UTC))),
            says="react-quick-auth-kit appeared 3 days ago",
            line=3,
        ),
        Bad(
            {"requirements.txt": "requets==2.0\n"},
            given=_index(Known(PYPI, "requets", exists=True, first=_OLD, releases=1)),
            says="requets is one slip away from requests, and has 1 release",
            line=1,
        ),
        Good(
            {"requirements.txt": "zope-thing==1.0\n"},
            given=_index(Known(PYPI, "zope-thing", exists=True, first=_OLD, releases=9)),
        ),
        Good({"requirements.txt": "flask==3.0.0\n"}, given=_index(Known(PYPI, "flask", exists=True))),
        Good({"requirements.txt": "odd-thing==3.0.0\n"}, says="package_index", outcome=Outcome.NOT_CHECKED),
        Good(
            {"requirements.txt": "odd-thing==3.0.0\n"},
            given=_index(unanswered=(Unanswered(PYPI, "odd-thing", "the index did not answer in time"),)),
            says="odd-thing: the index did not answer in time",
            outcome=Outcome.NOT_CHECKED,
        ),
        Good({"notes.md": "nothing to install"}, given=_index(), outcome=Outcome.NOT_APPLICABLE),
    ),
)


@check.detect
def detect(dependencies: Dependencies, index: PackageIndex, sources: InstallSources) -> Iterator[Finding]:
    """Yield the names that do not exist, are days old, or imitate another; what nobody answered is not checked."""
    if not dependencies.files:
        raise NotApplicable("no file names any package")
    open_: dict[str, None] = {}
    for one in index.named:
        key = (one.ecosystem, one.name)
        if is_popular(*key):
            continue  # it would not be well known if it did not exist
        known = index.known.get(key)
        if known is None:
            open_[f"{one.name}: {index.unanswered.get(key, 'the index was not asked')}"] = None
        elif not known.exists and one.path in sources.beside:
            open_[f"{one.name}: the usual index has no such package, and {one.path} names another one"] = None
        else:
            yield from _judged(one, known, index.at)
    if sources.elsewhere:
        open_[f"{min(sources.elsewhere)}: its packages come from another index than the usual one"] = None
    if open_:
        raise NotChecked(*open_)


def _judged(one: Named, known: Known, at: datetime) -> Iterator[Finding]:
    """Yield what is wrong with the name *one*; what only code names, or only developers install, is advice."""
    running = one.dependency is not None and not one.dependency.dev
    imitates = meant(one.ecosystem, one.name)
    like = f"; it is one slip away from {imitates}" if imitates else ""
    age = at - known.first if known.first is not None else None
    if not known.exists:
        scoped = one.name.startswith("@")  # a private package of a scope looks like none to those outside
        private = ", or it is private" if scoped else ""
        what = f"there is no package {one.name} at the index of {one.ecosystem}{private}{like}"
        yield _finding(one, "missing", what, sure=not scoped, blocking=running and not scoped)
    elif age is not None and age < YOUNG:
        days = max(age.days, 0)
        what = f"{one.name} appeared {days} day{'' if days == 1 else 's'} ago at the index of {one.ecosystem}{like}"
        yield _finding(one, "young", what, sure=imitates is not None, blocking=running)
    elif imitates and ((age is not None and age < _DOUBTED) or 0 < known.releases <= _FEW):
        releases = f"{known.releases} release{'' if known.releases == 1 else 's'}"
        history = f"has {releases}" if 0 < known.releases <= _FEW else f"appeared {age.days if age else 0} days ago"
        what = f"{one.name} is one slip away from {imitates}, and {history}: is it the one that was meant?"
        yield _finding(one, "imitates", what, sure=False, blocking=running)


def _finding(one: Named, kind: str, what: str, *, sure: bool, blocking: bool) -> Finding:
    version = one.dependency.version if one.dependency is not None else None
    return Finding(
        what,
        one.path,
        one.line,
        kind,
        confidence=Confidence.HIGH if sure else Confidence.MEDIUM,
        blocking=blocking,
        package=Package(one.ecosystem, one.name, version),
        identity=f"{kind}:{one.ecosystem}:{one.name}",
    )
