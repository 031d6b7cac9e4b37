"""Makes results, findings and a small policy for tests of judgement: each names only what it is about."""

from checks.model import Finding, Outcome, Placement, Result, Severity
from checks.policy import Exemption, Place, Policy


def finding(
    message: str = "a fault",
    path: str | None = "app.py",
    line: int | None = 1,
    *,
    fingerprint: str = "f",
    allows: Placement | None = None,
    blocking: bool = True,
) -> Finding:
    """A finding; *allows* None is its check's own."""
    return Finding(message, path, line, allows=allows, blocking=blocking, fingerprint=fingerprint)


def result(
    check: str,
    outcome: Outcome = Outcome.PASSED,
    *findings: Finding,
    allows: Placement = Placement.SANDBOX,
    severity: Severity = Severity.HIGH,
    reason: str | None = None,
) -> Result:
    """A result of *check*, which allows the sandbox unless said otherwise."""
    if reason is None and outcome in {Outcome.NOT_CHECKED, Outcome.NOT_APPLICABLE}:
        reason = "it was out of sight"
    return Result(check, "exposure", outcome, severity, allows, reason, findings, check)


def policy(
    *checks: str,
    looked_at: dict[Placement, tuple[str, ...]] | None = None,
    milder: tuple[Exemption, ...] = (),
    stricter: tuple[Exemption, ...] = (),
) -> Policy:
    """A policy that knows *checks* and asks for all of them before production."""
    asked = {Placement.PRODUCTION: ("*",), **(looked_at or {})}
    places = {place: Place(f"the {place}", "Here.", "", "Ask.", "Us.", asked.get(place, ())) for place in Placement}
    return Policy(places, milder, stricter, frozenset(checks))
