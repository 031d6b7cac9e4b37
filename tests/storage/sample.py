"""What the tests of storage keep: an app, an owner, a page and a report, with what a test changes about them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from checks.model import (
    AdvisoryData,
    Context,
    Finding,
    HeldBack,
    Outcome,
    Package,
    Placement,
    Report,
    Result,
    Route,
    Severity,
    Verdict,
)
from storage.model import App, Page, Step
from storage.names import name_key

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def an_app(name: str = "billing-bot", **fields: Any) -> App:
    """Give an app, with its id made of its name."""
    app = App(f"id-{name}"[:32], name, name_key(name), f"https://github.com/acme/{name}", "U1", NOW)
    return replace(app, **fields)


def a_page(app: App, page_id: str = "p1", **fields: Any) -> Page:
    """Give a page to the owner, then the reliability channel, due at once."""
    steps = (
        Step("owner", "U1", timedelta(minutes=5)),
        Step("reliability", "C9", timedelta(minutes=10)),
    )
    return replace(Page(page_id, app.id, "it is down", "U2", "C1", NOW, steps, due_at=NOW), **fields)


def a_report(*findings: Finding, at: datetime = NOW, **fields: Any) -> Report:
    """Give a report of two checks, of which one failed where there are *findings*."""
    failed = Outcome.FAILED if findings else Outcome.PASSED
    results = (
        Result("open-route", "exposure", failed, Severity.HIGH, Placement.SANDBOX, None, findings, "A route is open"),
        Result("no-ci", "delivery", Outcome.NOT_CHECKED, Severity.MEDIUM, Placement.ISOLATED, "no token"),
    )
    held = (HeldBack("open-route", Outcome.FAILED, "POST /refund", Placement.SANDBOX),) if findings else ()
    verdict = Verdict(Placement.SANDBOX if findings else Placement.ISOLATED, Placement.PRODUCTION, held, ("Guard it",))
    report = Report("https://github.com/acme/x", "a" * 40, at, 1.5, results, verdict, Context())
    return replace(report, advisories=AdvisoryData("osv", at), partial=("a.py: too large",), **fields)


def a_finding(fingerprint: str = "f1", **fields: Any) -> Finding:
    """Give a finding with every kind of detail."""
    finding = Finding("POST /refund is open", "src/api.py", 18, severity=Severity.HIGH, fingerprint=fingerprint)
    package = Package("PyPI", "flask", "1.0", ("GHSA-1",), "2.0")
    return replace(finding, route=Route("POST", "/refund"), package=package, **fields)
