"""
Nothing fixes which packages a build installs: the lock file is missing, or does not fit what the app asks for.

A manifest names what an app asks for; each of these brings others, often hundreds. Only a lock file says which versions
of all of them were tried. Without one each build settles them anew: the app that runs is not the app that was tested,
and a release that somebody hijacked an hour ago is in the next build. A lock that lacks what the manifest asks for is
no better: `npm ci` and `uv sync --locked` stop, and other commands settle it anew. A package made to be published has
no lock of its own: the app that installs it has one.

## How to fix
Run the package manager once and commit what it writes: `npm install` writes package-lock.json, `uv lock` or `poetry
lock` theirs; for requirements files, `uv pip compile requirements.in -o requirements.txt`. Take lock files out of
.gitignore, and `package-lock=false` out of .npmrc. Keep the lock of one package manager only, and build from it with
`npm ci`, `uv sync --locked` or `pip install -r requirements.txt`.

## Fix prompt
Make this app's builds repeatable. For each manifest named below, run its package manager so that a lock file is written
that fits the manifest, and commit it. Remove lock files from .gitignore and `package-lock=false` from .npmrc. Where
locks of several package managers lie side by side, ask me which one we use, and delete the others. Change Dockerfiles
and build scripts to install from the lock only (`npm ci`, `uv sync --locked`). Do not change which packages are used.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from checks.check import Bad, Check, Good, NotApplicable
from checks.fact import Listing
from checks.facts.packages.bundles import first_missing
from checks.facts.packages.dependencies import Dependencies, Dependency
from checks.facts.packages.ignored_locks import NAMES, IgnoredLocks
from checks.facts.packages.manifests.kinds import MANIFESTS_WITHOUT_REST, kind_of
from checks.facts.packages.packages import NPM, PYPI
from checks.facts.tier import Tier, is_run_by_hand, tier_of
from checks.model import Confidence, Finding, Outcome, Placement, Severity
from checks.sentences import names

_MOST_NAMES = 4
_FIXES = {
    NPM: "Run the package manager once (`npm install`) and commit the lock file that it writes",
    PYPI: "Run `uv lock` or `poetry lock` once and commit what it writes",
}
_COMPILE = "Have the versions of all packages written: `uv pip compile requirements.in -o requirements.txt`"
_AGAIN = "Run the package manager again, so that the lock fits what is asked for, and commit it"
#: Locks of one ecosystem by their tool; of several side by side nobody knows which one a build uses.
_TOOLS = {
    NPM: {"package-lock.json": "npm", "npm-shrinkwrap.json": "npm", "yarn.lock": "Yarn", "pnpm-lock.yaml": "pnpm"}
    | dict.fromkeys(("bun.lock", "bun.lockb"), "bun"),
    PYPI: {"uv.lock": "uv", "poetry.lock": "Poetry", "pdm.lock": "PDM", "Pipfile.lock": "Pipenv"},
}

_NEXT = '{\n  "private": true,\n  "dependencies": {\n    "next": "^14.0.0"\n  }\n}\n'
_LOCK = '{"lockfileVersion": 3, "packages": {"": {}, "node_modules/next": {"version": "14.2.3"}}}'
_VITE = (
    '{\n  "name": "vite_react_shadcn_ts",\n  "private": true,\n  "dependencies": {\n    "react": "^18.3.1",\n'
    '    "@supabase/supabase-js": "^2.49.4"\n  }\n}\n'
)

check = Check(
    __name__,
    severity=Severity.MEDIUM,
    allows=Placement.ISOLATED,
    examples=(
        Bad({"package.json": _NEXT}, says="package.json asks for 1 package, and no lock file", line=4),
        Bad(
            {"package.json": _NEXT, ".gitignore": "node_modules\n*.lock\npackage-lock.json\n"},
            says=".gitignore:3 keeps package-lock.json out",
        ),
        Bad(
            {"package.json": _VITE, "package-lock.json": _LOCK.replace("next", "react").replace("14.2.3", "18.3.1")},
            says="package-lock.json lacks what package.json asks for: @supabase/supabase-js",
            line=6,
        ),
        Bad(
            {"package.json": _NEXT.replace("14", "15"), "package-lock.json": _LOCK},
            says="package-lock.json has next 14.2.3, which package.json does not allow (next ^15.0.0)",
            line=4,
        ),
        Bad({"requirements.txt": "flask>=3\nopenai\n"}, says="no lock file", line=1),
        Bad({"requirements.txt": "flask==3.0.0\n"}, says="names flask but not werkzeug, which it brings", line=1),
        Bad(
            {"package.json": _NEXT, "package-lock.json": _LOCK, "bun.lockb": ""},
            says="Lock files of npm and bun lie side by side",
        ),
        Good({"package.json": _NEXT, "package-lock.json": _LOCK}),
        Good({"package.json": _NEXT, "bun.lockb": ""}),
        Good({"requirements.in": "flask\n", "requirements.txt": "flask==3.0.0\nwerkzeug==3.0.0\n"}),
        Good(
            {
                "pyproject.toml": '[build-system]\nrequires = ["hatchling"]\n[project]\nname = "lib"\n'
                'dependencies = ["httpx>=0.27"]\nclassifiers = ["Framework :: AsyncIO"]\n'
            },
            outcome=Outcome.NOT_APPLICABLE,
        ),
        Good({"notes.md": "nothing to install"}, outcome=Outcome.NOT_APPLICABLE),
    ),
)


@check.detect
def detect(dependencies: Dependencies, ignored: IgnoredLocks, listing: Listing) -> Iterator[Finding]:
    """Yield one finding for each manifest of an app that no lock settles, or whose lock does not fit it."""
    by_file: dict[str, list[Dependency]] = {}
    for one in dependencies.packages:
        # What the repository holds itself, and versions set for what others bring, need no entry.
        if not one.locked and one.direct and (one.ecosystem, one.name) not in dependencies.own:
            by_file.setdefault(one.path, []).append(one)
    if not by_file:
        raise NotApplicable("no file asks for any package")
    apps = {path: asked for path, asked in by_file.items() if not any(one.library for one in asked)}
    if not apps:
        raise NotApplicable("this is a package made to be published: the app that installs it has the lock")
    read = frozenset(one.path for one in dependencies.packages if one.locked)
    pinned = {one.name for one in dependencies.packages if one.ecosystem == PYPI and not one.dev}
    for path, asked in apps.items():
        found = _without(path, asked, ignored, pinned) if asked[0].lock is None else _out_of_step(path, asked, read)
        # A script's own list, like what only developers install, is not what runs in front of users.
        running = any(not one.dev for one in asked) and not is_run_by_hand(path)
        for finding in found:
            yield finding if running or not finding.blocking else _milder(finding)
    yield from _several(listing)


def _without(path: str, asked: list[Dependency], ignored: IgnoredLocks, pinned: set[str]) -> Iterator[Finding]:
    """Yield the finding of a manifest that no lock stands beside; a requirements file may be one itself."""
    first = next((one for one in asked if not one.dev), asked[0])
    open_ = [one for one in asked if one.version is None and one.settled is None]
    if not path.endswith(MANIFESTS_WITHOUT_REST) and not open_:
        missing = first_missing([one.name for one in asked], pinned)
        if missing is not None:
            yield Finding(
                f"{path} names {missing[0]} but not {missing[1]}, which it brings: what its packages need is settled "
                "anew at each build",
                path,
                next(one.line for one in asked if one.name == missing[0]),
                "no-lock",
                Severity.LOW,
                blocking=False,
                identity="no-lock",
            )
        return
    if not path.endswith(MANIFESTS_WITHOUT_REST) and all(one.settled for one in asked if one.version is None):
        return
    kept_out = ignored.for_folder(posixpath.dirname(path))
    tools = _TOOLS[first.ecosystem]
    where = next((f"; {kept_out[name]} keeps {name} out" for name in tools if name in kept_out), "")
    count = "1 package" if len(asked) == 1 else f"{len(asked)} packages"
    yield Finding(
        f"{path} asks for {count}, and no lock file says which versions of them, and of what they bring, are "
        f"installed{where}",
        path,
        first.line,
        "no-lock",
        identity="no-lock",
        fix=_FIXES[first.ecosystem] if path.endswith(MANIFESTS_WITHOUT_REST) else _COMPILE,
    )


def _out_of_step(path: str, asked: list[Dependency], read: frozenset[str]) -> Iterator[Finding]:
    """Yield how the lock of a manifest does not fit it; a lock that could not be read lacks nothing."""
    lock = asked[0].lock or ""
    if lock not in read:
        return
    # A lock left behind in a folder of a workspace whose own lock stands above: builds read that one.
    sole = not any(one != lock and _is_above(one, path, asked[0].ecosystem) for one in read)
    lacking = [one for one in asked if one.settled is None and one.lock == lock]
    if kind_of(path) == "requirements":
        yield from _two_lists(path, asked)
        return
    if lacking:
        lacks = names([one.name for one in lacking], _MOST_NAMES)
        running = [one for one in lacking if not one.dev]
        yield Finding(
            f"{lock} lacks what {path} asks for: {lacks}; a build stops there, or settles it anew",
            path,
            (running or lacking)[0].line,
            "out-of-step",
            blocking=bool(running) and sole,
            identity="lacking",
            fix=_AGAIN,
        )
    astray = [one for one in asked if one.astray is not None]
    for one in astray[:1]:
        more = f", and {len(astray) - 1} more" if len(astray) > 1 else ""
        yield Finding(
            f"{one.settled} has {one.name} {one.astray}, which {path} does not allow ({one.as_written}){more}; a build "
            "stops there, or settles it anew",
            path,
            one.line,
            "out-of-step",
            confidence=Confidence.MEDIUM,
            blocking=sole and any(not each.dev for each in astray),
            identity="astray",
            fix=_AGAIN,
        )


def _is_above(lock: str, path: str, ecosystem: str) -> bool:
    folder, name = posixpath.split(lock)
    return name in _TOOLS[ecosystem] and (not folder or path.startswith(f"{folder}/"))


def _two_lists(path: str, asked: list[Dependency]) -> Iterator[Finding]:
    """Yield, as advice, a requirements file that names other versions than the lock above it."""
    astray = [one for one in asked if one.astray is not None]
    for one in astray[:1]:
        more = f", and {len(astray) - 1} more differ" if len(astray) > 1 else ""
        yield Finding(
            f"{path} asks for {one.as_written}, {one.settled} has {one.astray}{more}: what runs depends on which "
            "of the two a build reads",
            path,
            one.line,
            "two-lists",
            Severity.LOW,
            blocking=False,
            identity="two-lists",
        )


def _several(listing: Listing) -> Iterator[Finding]:
    """Yield the folders that hold locks of more than one package manager of a language, as advice."""
    folders: dict[str, set[str]] = {}
    for path in listing.paths:
        folder, name = posixpath.split(path)
        if name in NAMES and kind_of(path) is not None and tier_of(posixpath.join(folder, "manifest")) is Tier.CODE:
            folders.setdefault(folder, set()).add(name)
    for folder, locks in sorted(folders.items()):
        for tools in _TOOLS.values():
            held = {tools[name]: name for name in tools if name in locks}
            if len(held) > 1:
                *others, last = held
                yield Finding(
                    f"Lock files of {', '.join(others)} and {last} lie side by side: nobody knows which one a build "
                    "installs from, and only one of them is kept up to date",
                    posixpath.join(folder, held[last]),
                    None,
                    "several-locks",
                    Severity.LOW,
                    blocking=False,
                    identity="several",
                )


def _milder(finding: Finding) -> Finding:
    """Return *finding* as advice: what only developers install is not what runs."""
    return Finding(
        finding.message,
        finding.path,
        finding.line,
        finding.kind,
        Severity.LOW,
        finding.confidence,
        blocking=False,
        identity=finding.identity,
    )
