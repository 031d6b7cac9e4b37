"""
The nouns of a check: findings, results, reports, verdicts and the context that a verdict is judged in.

Everything here is a frozen value that survives JSON both ways (msgspec), imports nothing of ours, and decides nothing.
Finding, result, rule and baseline follow SARIF 2.1.0's meanings; Outcome adds what SARIF lacks: *not checked* is never
a pass.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Outcome(StrEnum):
    """What became of one check."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not_applicable"  # with why, and only on a complete listing
    NOT_CHECKED = "not_checked"  # with why; counts against the app


class Severity(StrEnum):
    """How bad the fault is when it is there."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Confidence(StrEnum):
    """How sure a finding is that the fault is there; apart from how bad it would be."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Placement(StrEnum):
    """Where an app may run, worst first; `rank` orders them."""

    NOWHERE = "nowhere"
    SANDBOX = "sandbox"
    ISOLATED = "isolated"
    PRODUCTION = "production"

    @property
    def rank(self) -> int:
        """0 for nowhere to 3 for production."""
        return list(Placement).index(self)


class DataClass(StrEnum):
    """The most sensitive data an app touches, mildest first."""

    NONE = "none"
    INTERNAL = "internal"
    PERSONAL = "personal"
    PAYMENT = "payment"


class Audience(StrEnum):
    """Who uses an app, fewest first."""

    ME = "me"
    TEAM = "team"
    COMPANY = "company"
    CUSTOMERS = "customers"
    ANYONE = "anyone"


class Exposure(StrEnum):
    """From where an app can be reached, fewest places first."""

    HERE = "here"  # only on its builder's machine
    INTERNAL = "internal"  # inside the company's network
    LOGIN = "login"  # on the internet, with the company's login in front of every page
    INTERNET = "internet"


@dataclass(frozen=True, slots=True)
class Route:
    """One HTTP route: *method* in capitals ("ANY" for all), *path* as the framework writes it."""

    method: str
    path: str


@dataclass(frozen=True, slots=True)
class Package:
    """One dependency at one version: *ecosystem* as OSV names it (PyPI, npm)."""

    ecosystem: str
    name: str
    version: str | None = None
    advisories: tuple[str, ...] = ()
    fixed: str | None = None  # the lowest version that mends all of *advisories*


@dataclass(frozen=True, slots=True)
class Installed:
    """One package at the version that the app installs; *direct*: asked for by itself; *dev*: for development only."""

    ecosystem: str
    name: str
    version: str
    direct: bool = True
    dev: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One fault at one place.

    A check yields it with what it saw; the runner fills in *fingerprint*, and *severity*, *allows* where the check's
    own hold. A finding may be weaker than its check, never stronger. *blocking* False is advice: it is told, and holds
    nothing back. *identity* is what names the fault better than its line (package and advisory, method and route).
    *fix* says in one imperative sentence without full stop what mends faults of this kind, and is the same for all of
    them; empty: the first step of the check's How to fix.
    *source* is the text of the line with any value masked; it feeds the fingerprint and is never stored.
    """

    message: str
    path: str | None = None
    line: int | None = None  # from 1
    kind: str = ""
    severity: Severity | None = None
    confidence: Confidence = Confidence.HIGH
    blocking: bool = True
    allows: Placement | None = None
    commit: str | None = None
    route: Route | None = None
    package: Package | None = None
    identity: str | None = None
    source: str = ""
    fingerprint: str = ""
    same_value: str | None = None  # keyed HMAC of a secret's value; only where GROUNDCREW_FINGERPRINT_KEY is set
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What one check answered. *allows* is the best placement while its findings stand."""

    check: str
    family: str
    outcome: Outcome
    severity: Severity
    allows: Placement
    reason: str | None = None  # why not applicable or not checked; what was only partly seen
    findings: tuple[Finding, ...] = ()
    title: str = ""
    unseen: tuple[str, ...] = ()  # of a reason that tells of several things that were not seen, each by itself
    unseen_allows: Placement | None = None  # the best place while they are not seen, where that is not *allows*


@dataclass(frozen=True, slots=True)
class AdvisoryData:
    """Which advisory data a report rests on; *date* is the newest change in it."""

    source: str
    date: datetime | None


@dataclass(frozen=True, slots=True)
class Context:
    """What a verdict is judged in. None means *not asked*: it counts as the strictest, and is said."""

    data: DataClass | None = None
    audience: Audience | None = None
    wanted: Placement = Placement.PRODUCTION
    owner_accepted: bool | None = None
    exposure: Exposure | None = None


@dataclass(frozen=True, slots=True)
class HeldBack:
    """One reason why the placement is not the one asked for. *check* is "owner" where nobody accepted the app."""

    check: str
    outcome: Outcome
    reason: str
    allows: Placement
    unseen: tuple[str, ...] = ()  # as of Result


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where the app may run by the evidence, and the shortest way up."""

    placement: Placement
    asked: Placement
    held_back: tuple[HeldBack, ...] = ()  # what stands between the app and *asked*, worst first
    way_up: tuple[str, ...] = ()  # the smallest set of sentences that leads to the next place
    assumed: tuple[str, ...] = ()  # what was not asked, and which answer it counted as
    here: str = ""  # what the place is here: name, link, how to get in, who grants it (policy)
    leads_to: Placement | None = None  # where the app may run once the way up is gone; None where it was not said


@dataclass(frozen=True, slots=True)
class Report:
    """
    One check of one revision. *partial* says in words what could not be read; *suppressed* what hides itself.

    *packages* are those whose version is known; they are kept in rows of their own, and in no JSON.
    """

    repository: str
    revision: str | None
    checked_at: datetime
    duration_s: float
    results: tuple[Result, ...]
    verdict: Verdict
    context: Context = field(default_factory=Context)
    advisories: AdvisoryData | None = None
    partial: tuple[str, ...] = ()
    suppressed: tuple[str, ...] = ()
    packages: tuple[Installed, ...] = ()
    front_page: str | None = None  # the file that stands for the whole, where a reader of findings asks for one
    only: tuple[str, ...] = ()  # the checks that were asked, where not all were: then the verdict says nothing


class CheckError(Exception):
    """
    A repository could not be checked at all; the text is a sentence for the person who asked.

    Subclasses: checks.gather.address.BadAddress, checks.gather.git.Unreadable.
    """
