"""A report as JSON: what scorers and other programs read of it."""

from datetime import UTC, datetime

import pytest

from checks.model import Context, Finding, Outcome, Placement, Report
from checks.policy import load
from checks.report_json import to_json
from checks.verdict import judge
from tests.checks.results import finding, result

MILD, GRAVE = finding(allows=Placement.ISOLATED), finding(allows=Placement.SANDBOX)


@pytest.mark.parametrize(
    ("outcome", "findings", "allows"),
    [
        (Outcome.FAILED, (MILD,), "isolated"),
        (Outcome.FAILED, (MILD, GRAVE), "sandbox"),
        (Outcome.FAILED, (MILD, finding()), "nowhere"),
        (Outcome.FAILED, (MILD, finding(blocking=False)), "isolated"),
        (Outcome.FAILED, (finding(blocking=False),), "nowhere"),
        (Outcome.NOT_CHECKED, (MILD,), "nowhere"),
        (Outcome.PASSED, (), "nowhere"),
    ],
)
def test_a_failed_result_allows_what_its_findings_leave(
    outcome: Outcome, findings: tuple[Finding, ...], allows: str
) -> None:
    """A failed result allows the worst of its blocking findings; every other one what its check allows."""
    answers = (result("open-route", outcome, *findings, allows=Placement.NOWHERE),)
    verdict = judge(answers, Context(), load())
    told = to_json(Report("app", None, datetime.now(UTC), 0.0, answers, verdict))
    assert [one["allows"] for one in told["results"]] == [allows]
    assert not any("source" in one for one in told["results"][0]["findings"])
