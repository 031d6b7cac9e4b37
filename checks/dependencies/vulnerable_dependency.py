"""
The app runs a package version with a known vulnerability.

Published faults are what attackers try first: the request that exploits them is public, and scanners send it to every
address they find. Packages that no lock file pins are reported as not checked, unless every version that their range
allows is a vulnerable one.
What holds an app back is a fault that its users can reach: critical ones in packages it asks for itself keep it in the
sandbox, other high and critical ones out of production. Lower ones, those that no user reaches, and tools that only
developers run, are advice.

## How to fix
Raise the package to the version the finding names, in the manifest, and let the installer write the lock file again
(`uv lock --upgrade-package NAME`, `poetry update NAME`, `npm install NAME@VERSION`). Where the package comes in through
another one, raise that one. Where no version mends it yet, replace the package or leave out the feature that needs it.

## Fix prompt
The packages listed below have known vulnerabilities, each with the version that mends it. Raise each to at least that
version in the manifest, regenerate the lock file with the installer, and for packages that come in through another one
raise that one. Read the changelogs of major upgrades and adapt the code. Run the tests afterwards. Do not remove the
lock file, and do not loosen any version.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from checks.check import Bad, Check, Good, NotApplicable, NotChecked
from checks.facts.packages.advisories import Advisories, Fault, Vulnerable
from checks.facts.packages.advisory import Advisory, Affected, Answer, Span
from checks.facts.packages.dependencies import Dependencies, Dependency
from checks.facts.packages.packages import NPM, PYPI
from checks.facts.packages.undeclared import Undeclared
from checks.model import Confidence, Finding, Outcome, Package, Placement, Severity
from checks.sentences import names

_LONGEST_SUMMARY = 160
_MOST_IDS = 3
_FAULT = re.compile(
    r"vulnerab|attack|inject|bypass|leak|disclos|denial|overflow|travers|arbitrary|exploit|malicious|pollution|forge"
    r"|redos|redirect|allows? |crafted|memory|sandbox|escape| (can|could|may|might) ",
    re.IGNORECASE,
)

_KNOWN = {
    "advisories": Answer(
        "the examples",
        datetime(2026, 1, 1, tzinfo=UTC),
        (PYPI, NPM),
        (
            Advisory(
                "GHSA-562c-5r94-xh97",
                ("CVE-2018-1000656", "PYSEC-2018-66"),
                "JSON in an unexpected encoding exhausts memory",
                "high",
                ("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H",),
                (Affected(PYPI, "flask", (Span("0", "0.12.3"),)),),
            ),
            Advisory(
                "GHSA-jf85-cpcp-j695",
                ("CVE-2019-10744",),
                "defaultsDeep lets a request change what every object inherits",
                "critical",
                ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:H",),
                (Affected(NPM, "lodash", (Span("0", "4.17.12"),)),),
            ),
        ),
    )
}
_LOCK = """{
  "lockfileVersion": 3,
  "packages": {
    "": {"dependencies": {"async": "^2.6.0"}},
    "node_modules/async": {"version": "2.6.0", "dependencies": {"lodash": "^4.14.0"}},
    "node_modules/lodash": {"version": "4.17.4"}
  }
}
"""

check = Check(
    __name__,
    severity=Severity.CRITICAL,
    allows=Placement.SANDBOX,
    examples=(
        Bad(
            {"requirements.txt": "requests==2.32.4\nFlask[async]==0.12.2  # the web\n"},
            given=_KNOWN,
            says="flask 0.12.2 has CVE-2018-1000656: JSON in an unexpected encoding exhausts memory; fixed in 0.12.3",
            line=2,
        ),
        Bad({"package-lock.json": _LOCK}, given=_KNOWN, says="it comes in through async", line=6),
        Bad(
            {"package.json": '{"dependencies": {"lodash": "~4.16.0"}}'},
            given=_KNOWN,
            says="lodash ~4.16.0 allows only versions of which each has CVE-2019-10744",
        ),
        Good({"requirements.txt": "flask==2.3.2\nwerkzeug==2.3.8\n"}, given=_KNOWN),
        Good(
            {"requirements.txt": "flask==2.3.2\n"},
            given=_KNOWN,
            says="the packages that its packages bring are not seen",
            outcome=Outcome.NOT_CHECKED,
        ),
        Good(
            {"requirements.txt": "flask>=0.12\n"},
            given=_KNOWN,
            says="flask>=0.12 has no exact version",
            outcome=Outcome.NOT_CHECKED,
        ),
        Good({"requirements.txt": "flask==2.3.2\n"}, says="advisories", outcome=Outcome.NOT_CHECKED),
        Good(
            {"app.py": "import json\nimport flask\n"},
            given=_KNOWN,
            says="app.py:2: the code imports flask, and no file says which packages of PyPI it needs",
            outcome=Outcome.NOT_CHECKED,
        ),
        Good({"notes.md": "nothing to install"}, given=_KNOWN, outcome=Outcome.NOT_APPLICABLE),
    ),
)


@check.detect
def detect(dependencies: Dependencies, advisories: Advisories, undeclared: Undeclared) -> Iterator[Finding]:
    """
    Yield one finding for each vulnerable package and version in a file.

    Packages that the repository gives no version of leave the question open: a lock would settle it, so it counts as
    what a missing lock does.
    """
    if not dependencies.files and not undeclared.uses:
        raise NotApplicable("no file names any package")
    found = False
    for dependency in dependencies.packages:
        if dependency.version is None and dependency.settled is not None:
            continue  # the lock's own entry carries the version
        version = dependency.version or dependency.specifier
        vulnerable = advisories.vulnerable.get((dependency.ecosystem, dependency.name, version))
        if vulnerable is not None:
            found = True
            yield _finding(dependency, vulnerable)
    left_open = (*dependencies.open, *undeclared.open, *advisories.open)
    if left_open:
        raise NotChecked(*left_open, allows=Placement.ISOLATED)
    running = [one for one in dependencies.packages if not one.dev]
    if not found and any(one.library and one.version is None and one.settled is None for one in running):
        raise NotApplicable(
            "this is a package made to be published, and no range of it allows only vulnerable versions: the app that "
            "installs it settles the versions"
        )


def _finding(dependency: Dependency, vulnerable: Vulnerable) -> Finding:
    """Return the finding of *vulnerable* where *dependency* stands; its worst fault decides what it holds back."""
    worst = max((_judge(dependency, fault) for fault in vulnerable.faults), key=_strength)
    severity, allows = worst
    ids = tuple(fault.ids[0] for fault in vulnerable.faults)
    return Finding(
        _message(dependency, vulnerable),
        dependency.path,
        dependency.line,
        severity=severity,
        confidence=Confidence.HIGH if any(fault.severity for fault in vulnerable.faults) else Confidence.MEDIUM,
        blocking=allows is not None,
        allows=allows or Placement.PRODUCTION,
        package=Package(dependency.ecosystem, dependency.name, dependency.version, ids, vulnerable.fixed),
        # Without the version: raising it to one that has the same faults is no news. With the advisories: a new one is.
        identity=":".join((dependency.ecosystem, dependency.name, *sorted(ids))),
    )


def _judge(dependency: Dependency, fault: Fault) -> tuple[Severity, Placement | None]:
    """
    Return how bad *fault* is in *dependency*, and the best place while it stands; None where it holds nothing back.

    A fault that nobody rated counts as high. In a package that others brought in only a fault counts that somebody
    rated high, that the network reaches and that does more than stop the app: the rest (slow expressions, builds of
    hostile code) are many, and few are reachable; they wait for the next upgrade.
    """
    severity = Severity.CRITICAL if fault.malicious else fault.severity or Severity.HIGH
    if dependency.dev and not fault.malicious:
        return severity, None
    if fault.malicious or (severity is Severity.CRITICAL and dependency.direct and fault.remote):
        return severity, Placement.SANDBOX
    reachable = dependency.direct or (fault.severity is not None and fault.remote and not fault.stops_only)
    if severity in {Severity.CRITICAL, Severity.HIGH} and reachable:
        return severity, Placement.ISOLATED
    return severity, None


def _strength(judged: tuple[Severity, Placement | None]) -> tuple[int, int]:
    severity, allows = judged
    return (-allows.rank if allows is not None else -len(Placement), list(Severity).index(severity))


def _message(dependency: Dependency, vulnerable: Vulnerable) -> str:
    ids = [fault.ids[0] for fault in vulnerable.faults]
    worst = vulnerable.faults[0]
    what = "is malicious" if worst.malicious else f"has {names(ids, _MOST_IDS)}"
    if dependency.version is None:
        what = f"allows only versions of which each {what}"
    parts = [f"{dependency.name} {vulnerable.version} {what}"]
    if worst.summary:
        parts[0] += f": {_shortened(worst.summary)}"
    parts.append(f"fixed in {vulnerable.fixed}" if vulnerable.fixed else "no version is known to mend it all")
    if dependency.via:
        parts.append(f"it comes in through {' > '.join(dependency.via)}")
    if dependency.dev:
        parts.append("for development only")
    return "; ".join(parts)


def _shortened(summary: str) -> str:
    """Return the sentence of *summary* that tells the fault: long ones often begin by saying what the package is."""
    sentences = summary.split(". ")
    told = next((one for one in sentences if _FAULT.search(one)), sentences[0]).rstrip(".")
    return told if len(told) <= _LONGEST_SUMMARY else told[: _LONGEST_SUMMARY - 2].rsplit(" ", 1)[0] + " …"
