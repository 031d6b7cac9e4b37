"""Every example of every check is run: they are the checks' tests and the documentation's samples."""

from __future__ import annotations

import msgspec
import pytest

from checks.check import Check, Example, all_checks
from checks.evaluate import ask
from checks.example import facts_of, run_example
from checks.model import Outcome
from checks.plugins import FAMILIES

CASES = [
    pytest.param(check, example, id=f"{check.id}-{number}")
    for check in all_checks()
    for number, example in enumerate(check.examples)
]


@pytest.mark.parametrize(("check", "example"), CASES)
def test_example_is_answered_as_it_says(check: Check, example: Example) -> None:
    """A check fails on its bad examples, at the line and in the words they name, and on no good one."""
    result = run_example(check, example)
    told = [(finding.line, finding.message) for finding in result.findings]
    if example.outcome is Outcome.FAILED:
        assert result.outcome is Outcome.FAILED, (result.reason, told)
        first = result.findings[0]
        assert example.says in first.message, told
        assert example.line in (None, first.line), told
    else:
        assert result.outcome is example.outcome, (result.reason, told)
        assert example.says in (result.reason or ""), result.reason


@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.id)
def test_check_is_documented_and_shown_both_ways(check: Check) -> None:
    """A check says what it asks and how to mend it, and shows a fault and a sound case."""
    outcomes = {example.outcome for example in check.examples}
    assert Outcome.FAILED in outcomes
    assert outcomes - {Outcome.FAILED}
    assert check.title
    assert len(check.title) < 120
    assert check.section("How to fix")
    assert len(check.section("Fix prompt")) > 100
    assert check.family in FAMILIES
    assert check.wants


@pytest.mark.parametrize(("check", "example"), CASES)
def test_fingerprints_name_their_findings_apart(check: Check, example: Example) -> None:
    """No two findings of a report share a fingerprint, and running again gives the same ones: no key goes in."""
    first, second = run_example(check, example), run_example(check, example)
    prints = [finding.fingerprint for finding in first.findings]
    assert len(set(prints)) == len(prints)
    assert all(len(each) == 32 and int(each, 16) >= 0 for each in prints)
    assert msgspec.json.encode(first) == msgspec.json.encode(second)
    assert all(not finding.source for finding in first.findings)


def test_a_file_that_its_reader_refuses_was_not_read() -> None:
    """In memory as in the worker, what nobody wrote as the language of its name is no pass and no crash."""
    facts = facts_of({"app.py": "[" * 60_000})
    answers = [ask(check, facts) for check in all_checks()]
    told = {one.check: one.outcome for one in answers if "app.py was not read" in (one.reason or "")}
    assert set(told.values()) == {Outcome.NOT_CHECKED}
    assert {"injection", "open-route", "does-not-build", "no-backups"} <= told.keys()
