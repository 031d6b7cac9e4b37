"""
The app's packages are not pinned: every build may install other versions than the ones that were tried.

A range such as `fastapi>=0.100`, with no lock file that says which version it means, is settled anew at each build. The
app that was tested is then not the app that runs: a release of any package, its own or a hijacked one, goes straight to
users, a roll-back does not bring back what ran before, and nobody can say which known vulnerabilities it has. A package
made to be published is not judged by its ranges: the app that installs it pins.

## How to fix
Commit a lock file: `uv lock` or `poetry lock` for pyproject.toml, `npm install` (and no `package-lock=false` in .npmrc)
for package.json, `uv pip compile requirements.in -o requirements.txt` for requirements files. Build from it: `uv sync
--locked`, `npm ci`, `pip install -r requirements.txt`.

## Fix prompt
Pin every package of this app. If there is a pyproject.toml, create and commit uv.lock with `uv lock`; if there are only
requirements files, move their lines to requirements.in and compile requirements.txt with `uv pip compile
--generate-hashes`; if there is a package.json, create and commit its lock file with the package manager in use, and
take `package-lock=false` out of .npmrc and lock files out of .gitignore. Change build scripts and Dockerfiles to
install from the lock file only. Do not change which packages are used.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import Bad, Check, Good, NotApplicable, NotChecked
from checks.facts.packages.dependencies import Dependencies, Dependency
from checks.facts.packages.manifests.unread import BINARY_LOCK
from checks.facts.packages.undeclared import Undeclared
from checks.facts.tier import is_run_by_hand
from checks.model import Finding, Outcome, Placement, Severity
from checks.sentences import names, reasons

_MOST_NAMES = 4

_NEXT = '{\n  "private": true,\n  "dependencies": {\n    "next": "^14.0.0"\n  }\n}\n'
_LOCK = '{"lockfileVersion": 3, "packages": {"": {}, "node_modules/next": {"version": "14.2.3"}}}'

check = Check(
    __name__,
    severity=Severity.MEDIUM,
    allows=Placement.ISOLATED,
    examples=(
        Bad(
            {"requirements.txt": "uvicorn==0.30.0\nfastapi>=0.100\nhttpx\n"},
            says="2 of 3 packages have no exact version: fastapi>=0.100, httpx",
            line=2,
        ),
        Bad({"package.json": _NEXT}, says="next ^14.0.0", line=4),
        Bad({"app.py": "import json\nimport flask\n"}, says="the code imports flask, and no file says", line=2),
        Good({"requirements.txt": "fastapi==0.111.0\r\nhttpx[http2]==0.27.0  # calls\r\n"}),
        Good({"package.json": _NEXT, "package-lock.json": _LOCK}),
        Good({"requirements.txt": "-c constraints.txt\nflask\n", "constraints.txt": "flask==3.0.3\n"}),
        Good(
            {
                "pyproject.toml": '[build-system]\nrequires = ["hatchling"]\n[project]\nname = "lib"\n'
                'dependencies = ["httpx>=0.27"]\nclassifiers = ["Framework :: AsyncIO"]\n'
            },
            outcome=Outcome.NOT_APPLICABLE,
        ),
        Good({"package.json": _NEXT.replace("^", "")}),  # that nothing locks the rest is missing-lockfile's to say
        Good({"package.json": _NEXT, "bun.lockb": ""}, says="binary lock is not read", outcome=Outcome.NOT_CHECKED),
        Good(
            {"requirements.txt": "git+https://example.org/x\n"},
            says="an address of its own",
            outcome=Outcome.NOT_CHECKED,
        ),
        Good({"notes.md": "nothing to install"}, outcome=Outcome.NOT_APPLICABLE),
    ),
)


@check.detect
def detect(dependencies: Dependencies, undeclared: Undeclared) -> Iterator[Finding]:
    """Yield one finding for each manifest that leaves versions open, or has no lock, or is missing altogether."""
    if not dependencies.files and not undeclared.uses:
        raise NotApplicable("no file names any package, and the code imports none")
    yield from _without_manifest(undeclared)
    by_file: dict[str, list[Dependency]] = {}
    for dependency in dependencies.packages:
        if not dependency.locked and not dependency.library:
            by_file.setdefault(dependency.path, []).append(dependency)
    if not by_file and any(dependency.library for dependency in dependencies.packages):
        raise NotApplicable("this is a package made to be published: its ranges are right, the app that uses it pins")
    for path, asked in by_file.items():
        yield from _of_file(path, asked)
    if dependencies.open:
        raise NotChecked(reasons(dependencies.open, 1), allows=Placement.ISOLATED)


def _without_manifest(undeclared: Undeclared) -> Iterator[Finding]:
    for ecosystem in dict.fromkeys(use.ecosystem for use in undeclared.uses):
        uses = [use for use in undeclared.uses if use.ecosystem == ecosystem]
        imported = names([use.name for use in uses], _MOST_NAMES)
        yield Finding(
            f"the code imports {imported}, and no file says which packages of {ecosystem} it needs",
            uses[0].path,
            uses[0].line,
            "undeclared",
            identity=ecosystem,
        )


def _of_file(path: str, asked: list[Dependency]) -> Iterator[Finding]:
    # What bun's binary lock settles is among what is left open.
    unpinned = [
        one
        for one in asked
        if one.direct and one.version is None and one.settled is None and not (one.lock or "").endswith(BINARY_LOCK)
    ]
    if unpinned:
        # A script's own list is not what runs in front of users.
        running = [one for one in unpinned if not one.dev and not is_run_by_hand(path)]
        named = running or unpinned
        shown = names([one.as_written for one in named], _MOST_NAMES)
        yield Finding(
            f"{len(named)} of {len(asked)} packages have no exact version: {shown}",
            path,
            named[0].line,
            "range",
            Severity.MEDIUM if running else Severity.LOW,
            blocking=bool(running),
            allows=Placement.ISOLATED if running else Placement.PRODUCTION,
            identity="range",
        )
